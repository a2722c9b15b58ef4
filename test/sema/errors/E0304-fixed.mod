import nn

module M():
    fc = nn.Linear(784, 10)

    def forward(x: f32[N, C]):
        return fc(x)

export m = M()
