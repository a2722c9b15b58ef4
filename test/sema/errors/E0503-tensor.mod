module M():
    w = randn(3, 4)

    def forward(x: f32[N, 3]):
        return x @ w

export m = M()
