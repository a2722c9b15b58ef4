# E0502 at `norm`: one name for two layers
import nn

module EncoderLayer(dim: int, heads: int):
    attn = nn.MultiheadAttention(dim, heads, batch_first=True)
    norm = nn.LayerNorm(dim)
    fc1 = nn.Linear(dim, 4 * dim)
    fc2 = nn.Linear(4 * dim, dim)
    norm = nn.LayerNorm(dim)

    def forward(x: f32[N, S, dim]):
        y, _ = attn(x, x, x)
        x = norm(x + y)
        return norm(x + fc2(relu(fc1(x))))

export layer = EncoderLayer(64, 4)
