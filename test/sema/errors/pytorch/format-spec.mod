# E0108 at `:.1f`: a format specifier in a string
import nn

module Attention(dim: int, heads: int):
    assert dim % heads == 0, f"head width {dim / heads:.1f} is not whole"
    qkv = nn.Linear(dim, 3 * dim)

    def forward(x: f32[N, S, dim]):
        q, k, v = qkv(x).chunk(3, -1)
        return q + k + v

export attention = Attention(64, 8)
