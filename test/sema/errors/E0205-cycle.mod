a = b + 1
b = a + 1

module M():
    def forward(x: f32[a]):
        return x

export m = M()
