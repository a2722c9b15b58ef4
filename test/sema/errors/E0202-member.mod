import nn

module M():
    fc = nn.Linear(4, 10)

    def forward(x: f32[N, 4]):
        return x @ fc.wieght.t()

export m = M()
