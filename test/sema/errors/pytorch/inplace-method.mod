# E0202 at `masked_fill_`: a method that changes its tensor in place
import nn

module CausalScores(dim: int):
    qk = nn.Linear(dim, 2 * dim)

    def forward(x: f32[N, S, dim]):
        q, k = qk(x).chunk(2, -1)
        scores = q @ k.transpose(1, 2)
        mask = ones(S, S).triu(1) > 0
        scores.masked_fill_(mask, -inf)
        return scores.softmax(-1)

export scores = CausalScores(64)
