import nn

module M():
    fc = nn.Linear(4, 4)
    param fc: f32[3] = ones

    def forward(x: f32[N, 4]):
        return fc(x)

export m = M()
