# E0509 at `"layer.{i}"`: a dot in the name of a child
import nn

module Stack(dim: int, depth: int):
    for i in range(depth):
        self["layer.{i}"] = nn.Linear(dim, dim)

    def forward(x: f32[N, dim]):
        for i in range(depth):
            x = relu(self["layer.{i}"](x))
        return x

export stack = Stack(64, 3)
