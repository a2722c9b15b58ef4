import nn

module M():
    fc = nn.Linear(4, "10")
    act = nn.GELU("tahn")

    def forward(x: f32[N, 4]):
        return act(fc(x))

export m = M()
