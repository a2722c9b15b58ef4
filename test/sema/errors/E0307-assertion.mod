module M(dim: int, heads: int):
    assert dim % heads == 0, "dim {dim} must be divisible by heads {heads}"

    def forward(x: f32[N, dim]):
        return x

export m = M(10, 3)
