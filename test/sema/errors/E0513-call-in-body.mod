import nn

module M():
    fc = nn.Linear(4, 4)
    let y = fc(3)

    def forward(x: f32[N, 4]):
        return x

export m = M()
