# E0510 at `head.weight`: tied weights of different shapes
import nn

module LanguageModel(vocab: int, dim: int):
    embed = nn.Embedding(vocab, dim)
    head = nn.Linear(vocab, dim, bias=False)
    head.weight = embed.weight

    def forward(ids: i64[N, S]):
        return head(embed(ids))

export lm = LanguageModel(1000, 64)
