import nn

module M():
    fc = nn.Linear(N, 10)

    def forward(x: f32[N, 4]):
        return fc(x)

export m = M()
