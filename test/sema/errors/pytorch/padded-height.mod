# E0307 at `assert H % 4 == 0, "height {H} must be a multiple of 4"`: a height that the U-Net cannot halve twice
import nn

module Encoder(H: int):
    assert H % 4 == 0, "height {H} must be a multiple of 4"
    fc = nn.Linear(H, H // 4)

    def forward(x: f32[N, H]):
        return fc(x)

export encoder = Encoder(30)
