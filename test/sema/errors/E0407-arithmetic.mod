module M():
    let a = 1 // 0
    let b = 2 ** 100

    def forward(x: f32[N, 4]):
        return x

export m = M()
