module M():
    param w: float32[3] = ones

    def forward(x: f32[3]):
        return x * w

export m = M()
