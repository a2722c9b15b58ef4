"""Rules for elementwise operations, promotion, reductions, products and sorting."""
from program import BOOL, FLOAT, FLOATS, HALVES, INT, INTS, Statement, Type, promoted


class ValueRules:
    def unary(self, m, values, name, t):
        if t.dtype in FLOATS:
            f = self.r.choice(["relu({0})", "gelu({0})", "silu({0})", "tanh({0})", "sigmoid({0})", "{0} * 0.5", "1.5 - {0}", "-{0}", "{0} ** 2 * 0.1", "{0}.abs().sqrt()",
                               "exp(-{0}.abs())", "log1p({0}.abs())", "sin({0})", "cos({0})", "erf({0})", "{0}.clamp(-1.0, 1.0)", "softplus({0})", "floor({0} * 4.0)",
                               "round({0} * 4.0)", "{0} / 3", "F.leaky_relu({0}, 0.2)", "F.hardswish({0})", "F.elu({0})", "expm1({0} * 0.1)", "rsqrt({0} * {0} + 1.0)"])
            return Statement("", f, [name], t)
        if t.dtype in INTS:
            f, d = self.r.choice([("-{0}", t.dtype), ("{0} + 1", t.dtype), ("{0} * 3", t.dtype), ("{0} // 2", t.dtype), ("{0} % 3", t.dtype), ("{0}.float() * 0.25", FLOAT), ("abs({0})", t.dtype),
                                  ("{0} > 1", BOOL), ("{0} / 4", FLOAT), ("~{0}", t.dtype), ("{0} & 3", t.dtype)])
            return Statement("", f, [name], Type(d, t.dims))
        f, d = self.r.choice([("~{0}", BOOL), ("{0}.float()", FLOAT), ("{0}.long()", INT), ("where({0}, 1.0, -0.5)", FLOAT)])
        return Statement("", f, [name], Type(d, t.dims))

    def binary(self, m, values, name, t):
        def fits(u):  # the same sizes aligned from the right, or 1
            return u.dtype == t.dtype and u.rank <= t.rank and all(a == b or a == 1 for a, b in zip(u.dims[::-1], t.dims[::-1]))
        other = self.pick(values, fits)
        if not other:
            return None
        d0 = promoted(t, other[1])
        if t.dtype in FLOATS:
            f, d = self.r.choice([("{0} + {1}", d0), ("{0} - {1}", d0), ("{1} - {0}", d0), ("{0} * {1}", d0), ("maximum({0}, {1})", d0), ("minimum({1}, {0})", d0),
                                  ("{0} / ({1}.abs() + 1.0)", d0), ("where({0} > {1}, {0}, {1} * 0.5)", d0), ("{0} <= {1}", BOOL), ("{0} == {1}", BOOL),
                                  ("({0}.abs() + 0.5) ** {1}.clamp(-2.0, 2.0)", d0), ("{0} * 0.5 + {1} * 0.25", d0)])
        elif t.dtype in INTS:
            f, d = self.r.choice([("{0} + {1}", d0), ("{0} - {1}", d0), ("{0} * {1}", d0), ("{0} < {1}", BOOL), ("maximum({0}, {1})", d0), ("{0} | {1}", d0),
                                  ("{0} // ({1} * {1} + 1)", d0), ("{0} % ({1} * {1} + 2)", d0)])
        else:
            f, d = self.r.choice([("{0} & {1}", BOOL), ("{0} | {1}", BOOL), ("{0} == {1}", BOOL)])
        return Statement("", f, [name, other[0]], Type(d, t.dims))

    def reduce(self, m, values, name, t):
        if t.rank == 0:
            return Statement("", self.r.choice(["{0}.sum()", "{0}.reshape(1, 1)[0, 0]"]) if t.dtype == FLOAT else "{0}", [name], t)
        k = self.r.sample(range(t.rank), self.r.randint(1, min(2, t.rank)))
        keep = self.r.random() < 0.5
        dims = tuple(1 if i in k else d for i, d in enumerate(t.dims)) if keep else tuple(d for i, d in enumerate(t.dims) if i not in k)
        d = self.r.choice(k) - (t.rank if self.r.random() < 0.3 else 0)
        one = tuple(1 if i == d % t.rank else x for i, x in enumerate(t.dims)) if keep else tuple(x for i, x in enumerate(t.dims) if i != d % t.rank)
        axes = f"({', '.join(map(str, k))},), keepdim={keep}"
        if t.dtype in FLOATS:
            rules = [(f"{{0}}.sum({axes}) * 0.2", t.dtype, dims), (f"{{0}}.mean({axes})", t.dtype, dims), (f"{{0}}.amax({axes})", t.dtype, dims),
                     (f"{{0}}.argmax({d}, keepdim={keep})", INT, one), (f"softmax({{0}}, {d})", t.dtype, t.dims), (f"log_softmax({{0}}, {d})", t.dtype, t.dims),
                     (f"{{0}}.cumsum({d}) * 0.2", t.dtype, t.dims), (f"{{0}}.logsumexp({d}, keepdim={keep})", t.dtype, one),
                     (f"{{0}}.var({d}, unbiased=False, keepdim={keep})", t.dtype, one), (f"{{0}}.amin({axes})", t.dtype, dims)]
        elif t.dtype in INTS:
            rules = [(f"{{0}}.sum({axes})", INT, dims), (f"{{0}}.amax({axes})", t.dtype, dims), (f"{{0}}.cumsum({d})", INT, t.dims)]
        else:
            rules = [(f"{{0}}.sum({axes})", INT, dims), (f"{{0}}.any({d}, keepdim={keep})", BOOL, one), (f"{{0}}.all({d}, keepdim={keep})", BOOL, one)]
        f, dtype, dims = self.r.choice(rules)
        return Statement("", f, [name], Type(dtype, dims))

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

    def cast(self, m, values, name, t):
        if t.dtype == BOOL or t.dtype in INTS:
            rules = [(".to(u8)", "u8"), (".to(i8)", "i8"), (".int()", "i32"), (".double()", "f64"), (".to(f32)", FLOAT), (".long()", INT)]
        else:
            rules = [(".double()", "f64"), (".float()", FLOAT), (".to(f32)", FLOAT), (".clamp(-9.0, 9.0).int()", "i32"), (".clamp(-9.0, 9.0).long()", INT)]
        if self.half and t.dtype in FLOATS:
            rules += [(".half()", "f16"), (".to(bf16)", "bf16")]
        f, d = self.r.choice(rules)
        return Statement("", "{0}" + f, [name], Type(d, t.dims))

    def mixed(self, m, values, name, t):
        def fits(u):  # another dtype, stretched to this value's sizes
            return u.dtype not in (t.dtype, BOOL) and u.rank <= t.rank and all(a == b or a == 1 for a, b in zip(u.dims[::-1], t.dims[::-1]))
        other = self.pick(values, fits)
        if not other or t.dtype == BOOL:
            return None
        d = promoted(t, other[1])
        rules = [("{0} + {1}", d), ("{1} - {0}", d), ("{0} * {1}", d), ("{0} < {1}", BOOL), ("{1} >= {0}", BOOL), ("maximum({0}, {1})", d), ("where({0} > 0, {0}, {1})", d)]
        rules += [("{0} / ({1} * {1} + 1)", d)] if d in FLOATS else [("{0} // ({1} | 1)", d), ("{0} % ({1} | 1)", d), ("{1} & {0}", d)]
        f, d = self.r.choice(rules)
        return Statement("", f, [name, other[0]], Type(d, t.dims))
