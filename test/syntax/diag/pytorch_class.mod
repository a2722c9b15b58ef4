import torch.nn as nn

class Net(nn.Module):
    """Two layers."""
    def __init__(self, inp, out):
        super().__init__()
        self.fc = nn.Linear(inp, out)

    def forward(self, x):
        with torch.no_grad():
            y = x
        return F.relu(self.fc(x))
