# E0301 at `"tahn"`: a misspelt option
import nn

module MLP(dim: int, hidden: int):
    fc1 = nn.Linear(dim, hidden)
    act = nn.GELU(approximate="tahn")
    fc2 = nn.Linear(hidden, dim)

    def forward(x: f32[N, S, dim]):
        return fc2(act(fc1(x)))

export mlp = MLP(768, 3072)
