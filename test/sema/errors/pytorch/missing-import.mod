# E0201 at `F`: functions without the import of their file
import nn

module MLP(inp: int, hidden: int, out: int):
    fc1 = nn.Linear(inp, hidden)
    fc2 = nn.Linear(hidden, out)

    def forward(x: f32[N, inp]):
        return fc2(F.gelu(fc1(x)))

export mlp = MLP(784, 256, 10)
