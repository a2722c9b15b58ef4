module M():
    param w: f16[3, 3] = ones

    def forward(x: f32[N, 3]):
        return x @ w

export m = M()
