# E0507 at `norm`: a local with the name of a child
import nn

module Cosine(dim: int, out: int):
    norm = nn.LayerNorm(dim)
    fc = nn.Linear(dim, out)

    def forward(x: f32[N, dim]):
        norm = x / x.norm(2, -1, True)
        return fc(norm)

export cosine = Cosine(64, 10)
