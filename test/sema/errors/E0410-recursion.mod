def f(x):
    return f(x) + 1

module M():
    def forward(x: f32[N, 4]):
        return f(x)

export m = M()
