## Numbers of the run, choices, parts of one tree, multiples.
import nn

module Scaled(dim: int):
    fc = nn.Linear(dim, dim)

    def forward(x: f32[N, dim], scale: float, shift: int):
        return fc(x) * scale + shift

module Numbers(dim: int):
    inner = Scaled(dim)

    def forward(x: f32[N, dim], pos: int, act: "relu" | "neg", scale: float = 2.0):
        y = inner(x, scale * 0.5, pos + 1)
        return relu(y) if act == "relu" else -y

    def window(x: f32[N, dim], pos: int) -> (part: f32[2, dim]):
        assert pos + 2 <= N
        return x[pos:pos + 2]

module Gather():
    def forward(*xs):
        return cat(xs, 0)

## The halves come back together without a guard; the caller hands the fact down.
module Half():
    def forward(x: f32[N, H, W]) -> f32[N, H // 4, 2 * W]:
        assert H % 4 == 0 and W % 2 == 0
        return x.view(N, 2, H // 2, W // 2, 2).sum(1).view(N, -1, 2 * W)

module Twice():
    half = Half()

    def forward(x: f32[N, H, W]):
        assert H % 16 == 0
        return half(half(x))

module Cache(n: int):
    buffer kept: f32[n, 3] = zeros

    def forward(x: f32[S, 3], pos: int):
        kept[pos:pos + S] = x
        return kept[:pos + S].sum(0)

numbers = Numbers(6)

export inner = numbers.inner
export numbers = numbers
export window = numbers.window
export fixed(scale: float, act = "neg", pos = -3) = numbers
export joined(a: f32[N, 3], b: f32[M, 3]) = Gather()
export twice = Twice()
export cache = Cache(8)
