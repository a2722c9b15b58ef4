# E0302 at `x`: images given to a Linear layer
import nn

module MNIST(hidden: int):
    fc1 = nn.Linear(784, hidden)
    fc2 = nn.Linear(hidden, 10)

    def forward(x: f32[N, 1, 28, 28]):
        return fc2(relu(fc1(x)))

export mnist = MNIST(256)
