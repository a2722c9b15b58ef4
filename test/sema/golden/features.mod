## Small programs, each showing one part of the language in the IR.
import nn
import nn.functional as F

## A member hides the argument; conditions, computed names, flags, initialisers.
module State(n: int, bias: bool = True, std: float = 0.02):
    param weight: f32[n, n] = nn.init.normal(std=std)
    param bias: f32[n] = zeros if bias
    param absent: f32[n] = zeros if False
    param frozen: f32[n] = 0.5, requires_grad=False
    for i in range(2):
        param "w_{i}": f32[n] = uniform(-1.0, 1.0)
    buffer mask: bool[n, n] = tril(ones(n, n)).to(bool), persistent=False
    buffer count: i64[] = 0, since=2

    def forward(x: f32[N, n]) -> f32[N, n]:
        if training:
            count += 1
        y = x @ (weight * mask.to(x.dtype))
        y = y if bias is None else y + bias
        return y * self["w_0"] + self["w_{1}"] * frozen

    def extra_repr():
        return "{n}, std={std}, bias={bias is not None}, tiny={1e-05}"

def uniform(a: float, b: float, shape: list[int] = [], dtype: dtype = f32):
    return random(shape, dtype) * (b - a) + a

## Patterns: literals, expressions, `*list`, `...`, dtype variables.
def halves(x: T[..., 2 * H], H: int) -> T[..., H]:
    return x[..., :H] + x[..., H:]

module Shapes():
    def forward(x: f32[N, S, 8], flat: f32[N, M]):
        assert 1 <= S <= 64
        assert M == 8 * S
        a = halves(x, 4)
        b = flat.view(N, -1, 8)[:, 0]
        c = x[:, -1, None, 1:5:2]
        d = x.reshape(N * S, -1).sum(dim=-1, keepdim=True)
        return a, b + x.mean(1), c, d

## Ties, one child under two names, children of lists and dicts, `self(...)`.
module Tied(inp: int, hidden: int):
    encoder = nn.Linear(inp, hidden, bias=False)
    decoder = nn.Linear(hidden, inp, bias=False)
    again = nn.Embedding(hidden, inp)
    again.weight = encoder.weight
    head = decoder

    def forward(x: f32[N, inp]) -> (rebuilt: f32[N, inp]):
        return head(encoder(x)) + again.weight.sum(0)

module Tree(n: int):
    layers = [nn.Linear(n, n) for i in range(3)]
    acts = {"relu": nn.ReLU(), "gelu": nn.GELU()}
    block = nn.Sequential({"a": nn.Linear(n, n), "act": acts["relu"]})
    twin = clone(layers[0])

    def forward(x: f32[N, n]):
        for i, layer in enumerate(layers):
            x = acts["gelu" if i % 2 else "relu"](layer(x))
        return block(x) + twin(x)

    def features(x: f32[N, n]) -> (first: f32[N, n], all: f32[N, n]):
        return layers[0](x), self(x)

## Updates of state and of slices.
module Average(n: int, decay: float = 0.9):
    buffer mean: f32[n] = zeros
    buffer cache: f32[4, n] = zeros

    def forward(x: f32[4, n]):
        if training:
            mean = decay * mean + (1 - decay) * x.mean(0)
        cache[1:3] = x[1:3]
        cache[0, :] = 1
        return cache + mean

## Promotion.
module Mixed():
    def forward(a: f16[N], b: f32[], i: i64[N], m: bool[N]):
        return a * b, a + 1, i / 2, i * 2.0, i // 2 % 3, m & (i > 0), -i, a ** 2, 2 ** b, where(m, a, 0), i.sum(), ~m

## Dropout and attention draw with sites.
module Draws(p: float):
    drop = nn.Dropout(p)

    def forward(q: f32[N, 4, S, 16]):
        y = F.scaled_dot_product_attention(q, q, q, dropout_p=p if training else 0.0, is_causal=True)
        return drop(F.dropout(y, p, training))

export state = State(4)
export tied = Tied(12, 5)
export shapes = Shapes()
export average = Average(3)
export mixed = Mixed()
export draws = Draws(0.25)

tree = Tree(6)
export tree = tree
export features = tree.features
