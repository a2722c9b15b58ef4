# E0202 at `relu_`: an in-place function of `nn.functional`
import nn
import nn.functional as F

module MLP(inp: int, hidden: int, out: int):
    fc1 = nn.Linear(inp, hidden)
    fc2 = nn.Linear(hidden, hidden)
    fc3 = nn.Linear(hidden, out)

    def forward(x: f32[N, inp]):
        x = F.relu_(fc1(x))
        x = F.relu(fc2(x))
        return fc3(x)

export mlp = MLP(784, 256, 10)
