import nn

module M():
    fc = nn.Linear(4, 4)

    def forward(x: f32[N, 4]):
        return fc.forward(x)

export m = M()
