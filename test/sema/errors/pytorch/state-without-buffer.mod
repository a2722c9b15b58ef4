# E0507 at `self.hidden`: state kept in a plain attribute
import nn

module Recurrent(inp: int, hidden_size: int):
    ih = nn.Linear(inp, hidden_size)
    hh = nn.Linear(hidden_size, hidden_size)
    hidden = None

    def forward(x: f32[1, inp]):
        h = tanh(ih(x))
        self.hidden = h
        return h

export recurrent = Recurrent(8, 16)
