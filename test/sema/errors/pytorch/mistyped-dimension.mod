# E0305 at `hiden`: a misspelt constructor argument in a shape
import nn

module Cell(inp: int, hidden: int):
    param weight_ih: f32[4 * hidden, inp] = nn.init.xavier_uniform
    param weight_hh: f32[4 * hidden, hiden] = nn.init.xavier_uniform
    param bias: f32[4 * hidden] = zeros

    def forward(x: f32[N, inp], h: f32[N, hidden]):
        return x @ weight_ih.T + h @ weight_hh.T + bias

export cell = Cell(32, 64)
