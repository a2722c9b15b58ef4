# E0401 at `nn.Linear(dim)`: a Linear layer without its output width
import nn

module Pooler(dim: int):
    dense = nn.Linear(dim)
    act = nn.Tanh()

    def forward(x: f32[N, S, dim]):
        return act(dense(x[:, 0]))

export pooler = Pooler(384)
