# E0503 at `pos`: a plain tensor where a parameter was meant
import nn

module Embeddings(vocab: int, dim: int, longest: int):
    tok = nn.Embedding(vocab, dim)
    pos = randn(longest, dim) * 0.02
    norm = nn.LayerNorm(dim)

    def forward(ids: i64[N, S]):
        return norm(tok(ids) + pos[:S])

export embeddings = Embeddings(1000, 64, 128)
