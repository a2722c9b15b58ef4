# E0511 at `layers(x)`: a list of layers called like a Sequential
import nn

module MLP(dims: list[int]):
    layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(dims[:-1], dims[1:])])

    def forward(x: f32[N, 784]):
        return layers(x)

export mlp = MLP([784, 256, 10])
