# E0514 at `nn.Parameter`: a parameter made in `forward`, in PyTorch's spelling
import nn

module Bias(dim: int):
    fc = nn.Linear(dim, dim, bias=False)

    def forward(x: f32[N, dim]):
        bias = nn.Parameter(zeros(dim))
        return fc(x) + bias

export bias = Bias(64)
