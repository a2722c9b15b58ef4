# E0514 at `self.register_buffer`: a buffer as PyTorch registers it, with `self`
import nn

module Running(dim: int):
    fc = nn.Linear(dim, dim)
    self.register_buffer("mean", zeros(dim))

    def forward(x: f32[N, dim]):
        return fc(x)

export running = Running(8)
