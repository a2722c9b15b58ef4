# E0411 at `layers[i]`: one layer too many
import nn

module Stack(dim: int):
    layers = [nn.Linear(dim, dim) for i in range(4)]

    def forward(x: f32[N, dim]):
        for i in range(5):
            x = relu(layers[i](x))
        return x

export stack = Stack(16)
