import nn

module M():
    a = nn.Linear(4, 5, bias=False)
    b = nn.Linear(4, 6, bias=False)
    b.weight = a.weight

    def forward(x: f32[N, 4]):
        return b(x)

export m = M()
