# E0203 at `import torch.nn as nn`: the imports of a PyTorch file
import torch.nn as nn

module Net(dim: int):
    fc1 = nn.Linear(dim, dim)
    fc2 = nn.Linear(dim, 10)

    def forward(x: f32[N, dim]):
        return fc2(relu(fc1(x)))

export net = Net(784)
