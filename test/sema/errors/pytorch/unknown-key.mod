# E0202 at `"first"`: a dict of layers asked for a layer that it lacks
import nn

module Two(dim: int):
    blocks = {"frist": nn.Linear(dim, dim), "second": nn.Linear(dim, dim)}

    def forward(x: f32[N, dim]):
        return blocks["second"](blocks["first"](x))

export two = Two(8)
