# E0601 at `net`: an export whose input has no type
import nn

module Net(dim: int):
    layers = nn.Sequential(nn.Linear(dim, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(x):
        return layers(x)

export net = Net(784)
