module M():
    let n = 0
    while True:
        n = n + 1

    def forward(x: f32[N, 4]):
        return x

export m = M()
