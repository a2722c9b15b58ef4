# E0154 at `lambda x: x * x.sigmoid()`: an activation as a lambda
import nn

module MLP(dims: list[int], act: callable):
    layers = [nn.Linear(a, b) for a, b in zip(dims[:-1], dims[1:])]

    def forward(x: f32[N, 16]):
        for layer in layers:
            x = act(layer(x))
        return x

export mlp = MLP([16, 32, 8], lambda x: x * x.sigmoid())
