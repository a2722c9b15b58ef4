import nn

module Net():
    def __init__(self, inp: int, out: int):
        pass

    super(Net, self).__init__()
    fc = nn.Linear(4, 4)

    def forward(self, x):
        class Inner(nn.Module):
            pass
        return fc(x)

export net = Net()
