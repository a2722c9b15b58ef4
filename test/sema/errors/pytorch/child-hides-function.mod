# E0402 at `2`: a child that hides a function
import nn

module Cosine(dim: int):
    norm = nn.LayerNorm(dim)
    fc = nn.Linear(dim, dim)

    def forward(x: f32[N, dim]):
        y = fc(norm(x))
        return y / norm(y, 2, -1, True)

export cosine = Cosine(8)
