import nn

module M():
    conv = nn.Conv2d(3, 8, 3)

    def forward(x: f32[N, 3, 32, 32]):
        return conv(x)

export m = M()
