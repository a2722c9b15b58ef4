## Sentence encoder of the BERT family, with the parameter names of Hugging Face's BertModel.
import nn
import nn.functional as F

module BertEmbeddings(vocab: int, dim: int, max_len: int, p: float):
    word_embeddings = nn.Embedding(vocab, dim, padding_idx=0)
    position_embeddings = nn.Embedding(max_len, dim)
    token_type_embeddings = nn.Embedding(2, dim)
    self.LayerNorm = nn.LayerNorm(dim, eps=1e-12)
    dropout = nn.Dropout(p)
    # Checkpoints of transformers before version 4.31 hold this constant, later ones lack it: both load.
    buffer position_ids: i64[1, max_len] = arange(max_len)[None], since=2

    def forward(input_ids: i64[N, S]):
        position = arange(S)
        x = word_embeddings(input_ids) + position_embeddings(position) + token_type_embeddings.weight[0]
        return dropout(self.LayerNorm(x))

module BertSelfAttention(dim: int, heads: int, p: float):
    query = nn.Linear(dim, dim)
    key = nn.Linear(dim, dim)
    value = nn.Linear(dim, dim)

    def split_heads(x):
        return x.view(x.size(0), x.size(1), heads, -1).transpose(1, 2)

    def forward(x: f32[N, S, dim], mask: f32[N, 1, 1, S]):
        q, k, v = (split_heads(m(x)) for m in (query, key, value))
        y = F.scaled_dot_product_attention(q, k, v, mask, dropout_p=p if training else 0.0)
        return y.transpose(1, 2).flatten(2)

## Dense layer, dropout, residual sum, layer norm: the end of both halves of a layer.
module BertOutput(inp: int, dim: int, p: float):
    dense = nn.Linear(inp, dim)
    self.LayerNorm = nn.LayerNorm(dim, eps=1e-12)
    dropout = nn.Dropout(p)

    def forward(y: f32[N, S, inp], x: f32[N, S, dim]):
        return self.LayerNorm(x + dropout(dense(y)))

module BertAttention(dim: int, heads: int, p: float):
    self["self"] = BertSelfAttention(dim, heads, p)
    output = BertOutput(dim, dim, p)

    def forward(x: f32[N, S, dim], mask: f32[N, 1, 1, S]):
        return output(self["self"](x, mask), x)

module BertIntermediate(dim: int, ffn: int):
    dense = nn.Linear(dim, ffn)

    def forward(x: f32[N, S, dim]):
        return gelu(dense(x))

module BertLayer(dim: int, heads: int, ffn: int, p: float):
    attention = BertAttention(dim, heads, p)
    intermediate = BertIntermediate(dim, ffn)
    output = BertOutput(ffn, dim, p)

    def forward(x: f32[N, S, dim], mask: f32[N, 1, 1, S]):
        x = attention(x, mask)
        return output(intermediate(x), x)

module BertEncoder(layers: int, dim: int, heads: int, ffn: int, p: float):
    layer = nn.ModuleList(BertLayer(dim, heads, ffn, p) for _ in range(layers))

    def forward(x: f32[N, S, dim], mask: f32[N, 1, 1, S]):
        for l in layer:
            x = l(x, mask)
        return x

module BertPooler(dim: int):
    dense = nn.Linear(dim, dim)

    def forward(x: f32[N, S, dim]):
        return tanh(dense(x[:, 0]))

module BertModel(dim: int = 384, layers: int = 6, heads: int = 12, ffn: int = 1536, vocab: int = 30522,
                 max_len: int = 512, p: float = 0.1):
    assert dim % heads == 0
    embeddings = BertEmbeddings(vocab, dim, max_len, p)
    encoder = BertEncoder(layers, dim, heads, ffn, p)
    pooler = BertPooler(dim)

    def forward(input_ids: i64[N, S], attention_mask: i64[N, S]) -> (last_hidden_state: f32[N, S, dim],
                                                                     pooler_output: f32[N, dim]):
        assert 1 <= S <= max_len
        x = embeddings(input_ids)
        # added to the scores: 0 where a token is visible, a very negative number where it is padding
        mask = (1.0 - attention_mask[:, None, None, :].to(x.dtype)) * finfo(x.dtype).min
        x = encoder(x, mask)
        return x, pooler(x)

    ## The token vectors alone: the pooler is not computed.
    def encode(input_ids: i64[N, S], attention_mask: i64[N, S]) -> (last_hidden_state: f32[N, S, dim]):
        x, _ = self(input_ids, attention_mask)
        return x

    ## Mean of the visible tokens, scaled to unit length.
    def embed(input_ids: i64[N, S], attention_mask: i64[N, S]) -> (embedding: f32[N, dim]):
        x, _ = self(input_ids, attention_mask)
        w = attention_mask[..., None].to(x.dtype)
        return F.normalize((x * w).sum(1) / w.sum(1).clamp(min=1e-9), dim=1)

bert = BertModel()

export minilm = bert
export encoder = bert.encode
export embedder = bert.embed
