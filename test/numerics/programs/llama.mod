## Llama with the parameter names of Hugging Face's LlamaForCausalLM: rotary positions, grouped queries, RMS norm, SwiGLU.
import nn
import nn.functional as F

def split_heads(x, heads: int):
    return x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)

def rotate_half(x):
    a, b = x.chunk(2, -1)
    return cat([-b, a], -1)

def rotate(x, cos, sin):
    return x * cos + rotate_half(x) * sin

module Attention(dim: int, heads: int, kv_heads: int, max_batch: int, max_len: int):
    let d = dim // heads
    q_proj = nn.Linear(dim, heads * d, bias=False)
    k_proj = nn.Linear(dim, kv_heads * d, bias=False)
    v_proj = nn.Linear(dim, kv_heads * d, bias=False)
    o_proj = nn.Linear(heads * d, dim, bias=False)
    buffer k_cache: f32[max_batch, kv_heads, max_len, d] = zeros, persistent=False
    buffer v_cache: f32[max_batch, kv_heads, max_len, d] = zeros, persistent=False

    def _qkv(x, cos, sin):
        q, k, v = split_heads(q_proj(x), heads), split_heads(k_proj(x), kv_heads), split_heads(v_proj(x), kv_heads)
        return rotate(q, cos, sin), rotate(k, cos, sin), v

    def forward(x: f32[N, S, dim], cos: f32[S, d], sin: f32[S, d], past = None):
        q, k, v = _qkv(x, cos, sin)
        new = (k, v)
        if past is not None:
            k, v = cat([past[0], k], 2), cat([past[1], v], 2)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=past is None, enable_gqa=True)
        return o_proj(y.transpose(1, 2).flatten(2)), new

    def cached(x: f32[N, S, dim], cos: f32[S, d], sin: f32[S, d], pos: int):
        q, k, v = _qkv(x, cos, sin)
        k_cache[:N, :, pos:pos + S] = k
        v_cache[:N, :, pos:pos + S] = v
        mask = arange(pos + S) <= pos + arange(S)[:, None]
        y = F.scaled_dot_product_attention(q, k_cache[:N, :, :pos + S], v_cache[:N, :, :pos + S], mask, enable_gqa=True)
        return o_proj(y.transpose(1, 2).flatten(2))

module MLP(dim: int, ffn: int):
    gate_proj = nn.Linear(dim, ffn, bias=False)
    up_proj = nn.Linear(dim, ffn, bias=False)
    down_proj = nn.Linear(ffn, dim, bias=False)

    def forward(x: f32[N, S, dim]):
        return down_proj(silu(gate_proj(x)) * up_proj(x))

module Layer(dim: int, heads: int, kv_heads: int, ffn: int, max_batch: int, max_len: int):
    self_attn = Attention(dim, heads, kv_heads, max_batch, max_len)
    mlp = MLP(dim, ffn)
    input_layernorm = nn.RMSNorm(dim, eps=1e-6)
    post_attention_layernorm = nn.RMSNorm(dim, eps=1e-6)

    def forward(x: f32[N, S, dim], cos, sin, past = None):
        y, new = self_attn(input_layernorm(x), cos, sin, past)
        x = x + y
        return x + mlp(post_attention_layernorm(x)), new

    def cached(x: f32[N, S, dim], cos, sin, pos: int):
        x = x + self_attn.cached(input_layernorm(x), cos, sin, pos)
        return x + mlp(post_attention_layernorm(x))

module Model(vocab: int, dim: int, layers: int, heads: int, kv_heads: int, ffn: int, max_batch: int, max_len: int):
    embed_tokens = nn.Embedding(vocab, dim)
    layers = nn.ModuleList(Layer(dim, heads, kv_heads, ffn, max_batch, max_len) for _ in range(layers))
    norm = nn.RMSNorm(dim, eps=1e-6)

    ## cos and sin of the angles at positions p, p + 1, ..., each [S, dim // heads].
    def _angles(p: int, S: int, dtype: dtype):
        d = dim // heads
        frequency = 10000.0 ** (-arange(0, d, 2).float() / d)
        a = arange(p, p + S).float()[:, None] * frequency
        a = cat([a, a], -1)
        return a.cos().to(dtype), a.sin().to(dtype)

    def forward(input_ids: i64[N, S], past_k = None, past_v = None):
        x, keys, values = embed_tokens(input_ids), [], []
        cos, sin = _angles(0 if past_k is None else past_k.shape[3], S, x.dtype)
        for i, layer in enumerate(layers):
            x, (k, v) = layer(x, cos, sin, None if past_k is None else (past_k[i], past_v[i]))
            keys.append(k)
            values.append(v)
        return norm(x), stack(keys), stack(values)

    def cached(input_ids: i64[N, S], pos: int):
        assert pos + S <= max_len and N <= max_batch
        x = embed_tokens(input_ids)
        cos, sin = _angles(pos, S, x.dtype)
        for layer in layers:
            x = layer.cached(x, cos, sin, pos)
        return norm(x)

module Llama(vocab: int = 32000, dim: int = 512, layers: int = 8, heads: int = 8, kv_heads: int = 4, ffn: int = 1376,
             max_batch: int = 8, max_len: int = 2048):
    assert heads % kv_heads == 0, "each key head serves a whole number of query heads"
    self.model = Model(vocab, dim, layers, heads, kv_heads, ffn, max_batch, max_len)
    lm_head = nn.Linear(dim, vocab, bias=False)

    def forward(input_ids: i64[N, S], past_k: f32[layers, N, kv_heads, P, dim // heads] | None = None,
                past_v: f32[layers, N, kv_heads, P, dim // heads] | None = None):
        x, k, v = self.model(input_ids, past_k, past_v)
        return lm_head(x) if past_k is None else (lm_head(x), k, v)

    def generate_step(input_ids: i64[N, S], pos: int) -> (logits: f32[N, vocab]):
        return lm_head(self.model.cached(input_ids, pos)[:, -1])

llama = Llama(64, 32, 2, 4, 2, 48, 4, 128)

export llama = llama
export llama_decode(input_ids: i64[N, 1], past_k: f32[2, N, 2, P, 8], past_v: f32[2, N, 2, P, 8]) = llama
export llama_step = llama.generate_step

## A prompt, then two tokens one by one, through the caches.
module Dialogue():
    self.model = llama

    def forward(prompt: i64[N, S], first: i64[N, 1], second: i64[N, 1]):
        a = self.model.generate_step(prompt, 0)
        b = self.model.generate_step(first, S)
        return a, b, self.model.generate_step(second, S + 1)

export dialogue = Dialogue()
