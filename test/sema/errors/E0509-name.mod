import nn

module M():
    self["a.b"] = nn.Linear(4, 4)

    def forward(x: f32[N, 4]):
        return x

export m = M()
