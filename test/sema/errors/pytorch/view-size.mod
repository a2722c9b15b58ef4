# E0303 at `x.view(-1, 100)`: a view that does not divide
import nn

module Head():
    fc = nn.Linear(100, 10)

    def forward(x: f32[8, 16, 5, 7]):
        return fc(x.view(-1, 100))

export head = Head()
