module M(n: int):
    def forward(x: f32[N, 4]):
        return n(x)

export m = M(3)
