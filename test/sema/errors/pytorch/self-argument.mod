# E0151 at `self`: `self` left in the list of arguments
import nn

module FeedForward(dim: int, hidden: int):
    self.up = nn.Linear(dim, hidden)
    self.down = nn.Linear(hidden, dim)
    self.act = nn.GELU()

    def forward(self, x: f32[N, S, dim]):
        return self.down(self.act(self.up(x)))

export ffn = FeedForward(256, 1024)
