"""Hand-written functions and modules that random programs use: state read by others, tied parameters, lists of children, loops and branches with calls."""
import re

# n: the last dimension of the input. Each is written out before a program that names it.
PARTS = {
    "blend": """
def blend(a, b, k: float = 0.5):
    return a * k + b * (1.0 - k)
""",
    "decay": """
def decay(x, n: int):
    for i in range(n):
        x = blend(x, tanh(x), k=0.7)
    return x
""",
    "twice": """
def twice(f: callable, x):
    return f(f(x))
""",
    "either": """
def either(x, y):
    if x.mean() > y.mean():
        return decay(x, 2)
    return y * 0.25
""",
    "Counter": """
module Counter():
    buffer calls: f32[] = 0.0
    def forward(x):
        calls += 1.0
        return x * 0.5
""",
    "Peek": """
module Peek(counted: Module):
    self.counted = counted
    def forward(x):
        return blend(x, counted(x)) + counted.calls * 0.1
""",
    "Tied": """
module Tied(n: int):
    first = nn.Linear(n, n, bias=False)
    second = nn.Linear(n, n)
    second.weight = first.weight
    def forward(x: f32[..., n]):
        return second(tanh(first(x)))
""",
    "Stack": """
module Stack(n: int, depth: int):
    layers = [nn.Linear(n, n) for i in range(depth)]
    def forward(x: f32[..., n]):
        for i, layer in enumerate(layers):
            x = x + relu(layer(x)) * (0.5 + i)
        return x
""",
    "Residual": """
module Residual(inner: Module):
    self.inner = inner
    def forward(x):
        return x + inner(x) * 0.5
""",
    "Halves": """
module Halves(n: int):
    fc = nn.Linear(n, 2 * n)
    def forward(x: f32[..., n]):
        a, b = fc(x).chunk(2, -1)
        return tanh(a), sigmoid(b)
""",
    "Chosen": """
module Chosen(n: int):
    a = nn.Linear(n, n)
    b = nn.Linear(n, n, bias=False)
    buffer taken: i64[] = 0
    def forward(x: f32[..., n]):
        if x.mean() > 0.0:
            taken += 1
            return a(x) + taken
        return b(tanh(x))
""",
    "Steps": """
module Steps(n: int):
    cell = nn.Linear(n, n)
    buffer rows: f32[3, n]
    def forward(x: f32[..., n], rounds):
        for i in range(rounds):
            x = tanh(cell(x)) + x * 0.5
            rows[i % 3] = rows[i % 3] * 0.5 + cell(rows[i % 3] + i)
        return x + rows.sum(0)
""",
    "Recur": """
module Recur(n: int, m: int):
    cell = nn.Linear(n + m, m)
    def forward(x: f32[T, B, n]):
        h = zeros(B, m)
        y = zeros(T, B, m)
        for t in range(T):
            h = tanh(cell(cat([x[t], h], 1)))
            y[t] = h
        return y, h
""",
    "Ema": """
module Ema(n: int):
    buffer level: f32[n] = zeros
    def forward(x: f32[..., n]):
        if training:
            level.copy_(level * 0.75 + x.flatten(0, -2).mean(0) * 0.25)
        return x - level
""",
    "Memory": """
module Memory(n: int):
    buffer rows: f32[4, n]
    def forward(x: f32[B, n]):
        rows[1:3] = rows[:2] * 0.5
        rows[0] = x.mean(0)
        return x + rows.sum(0)
""",
    "Noisy": """
module Noisy(n: int):
    drop = nn.Dropout(0.25)
    fc = nn.Linear(n, n)
    def forward(x: f32[..., n], rounds):
        for i in range(rounds):
            x = drop(fc(x)) + drop(x) * 0.5
        return x if x.amax() > 0.0 else drop(x)
""",
    "Attend": """
module Attend(n: int):
    mha = nn.MultiheadAttention(n, 2, batch_first=True)
    norm = nn.LayerNorm(n)
    def forward(x: f32[B, T, n]):
        h, weights = mha(x, x, x)
        return norm(x + h), weights
""",
}


def needed(text):
    """The parts that `text` names, and those that they name."""
    names, todo = set(), [text]
    while todo:
        words = set(re.findall(r"\w+", todo.pop()))
        fresh = {n for n in PARTS if n in words} - names
        names |= fresh
        todo += [PARTS[n] for n in fresh]
    return "".join(v.lstrip() + "\n" for n, v in PARTS.items() if n in names)
