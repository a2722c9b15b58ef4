# E0508 at `bias`: asking a flag that a parameter hides
import nn

module Projection(inp: int, out: int, bias: bool = True):
    param weight: f32[out, inp] = nn.init.xavier_uniform
    param bias: f32[out] = zeros if bias

    def forward(x: f32[N, inp]):
        y = x @ weight.T
        if bias:
            y = y + bias
        return y

export projection = Projection(8, 16)
