# E0303 at `+`: a residual of another width
import nn

module Residual(dim: int, out: int):
    fc1 = nn.Linear(dim, 4 * dim)
    fc2 = nn.Linear(4 * dim, out)

    def forward(x: f32[N, dim]):
        return x + fc2(relu(fc1(x)))

export residual = Residual(64, 96)
