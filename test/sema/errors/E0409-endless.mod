module M(n: int):
    inner = M(n + 1)

    def forward(x: f32[N, 4]):
        return inner(x)

export m = M(0)
