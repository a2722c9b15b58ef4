# E0302 at `h`: a width that does not fit, three modules deep
import nn

module FeedForward(dim: int, hidden: int):
    fc1 = nn.Linear(dim, hidden)
    fc2 = nn.Linear(2048, dim)

    def forward(x: f32[N, S, dim]):
        h = fc1(x).gelu()
        return fc2(h)

module Layer(dim: int, hidden: int):
    attn = nn.MultiheadAttention(dim, 8, batch_first=True)
    norm1 = nn.LayerNorm(dim)
    norm2 = nn.LayerNorm(dim)
    ffn = FeedForward(dim, hidden)

    def forward(x: f32[N, S, dim]):
        y, _ = attn(x, x, x)
        x = norm1(x + y)
        return norm2(x + ffn(x))

module Encoder(dim: int, depth: int):
    layers = [Layer(dim, 4 * dim) for i in range(depth)]

    def forward(x: f32[N, S, dim]):
        for layer in layers:
            x = layer(x)
        return x

export encoder = Encoder(256, 4)
