# E0514 at `nn.Parameter`: a parameter as PyTorch declares it
import nn

module ClassToken(dim: int, tokens: int):
    proj = nn.Linear(dim, dim)
    cls_token = nn.Parameter(zeros(1, 1, dim))

    def forward(x: f32[N, tokens, dim]):
        return proj(cat([cls_token.expand(N, 1, dim), x], 1))

export embed = ClassToken(64, 16)
