module M():
    def forward(x: f32[N, 4]):
        a, b, c = x.chunk(2, 1)
        return a

export m = M()
