# E0308 at `mask`: reading with a boolean mask
import nn

module MaskedMean(dim: int):
    fc = nn.Linear(dim, dim)

    def forward(x: f32[N, S, dim], mask: bool[N, S]):
        return fc(x)[mask].mean(0)

export masked = MaskedMean(32)
