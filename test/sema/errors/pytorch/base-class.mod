# E0169 at `nn.Module`: a base class among the constructor arguments
import nn

module Head(nn.Module, dim: int, classes: int):
    norm = nn.LayerNorm(dim)
    fc = nn.Linear(dim, classes)

    def forward(x: f32[N, dim]):
        return fc(norm(x))

export head = Head(512, 10)
