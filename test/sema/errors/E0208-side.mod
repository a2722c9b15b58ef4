module M():
    def forward(x: f32[N, 4]):
        if x.sum() > 0:
            y = x * 2
            z = x[:, 0]
        else:
            z = x
        return y + z

export m = M()
