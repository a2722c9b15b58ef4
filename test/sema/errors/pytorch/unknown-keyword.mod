# E0403 at `device`: a keyword of PyTorch that has no meaning here
import nn

module Head(dim: int, classes: int):
    norm = nn.LayerNorm(dim)
    fc = nn.Linear(dim, classes, device="cuda")

    def forward(x: f32[N, dim]):
        return fc(norm(x))

export head = Head(512, 1000)
