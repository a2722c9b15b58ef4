# E0301 at `dropout`: the constructor argument is hidden by the member of its name
import nn

module Layer(dim: int, dropout: float):
    fc1 = nn.Linear(dim, 4 * dim)
    dropout = nn.Dropout(dropout)
    fc2 = nn.Linear(4 * dim, dim)
    dropout2 = nn.Dropout(dropout)

    def forward(x: f32[N, dim]):
        return dropout2(fc2(dropout(relu(fc1(x)))))

export layer = Layer(64, 0.1)
