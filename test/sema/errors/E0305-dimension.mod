module M(width: int):
    param w: f32[widht] = ones

    def forward(x: f32[N, width]):
        return x * w

export m = M(4)
