"""Random programs of the language: statements over typed values, in modules that call each other.

A program is data, so that it can be made smaller statement by statement (shrink.py). Sizes are names (`N`, `S`), products of them, or numbers.
"""
import dataclasses
import random
import re

FLOAT, INT, BOOL = "f32", "i64", "bool"


@dataclasses.dataclass(frozen=True)
class Type:
    dtype: str
    dims: tuple  # of int and str

    def __str__(self):
        return f"{self.dtype}[{', '.join(map(str, self.dims))}]"

    @property
    def rank(self):
        return len(self.dims)


@dataclasses.dataclass
class Statement:
    """`text` with `{0}`, `{1}`, … for the values used, `{t}` for the target; it may be several lines."""
    target: str
    text: str
    uses: list
    type: Type
    members: list = dataclasses.field(default_factory=list)  # names of the module's members that it reads

    def render(self):
        line = self.text if "{t}" in self.text else "{t} = " + self.text
        return re.sub(r"\{(\d)\}", lambda m: self.uses[int(m[1])], line.replace("{t}", self.target))


@dataclasses.dataclass
class Module:
    name: str
    inputs: list  # of (name, Type)
    members: dict  # name → declaration
    statements: list
    outputs: list  # names of values
    subs: list = dataclasses.field(default_factory=list)
    draws: bool = False  # random numbers in train mode

    def types(self):
        return {**dict(self.inputs), **{s.target: s.type for s in self.statements}}

    def drop_dead(self):
        """Removes statements, members and modules that no output needs. A statement that writes state stays."""
        needed, kept = set(self.outputs), []
        for s in reversed(self.statements):
            if s.target in needed or s.text.startswith("state"):
                needed.update(s.uses)
                kept.append(s)
        self.statements = kept[::-1]
        used = {m for s in self.statements for m in s.members}
        self.members = {k: v for k, v in self.members.items() if k in used}
        self.subs = [m for m in self.subs if any(m.name + "()" == v for v in self.members.values())]
        for m in self.subs:
            m.drop_dead()

    def render(self):
        out = "".join(m.render() for m in self.subs)
        out += f"module {self.name}():\n"
        out += "".join(f"    {d if d.startswith(('param', 'buffer')) else f'{n} = {d}'}\n" for n, d in self.members.items())
        out += f"    def forward({', '.join(f'{n}: {t}' for n, t in self.inputs)}):\n"
        for s in self.statements:
            out += "".join(f"        {line}\n" for line in s.render().splitlines())
        return out + f"        return {', '.join(self.outputs)}\n\n"


def text_of(module):
    return f"import nn\nimport nn.functional as F\n\n{module.render()}export model = {module.name}()\n"


