# E0163 at `: int`: a type hint on a variable
import nn

module MultiHead(dim: int, heads: int):
    head_dim: int = dim // heads
    qkv = nn.Linear(dim, 3 * dim)

    def forward(x: f32[N, S, dim]):
        return qkv(x).reshape(N, S, 3, heads, head_dim)

export attention = MultiHead(64, 8)
