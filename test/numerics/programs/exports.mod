## What exports can take besides tensors, and what they can be of: numbers of the run, choices, parts of a tree, caches
## that are written at a position given at run time.
import nn
import nn.functional as F

module Scaled(dim: int):
    fc = nn.Linear(dim, dim)

    def forward(x: f32[N, dim], scale: float, shift: int):
        return fc(x) * scale + shift

## Numbers pass through calls; a slice at a position; a choice of texts and flags.
module Numbers(dim: int):
    inner = Scaled(dim)
    acts = {"relu": nn.ReLU(), "tanh": nn.Tanh()}

    def forward(x: f32[N, dim], pos: int, scale: float, act: "relu" | "tanh", twice: bool, last: bool = False):
        y = acts[act](inner(x, scale * 0.5, pos + 1))
        y = y + y if twice else y
        part = y[pos:pos + 2]
        return y, part if last else part.sum(-1), arange(pos, pos + 3)

    def window(x: f32[N, dim], pos: int) -> (part: f32[2, dim]):
        return inner(x[pos:pos + 2], 1.0, pos)

module Gather():
    def forward(*xs):
        return cat(xs, 0)

## Sizes that are multiples: halves and quarters come back together, without a guard.
module Halves(dim: int, levels: int = 2):
    fc = nn.Linear(dim, dim)

    def forward(x: f32[N, H, dim]) -> f32[N, H, dim]:
        assert H % 2 ** levels == 0
        skips, y = [], x
        for i in range(levels):
            skips.append(y)
            y = fc(y.view(N, -1, 2, dim).sum(2))
        for i in range(levels):
            y = skips.pop() + y.unsqueeze(2).expand(-1, -1, 2, -1).reshape(N, -1, dim)
        return y

module Twice(dim: int):
    part = Halves(dim)

    def forward(x: f32[N, H, dim]):
        assert H % 8 == 0
        return part(x) + part(part(x[:, :H // 2])).repeat_interleave(2, 1)

module Attention(dim: int, heads: int, batch: int, length: int):
    qkv = nn.Linear(dim, 3 * dim)
    buffer keys: f32[batch, heads, length, dim // heads] = zeros, persistent=False
    buffer values: f32[batch, heads, length, dim // heads] = zeros, persistent=False

    def _qkv(x):
        return [t.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2) for t in qkv(x).chunk(3, -1)]

    def forward(x: f32[N, S, dim]):
        q, k, v = _qkv(x)
        return F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2)

    def cached(x: f32[N, S, dim], pos: int):
        q, k, v = _qkv(x)
        keys[:N, :, pos:pos + S] = k
        values[:N, :, pos:pos + S] = v
        mask = arange(pos + S) <= pos + arange(S)[:, None]
        y = F.scaled_dot_product_attention(q, keys[:N, :, :pos + S], values[:N, :, :pos + S], mask)
        return y.transpose(1, 2).flatten(2)

module Decoder(dim: int, heads: int, layers: int):
    h = [Attention(dim, heads, 4, 16) for _ in range(layers)]

    def forward(x: f32[N, S, dim]):
        for block in h:
            x = x + block(x)
        return x

    def step(x: f32[N, S, dim], pos: int) -> f32[N, S, dim]:
        assert pos + S <= 16 and N <= 4
        for block in h:
            x = x + block.cached(x, pos)
        return x

    ## All but the last by one step, then the last by another.
    def two_steps(x: f32[N, S, dim]) -> f32[N, S, dim]:
        assert 2 <= S <= 16 and N <= 4
        a = step(x[:, :S - 1], 0)
        return cat([a, step(x[:, S - 1:], S - 1)], 1)

numbers = Numbers(6)
decoder = Decoder(8, 2, 2)

export numbers = numbers
export window = numbers.window
export scaled = numbers.inner
export fixed(twice: bool, act = "relu", pos = 1, scale = 2.0) = numbers
export joined(a: f32[N, 3], b: f32[M, 3]) = Gather()
export halves = Halves(4)
export twice = Twice(4)
export decoder = decoder
export step = decoder.step
export two_steps = decoder.two_steps
