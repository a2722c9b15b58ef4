# E0413 at `q, k, v`: three names for two parts
import nn

module Attention(dim: int):
    qkv = nn.Linear(dim, 2 * dim)

    def forward(x: f32[N, S, dim]):
        q, k, v = qkv(x).chunk(2, -1)
        return (q @ k.transpose(1, 2)).softmax(-1) @ v

export attention = Attention(64)
