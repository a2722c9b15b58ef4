"""Random programs of the language: statements over typed values, in modules that call each other.

A program is data, so that it can be made smaller statement by statement (shrink.py). Sizes are names (`N`, `S`), products of them, or numbers.
"""
import dataclasses
import math
import re

import torch

from library import needed

FLOAT, INT, BOOL = "f32", "i64", "bool"
HALVES, INTS = ("f16", "bf16"), ("i64", "i32", "i8", "u8")
FLOATS = ("f32", "f64", *HALVES)
TORCH = {"f16": torch.float16, "bf16": torch.bfloat16, "f32": torch.float32, "f64": torch.float64, "i8": torch.int8, "u8": torch.uint8, "i32": torch.int32,
         "i64": torch.int64, "bool": torch.bool}


def promoted(t, u):
    """The dtype of t + u."""
    return next(k for k, v in TORCH.items() if v == torch.result_type(*(torch.empty([1] * x.rank, dtype=TORCH[x.dtype]) for x in (t, u))))


def times(*sizes):
    """The product of sizes as a dimension: its factors in order where all are plain."""
    number, factors = 1, []
    for size in sizes:
        if isinstance(size, int):
            number *= size
        else:
            factors += size.split(" * ") if not re.search(r"[^\w* ]", size) else [f"({size})"]
    number *= math.prod(int(f) for f in factors if f.isdigit())
    factors = sorted(f for f in factors if not f.isdigit())
    return " * ".join(factors + ([str(number)] if number != 1 else [])) if factors else number


def plus(a, b):
    """The sum of two sizes as a dimension."""
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    return f"{a} + {b}" if isinstance(b, str) or b >= 0 else f"{a} - {-b}"


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
    typed: bool = True  # types of the arguments are written

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
        used |= {n for u in used for n in self.members if re.search(rf"\b{n}\b", self.members[u])}
        self.members = {k: v for k, v in self.members.items() if k in used}
        self.subs = [m for m in self.subs if any(m.name + "()" in v for v in self.members.values())]
        for m in self.subs:
            m.drop_dead()

    def render(self):
        out = "".join(m.render() for m in self.subs)
        out += f"module {self.name}():\n"
        out += "".join(f"    {d if d.startswith(('param', 'buffer')) else f'{n} = {d}'}\n" for n, d in self.members.items())
        out += f"    def forward({', '.join(f'{n}: {t}' if self.typed else n for n, t in self.inputs)}):\n"
        for s in self.statements:
            out += "".join(f"        {line}\n" for line in s.render().splitlines())
        return out + f"        return {', '.join(self.outputs)}\n\n"

    def text(self):
        """The whole file."""
        body = self.render()
        return f"import nn\nimport nn.functional as F\n\n{needed(body)}{body}export model = {self.name}()\n"


def walk(module):
    """The module and all that it calls."""
    yield module
    for sub in module.subs:
        yield from walk(sub)
