# E0150 at `class Encoder(nn.Module)`: a larger class, with two methods and a type hint on a member's argument
import nn
import nn.functional as F

class Encoder(nn.Module):
    def __init__(self, dim: int, heads: int):
        super(Encoder, self).__init__()
        self.attn = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.norm1 = nn.LayerNorm(dim)
        self.norm2 = nn.LayerNorm(dim)
        self.fc1 = nn.Linear(dim, 4 * dim)
        self.fc2 = nn.Linear(4 * dim, dim)

    def feed_forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))

    def forward(self, x):
        y, _ = self.attn(x, x, x)
        x = self.norm1(x + y)
        return self.norm2(x + self.feed_forward(x))

export encoder = Encoder(64, 4)
