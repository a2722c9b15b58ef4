# E0506 at `act(fc(x))`: a module that is used but is no child
import nn

module Block(dim: int, act: Module):
    fc = nn.Linear(dim, dim)

    def forward(x: f32[N, dim]):
        return x + act(fc(x))

module Net(dim: int):
    blocks = [Block(dim, nn.PReLU(dim)) for i in range(3)]

    def forward(x: f32[N, dim]):
        for block in blocks:
            x = block(x)
        return x

export net = Net(32)
