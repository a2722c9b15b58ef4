# E0201 at `LayerNorm`: a layer without its `nn.`
import nn

module Block(dim: int):
    norm = LayerNorm(dim)
    fc = nn.Linear(dim, dim)

    def forward(x: f32[N, dim]):
        return x + fc(norm(x))

export block = Block(64)
