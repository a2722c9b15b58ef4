# E0507 at `scale`: `+=` on a parameter
import nn

module Scaled(dim: int):
    param scale: f32[dim] = ones
    fc = nn.Linear(dim, dim)

    def forward(x: f32[N, dim]):
        scale += x.mean(0)
        return fc(x * scale)

export scaled = Scaled(64)
