module M():
    for i in 3:
        pass

    def forward(x: f32[N, 4]):
        return x

export m = M()
