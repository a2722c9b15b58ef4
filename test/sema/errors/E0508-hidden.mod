module M(bias: bool = True):
    param bias: f32[4] = zeros if bias

    def forward(x: f32[N, 4]):
        if bias:
            return x + bias
        return x

export m = M()
