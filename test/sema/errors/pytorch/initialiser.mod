# E0201 at `xavier_uniform`: an initialiser without its file
import nn

module Cell(inp: int, hidden: int):
    param weight_ih: f32[4 * hidden, inp] = xavier_uniform
    param weight_hh: f32[4 * hidden, hidden] = zeros

    def forward(x: f32[N, inp], h: f32[N, hidden]):
        return x @ weight_ih.T + h @ weight_hh.T

export cell = Cell(32, 64)
