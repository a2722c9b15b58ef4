# E0152 at `__init__`: a module with a constructor of its own
import nn

module Encoder():
    def __init__(self, dim: int, hidden: int):
        self.fc1 = nn.Linear(dim, hidden)
        self.fc2 = nn.Linear(hidden, dim)

    def forward(x: f32[N, 64]):
        return self.fc2(relu(self.fc1(x)))

export encoder = Encoder()
