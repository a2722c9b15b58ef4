module M():
    def forward(x: f32[S, 4]):
        for i in range(4):
            if x[0, i] > 0:
                return x
        return -x

export m = M()
