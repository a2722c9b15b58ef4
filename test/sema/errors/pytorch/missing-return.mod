# E0505 at `forward`: a `forward` that gives nothing back
import nn

module MLP(inp: int, hidden: int, out: int):
    fc1 = nn.Linear(inp, hidden)
    fc2 = nn.Linear(hidden, out)

    def forward(x: f32[N, inp]):
        x = relu(fc1(x))
        logits = fc2(x)

export mlp = MLP(784, 256, 10)
