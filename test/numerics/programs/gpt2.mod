## GPT-2 with the parameter names of Hugging Face's GPT2LMHeadModel.
import nn
import nn.functional as F

def split_heads(x, heads: int):
    return x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)

def merge_heads(x):
    return x.transpose(1, 2).flatten(2)

## A Linear whose weight is stored [in, out].
module Conv1D(inp: int, out: int):
    param weight: f32[inp, out] = nn.init.normal(std=0.02)
    param bias: f32[out] = zeros

    def forward(x: f32[..., inp]) -> f32[..., out]:
        return x @ weight + bias

module Attention(dim: int, heads: int, max_batch: int, max_len: int):
    c_attn = Conv1D(dim, 3 * dim)
    c_proj = Conv1D(dim, dim)
    buffer key_cache: f32[max_batch, heads, max_len, dim // heads] = zeros, persistent=False
    buffer value_cache: f32[max_batch, heads, max_len, dim // heads] = zeros, persistent=False

    def _qkv(x):
        return [split_heads(t, heads) for t in c_attn(x).chunk(3, -1)]

    ## `past`: keys and values of the tokens before `x`, or None.
    def forward(x: f32[N, S, dim], past = None):
        q, k, v = _qkv(x)
        new = (k, v)
        if past is not None:
            k, v = cat([past[0], k], 2), cat([past[1], v], 2)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=past is None)
        return c_proj(merge_heads(y)), new

    ## The same, with the past in this module's buffers: `x` are the tokens at `pos`, `pos` + 1, ...
    def cached(x: f32[N, S, dim], pos: int):
        q, k, v = _qkv(x)
        key_cache[:N, :, pos:pos + S] = k
        value_cache[:N, :, pos:pos + S] = v
        mask = arange(pos + S) <= pos + arange(S)[:, None]
        y = F.scaled_dot_product_attention(q, key_cache[:N, :, :pos + S], value_cache[:N, :, :pos + S], mask)
        return c_proj(merge_heads(y))

module FeedForward(dim: int):
    c_fc = Conv1D(dim, 4 * dim)
    c_proj = Conv1D(4 * dim, dim)

    def forward(x: f32[N, S, dim]):
        return c_proj(gelu(c_fc(x), approximate="tanh"))

module Block(dim: int, heads: int, max_batch: int, max_len: int):
    ln_1 = nn.LayerNorm(dim, eps=1e-5)
    attn = Attention(dim, heads, max_batch, max_len)
    ln_2 = nn.LayerNorm(dim, eps=1e-5)
    mlp = FeedForward(dim)

    def forward(x: f32[N, S, dim], past = None):
        y, new = attn(ln_1(x), past)
        x = x + y
        return x + mlp(ln_2(x)), new

    def cached(x: f32[N, S, dim], pos: int):
        x = x + attn.cached(ln_1(x), pos)
        return x + mlp(ln_2(x))

module Transformer(vocab: int, dim: int, layers: int, heads: int, max_batch: int, max_len: int):
    wte = nn.Embedding(vocab, dim)
    wpe = nn.Embedding(max_len, dim)
    h = nn.ModuleList(Block(dim, heads, max_batch, max_len) for _ in range(layers))
    ln_f = nn.LayerNorm(dim, eps=1e-5)

    def forward(input_ids: i64[N, S], past_k = None, past_v = None):
        p = 0 if past_k is None else past_k.shape[3]
        x, keys, values = wte(input_ids) + wpe(arange(p, p + S)), [], []
        for i, block in enumerate(h):
            x, (k, v) = block(x, None if past_k is None else (past_k[i], past_v[i]))
            keys.append(k)
            values.append(v)
        return ln_f(x), stack(keys), stack(values)

    def cached(input_ids: i64[N, S], pos: int):
        assert pos + S <= max_len and N <= max_batch
        x = wte(input_ids) + wpe(arange(pos, pos + S))
        for block in h:
            x = block.cached(x, pos)
        return ln_f(x)

module GPT2(vocab: int = 50257, dim: int = 768, layers: int = 12, heads: int = 12, max_batch: int = 8,
            max_len: int = 1024):
    transformer = Transformer(vocab, dim, layers, heads, max_batch, max_len)
    lm_head = nn.Linear(dim, vocab, bias=False)
    lm_head.weight = transformer.wte.weight  # tied: one tensor, two names

    ## Logits of all positions; with a past, also the new keys and values.
    def forward(input_ids: i64[N, S], past_k: f32[layers, N, heads, P, dim // heads] | None = None,
                past_v: f32[layers, N, heads, P, dim // heads] | None = None):
        x, k, v = transformer(input_ids, past_k, past_v)
        return lm_head(x) if past_k is None else (lm_head(x), k, v)

    ## Fills or extends the caches in place; logits of the last position.
    def generate_step(input_ids: i64[N, S], pos: int) -> (logits: f32[N, vocab]):
        return lm_head(transformer.cached(input_ids, pos)[:, -1])

model = GPT2(64, 32, 2, 4, 4, 1024)

export gpt2 = model
export gpt2_decode(input_ids: i64[N, 1], past_k: f32[2, N, 4, P, 8], past_v: f32[2, N, 4, P, 8]) = model
export gpt2_step = model.generate_step

## A prompt, then two tokens one by one, through the caches.
module Dialogue():
    self.model = model

    def forward(prompt: i64[N, S], first: i64[N, 1], second: i64[N, 1]):
        a = self.model.generate_step(prompt, 0)
        b = self.model.generate_step(first, S)
        return a, b, self.model.generate_step(second, S + 1)

export dialogue = Dialogue()
