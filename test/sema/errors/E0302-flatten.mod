import nn

module M():
    fc = nn.Linear(784, 10)

    def forward(x: f32[N, 1, 28, 28]):
        return fc(x)

export m = M()
