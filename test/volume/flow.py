"""Rules for loops and branches that the run decides."""
from program import FLOAT, Statement, Type


class FlowRules:
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

    def repeat(self, m, values, name, t):
        """Loops in loops, branches in loops, `while`, rows of a value."""
        if t.dtype != FLOAT or t.rank == 0:
            return None
        rest, size = t.dims[1:], t.dims[0]
        zeros = f"zeros({', '.join(map(str, rest))})" if rest else "zeros(())"
        rules = [("{t} = {0}\nwhile {t}.abs().amax() > 1.5:\n    {t} = {t} * 0.5", t.dims),
                 (f"{{t}} = {zeros}\nfor i in range({size}):\n    for j in range(2):\n        {{t}} = {{t}} * 0.5 + {{0}}[i] * (j + 1)", rest),
                 (f"{{t}} = {zeros}\nfor row in {{0}}:\n    {{t}} = maximum({{t}}, row * 0.5)", rest),
                 (f"{{t}} = {zeros}\nfor k, row in enumerate(reversed({{0}})):\n    if row.mean() > 0.0:\n        {{t}} = {{t}} + row\n    else:\n        {{t}} = {{t}} - k * 0.1", rest),
                 (f"{{t}} = {{0}}\nif {size} > 4:\n    {{t}} = {{t}} * 0.5\nelif {size} % 2 == 0:\n    {{t}} = tanh({{t}})", t.dims),
                 (f"{{t}} = {{0}}\nfor i in range(1, {size}):\n    {{t}}[i] = {{t}}[i - 1] * 0.5 + {{0}}[i]", t.dims),
                 (f"{{t}} = {{0}}\nfor i in range(0, {size}, 2):\n    if i > 2:\n        {{t}}[i] = {{t}}[i] * 0.5", t.dims)]
        f, dims = self.r.choice(rules)
        return Statement("", f, [name], Type(FLOAT, dims))

    def rounds(self, m, values, name, t):
        """Loops and branches that call children and write state."""
        if t.dtype != FLOAT or t.rank == 0 or not isinstance(t.dims[-1], int):
            return None
        n, size = t.dims[-1], t.dims[0]
        c = self.member(m, "c", f"nn.Linear({n}, {n})")
        rules = [(f"{{t}} = {{0}}\nfor i in range({size}):\n    {{t}} = tanh({c}({{t}})) + {{0}} * 0.1", []),
                 (f"if {{0}}.mean() > 0.0:\n    {{t}} = {c}({{0}})\nelse:\n    {{t}} = {c}(tanh({{0}}))", [])]
        if "state" in self.features:
            b = self.member(m, "b", f"buffer {{n}}: f32[{n}] = 0.5")
            rules += [(f"{{t}} = {{0}}\nfor i in range({size}):\n    {b} = {b} * 0.5 + {c}({b})\n    {{t}} = {{t}} * 0.5 + {b}", [b]),
                      (f"if {{0}}.sum() > 0.0:\n    {b}.copy_({c}({b}))\n{{t}} = {{0}} + {b}", [b])]
        f, more = self.r.choice(rules)
        return Statement("", f, [name], t, [c, *more])