class Generator:
    def __init__(self, seed, features):
        self.r = random.Random(seed)
        self.features = features  # what the program may contain: "conv", "loops", "sort", "random", "state", …
        self.modules = 0

    def program(self):
        inputs = []
        for i in range(self.r.randint(1, 3)):
            inputs.append((f"x{i}", self.type(symbolic=True)))
        return self.module(inputs, depth=2, length=self.r.randint(3, 14))

    def type(self, symbolic=False, dtype=None):
        dtype = dtype or self.r.choices([FLOAT, INT, BOOL], [8, 2, 1])[0]
        rank = self.r.choices([1, 2, 3, 4], [2, 4, 4, 1])[0]
        pool = [1, 2, 3, 4, 5, 7, 8, 16, 17, 33] + (["N", "S"] * 4 if symbolic else [])
        dims = [self.r.choice(pool) for _ in range(rank)]
        return Type(dtype, tuple(dims))

    def module(self, inputs, depth, length):
        self.modules += 1
        m = Module(f"M{self.modules}", list(inputs), {}, [], [])
        values = list(inputs)
        attempts = 0
        while len(m.statements) < length and attempts < 200:
            attempts += 1
            made = self.statement(m, values, depth)
            if made:
                made.target = f"v{len(m.statements)}"
                m.statements.append(made)
                values.append((made.target, made.type))
        if not m.statements:  # nothing applied to these inputs
            m.statements.append(Statement("v0", "{0}", [inputs[0][0]], inputs[0][1]))
        pool = [s.target for s in m.statements]
        m.outputs = [pool[-1]] + self.r.sample(pool[:-1], min(len(pool) - 1, self.r.randint(0, 2)))
        m.drop_dead()
        return m

    # ---- one statement; None where the draw does not fit
    def statement(self, m, values, depth):
        name, t = self.r.choice(values[-4:] if self.r.random() < 0.7 else values)
        rules = [self.unary, self.binary, self.reduce, self.shape, self.index, self.join, self.layer, self.integer, self.product]
        rules += [self.child] if depth > 0 else []
        rules += [self.loop, self.branch] if "loops" in self.features else []
        rules += [self.order] if "sort" in self.features else []
        rules += [self.window] if "conv" in self.features else []
        rules += [self.state] if "state" in self.features else []
        rules += [self.draw] if "random" in self.features else []
        return self.r.choice(rules)(m, values, name, t)

    def pick(self, values, wanted):
        fits = [v for v in values if wanted(v[1])]
        return self.r.choice(fits) if fits else None

    def member(self, m, prefix, declaration):
        name = f"{prefix}{len(m.members)}"
        m.members[name] = declaration.replace("{n}", name)
        return name

    def unary(self, m, values, name, t):
        if t.dtype == FLOAT:
            f = self.r.choice(["relu({0})", "gelu({0})", "silu({0})", "tanh({0})", "sigmoid({0})", "{0} * 0.5", "1.5 - {0}", "-{0}", "{0} ** 2 * 0.1", "{0}.abs().sqrt()",
                               "exp(-{0}.abs())", "log1p({0}.abs())", "sin({0})", "cos({0})", "erf({0})", "{0}.clamp(-1.0, 1.0)", "softplus({0})", "floor({0} * 4.0)",
                               "round({0} * 4.0)", "{0} / 3", "F.leaky_relu({0}, 0.2)", "F.hardswish({0})", "F.elu({0})", "expm1({0} * 0.1)", "rsqrt({0} * {0} + 1.0)"])
            return Statement("", f, [name], t)
        if t.dtype == INT:
            f, d = self.r.choice([("-{0}", INT), ("{0} + 1", INT), ("{0} * 3", INT), ("{0} // 2", INT), ("{0} % 3", INT), ("{0}.float() * 0.25", FLOAT), ("abs({0})", INT),
                                  ("{0} > 1", BOOL), ("{0} / 4", FLOAT), ("~{0}", INT), ("{0} & 3", INT)])
            return Statement("", f, [name], Type(d, t.dims))
        f, d = self.r.choice([("~{0}", BOOL), ("{0}.float()", FLOAT), ("{0}.long()", INT), ("where({0}, 1.0, -0.5)", FLOAT)])
        return Statement("", f, [name], Type(d, t.dims))

    def binary(self, m, values, name, t):
        def fits(u):  # the same sizes aligned from the right, or 1
            return u.dtype == t.dtype and u.rank <= t.rank and all(a == b or a == 1 for a, b in zip(u.dims[::-1], t.dims[::-1]))
        other = self.pick(values, fits)
        if not other:
            return None
        if t.dtype == FLOAT:
            f, d = self.r.choice([("{0} + {1}", FLOAT), ("{0} - {1}", FLOAT), ("{1} - {0}", FLOAT), ("{0} * {1}", FLOAT), ("maximum({0}, {1})", FLOAT), ("minimum({1}, {0})", FLOAT),
                                  ("{0} / ({1}.abs() + 1.0)", FLOAT), ("where({0} > {1}, {0}, {1} * 0.5)", FLOAT), ("{0} <= {1}", BOOL), ("{0} == {1}", BOOL),
                                  ("({0}.abs() + 0.5) ** {1}.clamp(-2.0, 2.0)", FLOAT), ("{0} * 0.5 + {1} * 0.25", FLOAT)])
        elif t.dtype == INT:
            f, d = self.r.choice([("{0} + {1}", INT), ("{0} - {1}", INT), ("{0} * {1}", INT), ("{0} < {1}", BOOL), ("maximum({0}, {1})", INT), ("{0} | {1}", INT),
                                  ("{0} // ({1} * {1} + 1)", INT), ("{0} % ({1} * {1} + 2)", INT)])
        else:
            f, d = self.r.choice([("{0} & {1}", BOOL), ("{0} | {1}", BOOL), ("{0} == {1}", BOOL)])
        return Statement("", f, [name, other[0]], Type(d, t.dims))

    def reduce(self, m, values, name, t):
        if t.rank == 0:
            return None
        k = self.r.sample(range(t.rank), self.r.randint(1, min(2, t.rank)))
        keep = self.r.random() < 0.5
        dims = tuple(1 if i in k else d for i, d in enumerate(t.dims)) if keep else tuple(d for i, d in enumerate(t.dims) if i not in k)
        d = self.r.choice(k) - (t.rank if self.r.random() < 0.3 else 0)
        one = tuple(1 if i == d % t.rank else x for i, x in enumerate(t.dims)) if keep else tuple(x for i, x in enumerate(t.dims) if i != d % t.rank)
        axes = f"({', '.join(map(str, k))},), keepdim={keep}"
        if t.dtype == FLOAT:
            rules = [(f"{{0}}.sum({axes}) * 0.2", FLOAT, dims), (f"{{0}}.mean({axes})", FLOAT, dims), (f"{{0}}.amax({axes})", FLOAT, dims),
                     (f"{{0}}.argmax({d}, keepdim={keep})", INT, one), (f"softmax({{0}}, {d})", FLOAT, t.dims), (f"log_softmax({{0}}, {d})", FLOAT, t.dims),
                     (f"{{0}}.cumsum({d}) * 0.2", FLOAT, t.dims), (f"{{0}}.logsumexp({d}, keepdim={keep})", FLOAT, one),
                     (f"{{0}}.var({d}, unbiased=False, keepdim={keep})", FLOAT, one), (f"{{0}}.amin({axes})", FLOAT, dims)]
        elif t.dtype == INT:
            rules = [(f"{{0}}.sum({axes})", INT, dims), (f"{{0}}.amax({axes})", INT, dims), (f"{{0}}.cumsum({d})", INT, t.dims)]
        else:
            rules = [(f"{{0}}.sum({axes})", INT, dims), (f"{{0}}.any({d}, keepdim={keep})", BOOL, one), (f"{{0}}.all({d}, keepdim={keep})", BOOL, one)]
        f, dtype, dims = self.r.choice(rules)
        return Statement("", f, [name], Type(dtype, dims))

    def shape(self, m, values, name, t):
        if t.rank < 2:
            return Statement("", "{0}.unsqueeze(0)", [name], Type(t.dtype, (1, *t.dims))) if self.r.random() < 0.3 else None
        i = self.r.randrange(t.rank - 1)
        swapped = list(t.dims)
        swapped[i], swapped[i + 1] = swapped[i + 1], swapped[i]
        order = list(range(t.rank))
        self.r.shuffle(order)
        rules = [(f"{{0}}.transpose({i}, {i + 1})", tuple(swapped)), (f"{{0}}.permute({', '.join(map(str, order))})", tuple(t.dims[k] for k in order)),
                 (f"{{0}}.flip({i})", t.dims), (f"{{0}}.unsqueeze({i})", (*t.dims[:i], 1, *t.dims[i:])), (f"{{0}}.roll(1, {i})", t.dims)]
        if isinstance(t.dims[i], int) and isinstance(t.dims[i + 1], int):
            rules.append((f"{{0}}.flatten({i}, {i + 1})", (*t.dims[:i], t.dims[i] * t.dims[i + 1], *t.dims[i + 2:])))
        if isinstance(t.dims[i], int) and t.dims[i] % 2 == 0:
            rules.append((f"{{0}}.unflatten({i}, (2, {t.dims[i] // 2}))", (*t.dims[:i], 2, t.dims[i] // 2, *t.dims[i + 1:])))
        if t.dims[i] == 1:
            rules.append((f"{{0}}.squeeze({i})", (*t.dims[:i], *t.dims[i + 1:])))
            rules.append((f"{{0}}.expand({', '.join('3' if k == i else '-1' for k in range(t.rank))})", (*t.dims[:i], 3, *t.dims[i + 1:])))
        f, dims = self.r.choice(rules)
        return Statement("", f, [name], Type(t.dtype, dims)) if len(dims) <= 5 else None

    def index(self, m, values, name, t):
        at = [i for i, d in enumerate(t.dims) if isinstance(d, int)]
        if not at:
            return None
        i = self.r.choice(at)
        n, lead = t.dims[i], ":, " * i
        a = self.r.randrange(n)
        b = self.r.randint(a + 1, n)
        step = self.r.randint(1, 2)
        rules = [(f"{{0}}[{lead}{a}]", (*t.dims[:i], *t.dims[i + 1:])), (f"{{0}}[{lead}{a - n}]", (*t.dims[:i], *t.dims[i + 1:])),
                 (f"{{0}}[{lead}{a}:{b}:{step}]", (*t.dims[:i], (b - a + step - 1) // step, *t.dims[i + 1:])), (f"{{0}}[{lead}{a - n}:]", (*t.dims[:i], n - a, *t.dims[i + 1:])),
                 (f"{{0}}[{lead}None]", (*t.dims[:i], 1, *t.dims[i:]))]
        ids = self.pick(values, lambda u: u.dtype == INT and u.rank + t.rank <= 5)
        if ids and self.r.random() < 0.5:
            return Statement("", f"{{0}}[{lead}{{1}} % {n}]", [name, ids[0]], Type(t.dtype, (*t.dims[:i], *ids[1].dims, *t.dims[i + 1:])))
        f, dims = self.r.choice(rules)
        if t.dtype == FLOAT and self.r.random() < 0.2:
            return Statement("", f"{{t}} = {{0}}\n{{t}}[{lead}{a}:{b}] = 0.25", [name], t)
        return Statement("", f, [name], Type(t.dtype, dims)) if len(dims) <= 5 else None

    def join(self, m, values, name, t):
        if t.rank == 0:
            return None
        i = self.r.randrange(t.rank)
        other = self.pick(values, lambda u: u.dtype == t.dtype and u.rank == t.rank and all(a == b or k == i for k, (a, b) in enumerate(zip(u.dims, t.dims))))
        if other and isinstance(t.dims[i], int) and isinstance(other[1].dims[i], int) and self.r.random() < 0.6:
            return Statement("", f"cat([{{0}}, {{1}}], {i})", [name, other[0]], Type(t.dtype, (*t.dims[:i], t.dims[i] + other[1].dims[i], *t.dims[i + 1:])))
        if isinstance(t.dims[i], int) and t.dims[i] % 2 == 0:
            return Statement("", f"{{0}}.chunk(2, {i})[{self.r.randrange(2)}]", [name], Type(t.dtype, (*t.dims[:i], t.dims[i] // 2, *t.dims[i + 1:])))
        if t.rank < 4:
            return Statement("", f"stack([{{0}}, {{0}}], {i})", [name], Type(t.dtype, (*t.dims[:i], 2, *t.dims[i:])))
        if t.dtype == FLOAT and isinstance(t.dims[-1], int):
            return Statement("", "F.pad({0}, (1, 2), value=0.5)", [name], Type(t.dtype, (*t.dims[:-1], t.dims[-1] + 3)))
        return None

    def layer(self, m, values, name, t):
        if t.dtype != FLOAT or t.rank < 2 or not isinstance(t.dims[-1], int):
            return None
        n, out = t.dims[-1], self.r.choice([1, 3, 8, 17])
        rules = [(f"nn.Linear({n}, {out})", (*t.dims[:-1], out)), (f"nn.Linear({n}, {out}, bias=False)", (*t.dims[:-1], out)), (f"nn.LayerNorm({n})", t.dims),
                 (f"nn.RMSNorm({n})", t.dims)]
        if t.rank in (2, 3) and isinstance(t.dims[1], int):
            rules.append((f"nn.BatchNorm1d({t.dims[1]})", t.dims))
        if self.r.random() < 0.2:
            p = self.member(m, "w", f"param {{n}}: f32[{n}] = nn.init.uniform(-1.0, 1.0)")
            return Statement("", f"{{0}} * {p}", [name], t, [p])
        f, dims = self.r.choice(rules)
        c = self.member(m, "c", f)
        return Statement("", f"{c}({{0}})", [name], Type(FLOAT, dims), [c])

    def product(self, m, values, name, t):
        if t.dtype != FLOAT or t.rank < 2:
            return None
        other = self.pick(values, lambda u: u.dtype == FLOAT and u.rank in (2, t.rank) and u.dims[-2] == t.dims[-1] and u.dims[:-2] in ((), t.dims[:-2]))
        if other:
            return Statement("", "{0} @ {1} * 0.3", [name, other[0]], Type(FLOAT, (*t.dims[:-1], other[1].dims[-1])))
        if t.rank == 4 and isinstance(t.dims[-1], int) and self.r.random() < 0.5:
            return Statement("", f"F.scaled_dot_product_attention({{0}}, {{0}}, {{0}}, is_causal={self.r.random() < 0.5})", [name], t)
        return Statement("", "{0} @ {0}.transpose(-2, -1) * 0.2", [name], Type(FLOAT, (*t.dims[:-1], t.dims[-2])))

    def integer(self, m, values, name, t):
        sizes = [d for d in t.dims if isinstance(d, str)]
        rules = [("arange(7)", (7,))] + [(f"arange({d})", (d,)) for d in sizes]
        f, dims = self.r.choice(rules)
        return Statement("", f, [], Type(INT, dims))

    def child(self, m, values, name, t):
        inputs = [(name, t)] + ([self.r.choice(values)] if self.r.random() < 0.4 else [])
        sub = self.module([(f"a{i}", u) for i, (_, u) in enumerate(inputs)], depth=0, length=self.r.randint(1, 5))
        if len(sub.outputs) != 1:
            sub.outputs = sub.outputs[:1]
            sub.drop_dead()
        m.subs.append(sub)
        c = self.member(m, "m", f"{sub.name}()")
        return Statement("", f"{c}({', '.join('{%d}' % i for i in range(len(inputs)))})", [n for n, _ in inputs], sub.types()[sub.outputs[0]], [c])

    def loop(self, m, values, name, t):
        if t.dtype != FLOAT or t.rank == 0:
            return None
        i, lead = self.r.randrange(t.rank), None
        lead, rest = ":, " * i, (*t.dims[:i], *t.dims[i + 1:])
        size = t.dims[i]
        rules = [(f"{{t}} = zeros({', '.join(map(str, rest))})\nfor i in range({size}):\n    {{t}} = {{t}} * 0.5 + tanh({{0}}[{lead}i])", rest),
                 (f"{{t}} = zeros({', '.join(map(str, t.dims))})\nfor i in range({size}):\n    {{t}}[{lead}i] = {{0}}[{lead}{size} - 1 - i] * 0.5", t.dims),
                 ("{t} = {0}\nfor i in range(3):\n    {t} = sigmoid({t} + i)", t.dims)]
        f, dims = self.r.choice(rules)
        return Statement("", f, [name], Type(FLOAT, dims)) if dims else None

    def branch(self, m, values, name, t):
        other = self.pick(values, lambda u: u == t)
        condition = self.pick(values, lambda u: u.dtype == FLOAT)
        if t.dtype != FLOAT or not other or not condition:
            return None
        if self.r.random() < 0.5:
            return Statement("", "if {2}.sum() > 0.1:\n    {t} = {0} * 2\nelse:\n    {t} = {1} - 1", [name, other[0], condition[0]], t)
        return Statement("", "{0} if {2}.mean() < 0.3 else {1} * 0.5", [name, other[0], condition[0]], t)

    def order(self, m, values, name, t):
        at = [i for i, d in enumerate(t.dims) if isinstance(d, int)]
        if t.dtype == BOOL or not at:
            return None
        i, down = self.r.choice(at), self.r.random() < 0.5
        if self.r.random() < 0.5:
            which = self.r.randrange(2)
            return Statement("", f"sort({{0}}, {i}, {down})[{which}]", [name], Type(INT, t.dims) if which else t)
        k = self.r.randint(1, t.dims[i])
        return Statement("", f"topk({{0}}, {k}, {i})[0]", [name], Type(t.dtype, (*t.dims[:i], k, *t.dims[i + 1:])))

    def window(self, m, values, name, t):
        if t.dtype != FLOAT or t.rank not in (3, 4) or not isinstance(t.dims[1], int):
            return None
        nd, c = t.rank - 2, t.dims[1]
        if not all(isinstance(d, int) and d >= 3 for d in t.dims[2:]):
            return None
        out, stride, pad, k = self.r.choice([1, 4, 8]), self.r.randint(1, 2), self.r.randint(0, 1), self.r.randint(1, 3)
        after = tuple((d + 2 * pad - k) // stride + 1 for d in t.dims[2:])
        groups = self.r.choice([1, 1, c])
        out = out * (groups if groups > 1 else 1)
        if self.r.random() < 0.5:
            layer = self.member(m, "c", f"nn.Conv{nd}d({c}, {out}, {k}, stride={stride}, padding={pad}, groups={groups})")
            return Statement("", f"{layer}({{0}})", [name], Type(FLOAT, (t.dims[0], out, *after)), [layer])
        kind = self.r.choice(["max", "avg"])
        pad = min(pad, k // 2)
        after = tuple((d + 2 * pad - k) // stride + 1 for d in t.dims[2:])
        return Statement("", f"F.{kind}_pool{nd}d({{0}}, {k}, {stride}, {pad})", [name], Type(FLOAT, (t.dims[0], c, *after)))

    def state(self, m, values, name, t):
        if t.dtype != FLOAT:
            return None
        b = self.member(m, "b", "buffer {n}: f32[] = 0.5")
        return Statement("", f"state{b} = {b} * 0.9 + {{0}}.mean() * 0.1\n{b} = state{b}\n{{t}} = {{0}} + {b}", [name], t, [b])

    def draw(self, m, values, name, t):
        if t.dtype != FLOAT:
            return None
        m.draws = True
        c = self.member(m, "d", "nn.Dropout(0.3)")
        return Statement("", f"{c}({{0}})", [name], t, [c])


def walk(module):
    """The module and all that it calls."""
    yield module
    for sub in module.subs:
        yield from walk(sub)
