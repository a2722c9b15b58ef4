import nn

module M():
    fc = nn.Linear(4, 10)

    def forward(x: i64[N, 4]):
        return fc(x)

export m = M()
