import nn

module M(dropout: float):
    dropout = nn.Dropout(dropout)
    dropout2 = nn.Dropout(dropout)

    def forward(x: f32[N, 4]):
        return dropout2(dropout(x))

export m = M(0.1)
