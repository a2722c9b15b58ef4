# E0202 at `encodr`: a misspelt child
import nn

module Model(vocab: int, dim: int):
    embed = nn.Embedding(vocab, dim)
    encoder = nn.Sequential(nn.Linear(dim, dim), nn.ReLU(), nn.Linear(dim, dim))
    head = nn.Linear(dim, vocab)

    def forward(ids: i64[N, S]):
        return self.head(self.encodr(self.embed(ids)))

export model = Model(1000, 64)
