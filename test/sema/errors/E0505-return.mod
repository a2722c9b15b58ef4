import nn

module M():
    fc = nn.Linear(4, 4)

    def forward(x: f32[N, 4]):
        y = fc(x)

export m = M()
