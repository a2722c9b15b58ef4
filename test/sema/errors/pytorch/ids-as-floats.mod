# E0308 at `embed(tokens)`: floats given to an embedding
import nn

module TextModel(vocab: int, dim: int):
    embed = nn.Embedding(vocab, dim)
    fc = nn.Linear(dim, 2)

    def forward(tokens: f32[N, S]):
        return fc(embed(tokens).mean(1))

export text = TextModel(1000, 64)
