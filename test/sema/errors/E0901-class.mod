import nn

module M(n: int):
    fc = nn.Linear(n, n)

    def forward(x: f32[N, n]):
        return fc(x)

export M
