# E0514 at `register_buffer`: a buffer as PyTorch registers it
import nn

module Positions(dim: int, longest: int):
    proj = nn.Linear(dim, dim)
    register_buffer("table", zeros(longest, dim))

    def forward(x: f32[N, S, dim]):
        return proj(x)

export positions = Positions(64, 512)
