# E0307 at `nn.MultiheadAttention(dim, heads, batch_first=True)`: heads that do not divide the width, found in the library
import nn

module Encoder(dim: int, heads: int):
    attn = nn.MultiheadAttention(dim, heads, batch_first=True)
    norm = nn.LayerNorm(dim)

    def forward(x: f32[N, S, dim]):
        y, _ = attn(x, x, x)
        return norm(x + y)

export encoder = Encoder(100, 8)
