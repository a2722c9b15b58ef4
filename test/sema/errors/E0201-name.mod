import nn

module M(width: int):
    fc = nn.Linear(width, 10)

    def forward(x: f32[N, width]):
        y = fc(x)
        return y + bias * scal

export m = M(4)
