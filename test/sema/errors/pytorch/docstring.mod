# E0115 at `"""Mean of the tokens that are no padding."""`: a docstring
import nn

module Pool(dim: int):
    proj = nn.Linear(dim, dim)

    def forward(x: f32[N, S, dim]):
        """Mean of the tokens that are no padding."""
        return proj(x.mean(1))

export pool = Pool(64)
