module M():
    def forward(x: f32[N, 4]):
        if x.sum() > 0:
            return x
        return -x

export m = M()
