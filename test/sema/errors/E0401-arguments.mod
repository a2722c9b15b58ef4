import nn

module M():
    a = nn.Linear(4)
    b = nn.Linear(4, 5, True, f32, 7)
    c = nn.Linear(4, 5, biass=False)
    d = nn.Linear(4, 5, in_features=3)

    def forward(x: f32[N, 4]):
        return a(x)

export m = M()
