"""Makes a random program from a seed, statement by statement, with the rules of the other files."""
import random
import re

from flow import FlowRules
from modules import ModuleRules
from program import BOOL, FLOAT, HALVES, INT, Module, Statement, Type
from shapes import ShapeRules
from values import ValueRules

# What a program may contain beside the rest, and the rules of each.
FEATURES = {"loops": ["loop", "branch", "repeat", "rounds"], "sort": ["order"], "conv": ["window", "net"], "state": ["state", "stateful"], "random": ["draw"],
            "dtypes": ["cast", "mixed"], "half": [], "nets": ["part", "function", "recurrent", "attend"]}
LARGEST = 40_000  # elements of a value


class Generator(ValueRules, ShapeRules, ModuleRules, FlowRules):
    def __init__(self, seed, features):
        self.r = random.Random(seed)
        self.features = features
        self.modules = 0
        self.bounds = {"N": 9, "S": 20}  # the largest size of each name
        self.rules = ["unary", "binary", "reduce", "shape", "index", "slices", "join", "layer", "integer", "product"]
        self.rules += [r for f in sorted(features) for r in FEATURES[f]]
        self.half = "half" in features and self.r.random() < 0.2

    def program(self):
        return self.module([(f"x{i}", self.type(symbolic=True)) for i in range(self.r.randint(1, 3))], depth=2, length=self.r.randint(3, 14))

    def dtype(self):
        dtype = self.r.choices([FLOAT, INT, BOOL], [8, 2, 1])[0]
        if "dtypes" in self.features and self.r.random() < 0.2:
            dtype = self.r.choice(["f64", "f64", "i32", "i8", "u8"])
        return self.r.choice(HALVES) if self.half and self.r.random() < 0.5 else dtype

    def type(self, symbolic=False):
        rank = self.r.choices([0, 1, 2, 3, 4, 5], [1, 4, 8, 8, 3, 1])[0]
        pool = ([1, 2, 3, 4, 5, 7, 8, 16, 17, 33] if rank < 4 else [1, 2, 3, 4, 5]) + (["N", "S"] * 4 if symbolic else [])
        t = Type(self.dtype(), tuple(self.r.choice(pool) for _ in range(rank)))
        return t if self.fits(t) else self.type(symbolic)

    def largest(self, dim):
        return dim if isinstance(dim, int) else eval(dim, {"min": min}, self.bounds)

    def fits(self, t):
        """Whether a value of the type is small enough to go on with."""
        n = 1
        for d in t.dims:
            n *= self.largest(d)
        return t.rank <= 5 and n <= LARGEST and all(len(str(d)) <= 30 for d in t.dims)

    def module(self, inputs, depth, length):
        self.modules += 1
        m = Module(f"M{self.modules}", list(inputs), {}, [], [])
        values = list(inputs)
        attempts = 0
        while len(m.statements) < length and attempts < 200:
            attempts += 1
            made = self.statement(m, values, depth)
            if made and self.fits(made.type):
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
        return getattr(self, self.r.choice(self.rules + (["child"] if depth > 0 else [])))(m, values, name, t)

    def pick(self, values, wanted):
        fits = [v for v in values if wanted(v[1])]
        return self.r.choice(fits) if fits else None

    def member(self, m, prefix, declaration):
        name = f"{prefix}{len(m.members)}"
        m.members[name] = declaration.replace("{n}", name)
        return name

    def child(self, m, values, name, t):
        inputs, outside = [(name, t)] + ([self.r.choice(values)] if self.r.random() < 0.4 else []), {}

        def inner(dim):  # a size that is not a name gets one, as the pattern that binds it
            if isinstance(dim, int) or dim.isidentifier():
                return dim
            known = next((k for k, v in outside.items() if v == dim), None)
            if not known:
                known = f"D{len(self.bounds)}"
                self.bounds[known], outside[known] = self.largest(dim), dim
            return known

        sub = self.module([(f"a{i}", Type(u.dtype, tuple(map(inner, u.dims)))) for i, (_, u) in enumerate(inputs)], depth=0, length=self.r.randint(1, 5))
        both = len(sub.outputs) > 1 and self.r.random() < 0.5
        sub.outputs = sub.outputs[: 2 if both else 1]
        sub.drop_dead()
        sub.typed = self.r.random() < 0.7 or any(re.search(r"\b(N|S|D\d+)\b", s.text) for s in sub.statements)
        m.subs.append(sub)
        c = self.member(m, "m", f"{sub.name}()")
        call = f"{c}({', '.join('{%d}' % i for i in range(len(inputs)))})"
        which = self.r.randrange(2) if both else 0
        out = sub.types()[sub.outputs[which]]

        def outer(dim):
            if dim in outside:
                return outside[dim]
            return dim if isinstance(dim, int) else re.sub(r"D\d+", lambda k: f"({outside[k[0]]})" if k[0] in outside else k[0], dim)

        text = self.r.choice([f"{call}[{which}]", "{t}, {t}other = " + call if which == 0 else "{t}other, {t} = " + call]) if both else call
        return Statement("", text, [n for n, _ in inputs], Type(out.dtype, tuple(map(outer, out.dims))), [c])
