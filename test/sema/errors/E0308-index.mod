module M():
    def forward(x: f32[N, 3], mask: bool[N, 3]):
        a = x[:, 3]
        b = x[mask]
        c = x[0, 0, 0]
        return x

export m = M()
