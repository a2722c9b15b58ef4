module M():
    let a = 1 + "one"

    def forward(x: f32[N, 4]):
        return x + None

export m = M()
