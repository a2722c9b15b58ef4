# E0305 at `N`: the batch size in the module's body
import nn

module Normaliser(dim: int):
    buffer seen: f32[N, dim] = zeros
    fc = nn.Linear(dim, dim)

    def forward(x: f32[N, dim]):
        return fc(x)

export normaliser = Normaliser(16)
