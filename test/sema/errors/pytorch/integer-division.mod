# E0412 at `dim / heads`: a width divided with `/`
import nn

module Heads(dim: int, heads: int):
    param rel: f32[heads, dim / heads] = zeros
    fc = nn.Linear(dim, dim)

    def forward(x: f32[N, S, dim]):
        return fc(x)

export heads = Heads(64, 4)
