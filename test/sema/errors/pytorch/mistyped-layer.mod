# E0202 at `LayerNrom`: a misspelt layer
import nn

module Block(dim: int):
    norm = nn.LayerNrom(dim)
    fc = nn.Linear(dim, dim)

    def forward(x: f32[N, dim]):
        return x + fc(norm(x))

export block = Block(64)
