"""Rules that make children: layers of the library, modules and functions with a place for values, state, random numbers."""
from program import FLOAT, Statement, Type, times


class ModuleRules:
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

    def window(self, m, values, name, t):
        if t.dtype != FLOAT or t.rank not in (3, 4) or not isinstance(t.dims[1], int):
            return None
        nd, c = t.rank - 2, t.dims[1]
        if not all(isinstance(d, int) and d >= 3 for d in t.dims[2:]):
            return self.net(m, values, name, t)
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
        c = self.member(m, "d", "nn.Dropout(0.3)")
        return Statement("", f"{c}({{0}})", [name], t, [c])

    def net(self, m, values, name, t):
        """Convolutions that keep or double sizes, which may have names, and what stands round them in networks."""
        if t.dtype != FLOAT or t.rank not in (3, 4) or not isinstance(t.dims[1], int):
            return None
        nd, c, out = t.rank - 2, t.dims[1], self.r.choice([2, 4, 6])
        twice = tuple(times(d, 2) for d in t.dims[2:])
        same, up = (t.dims[0], out, *t.dims[2:]), (t.dims[0], out, *twice)
        rules = [(f"nn.Sequential(nn.Conv{nd}d({c}, {out}, 3, padding=1, bias=False), nn.BatchNorm{nd}d({out}), nn.ReLU())", same),
                 (f"nn.Sequential(nn.Conv{nd}d({c}, {out}, 1), nn.GELU(), nn.Conv{nd}d({out}, {out}, 3, padding=2, dilation=2, groups={out // 2}))", same),
                 (f"nn.ConvTranspose{nd}d({c}, {out}, 2, stride=2)", up), (f"nn.ConvTranspose{nd}d({c}, {out}, 3, padding=1)", same),
                 (f"nn.MaxPool{nd}d(3, 1, 1)", t.dims), (f"nn.AvgPool{nd}d(3, 1, 1)", t.dims), (f"nn.GroupNorm(1, {c})", t.dims), (f"nn.BatchNorm{nd}d({c})", t.dims),
                 (f"nn.AdaptiveAvgPool{nd}d(1)", (*t.dims[:2], *[1] * nd)), (f"nn.Upsample(scale_factor=2)", (*t.dims[:2], *twice))]
        f, dims = self.r.choice(rules)
        layer = self.member(m, "c", f)
        return Statement("", f"{layer}({{0}})", [name], Type(FLOAT, dims), [layer])

    def part(self, m, values, name, t):
        """A module of library.py whose input ends in a known size."""
        if t.dtype != FLOAT or t.rank < 2 or not isinstance(t.dims[-1], int):
            return None
        n = t.dims[-1]
        rounds = self.r.choice([x for x in t.dims if isinstance(x, str) and x.isidentifier()] + [2])
        declaration, call = self.r.choice([(f"Tied({n})", "{c}({0})"), (f"Stack({n}, 2)", "{c}({0})"), (f"Residual(nn.Linear({n}, {n}))", "{c}({0})"),
                                           (f"Residual(Tied({n}))", "twice({c}, {0}) * 0.5"), (f"Halves({n})", "{c}({0})[1]"), (f"Halves({n})", "{t}, {t}gate = {c}({0})\n{t} = {t} * {t}gate"),
                                           (f"Chosen({n})", "{c}({0})"), (f"Steps({n})", f"{{c}}({{0}}, {rounds})"), (f"Ema({n})", "{c}({0})"), (f"Noisy({n})", f"{{c}}({{0}}, {rounds})"),
                                           (f"nn.ModuleDict({{'a': nn.Linear({n}, {n}), 'b': Tied({n})}})", "{c}['b']({c}['a']({0}))"),
                                           (f"[nn.Linear({n}, {n}), Stack({n}, 1)]", "{t} = {0}\nfor layer in {c}:\n    {t} = layer({t})")])
        if "Noisy" in declaration and "random" not in self.features:
            return None
        c = self.member(m, "p", declaration)
        return Statement("", call.replace("{c}", c), [name], t, [c])

    def stateful(self, m, values, name, t):
        """State of one module read by another, and state written by rows."""
        if t.dtype != FLOAT:
            return None
        if t.rank == 2 and isinstance(t.dims[1], int) and self.r.random() < 0.5:
            c = self.member(m, "s", f"Memory({t.dims[1]})")
            return Statement("", f"{c}({{0}})", [name], t, [c])
        c = self.member(m, "s", "Counter()")
        p = self.member(m, "s", f"Peek({c})")
        return Statement("", self.r.choice([f"{p}({{0}})", f"{{t}} = {c}({{0}}) + {p}({{0}})", f"{{t}} = {p}({{0}}) * {c}.calls"]), [name], t, [c, p])

    def function(self, m, values, name, t):
        other = self.pick(values, lambda u: u == t)
        if t.dtype != FLOAT:
            return None
        f = self.r.choice(["decay({0}, 2)", "blend({0}, {1}, k=0.25)", "either({0}, {1})", "twice(tanh, {0})", "sum([relu(z) for z in [{0}, {1}]])"])
        return Statement("", f, [name, other[0]] if "{1}" in f else [name], t)

    def recurrent(self, m, values, name, t):
        if t.dtype != FLOAT or t.rank != 3 or not isinstance(t.dims[2], int):
            return None
        a, b, n = t.dims
        out = self.r.choice([2, 5])
        rules = [(f"nn.LSTM({n}, {out})", "{c}({0})[0]", (a, b, out)), (f"nn.LSTM({n}, {out}, batch_first=True)", "{t}, ({t}h, {t}c) = {c}({0})", (a, b, out)),
                 (f"nn.GRU({n}, {out}, num_layers=2)", "{c}({0})[0]", (a, b, out)), (f"nn.GRU({n}, {out}, bidirectional=True)", "{c}({0})[0]", (a, b, 2 * out)),
                 (f"Recur({n}, {out})", "{c}({0})[0]", (a, b, out)), (f"Recur({n}, {out})", "{c}({0})[1]", (b, out))]
        declaration, call, dims = self.r.choice(rules)
        c = self.member(m, "r", declaration)
        return Statement("", call.replace("{c}", c), [name], Type(FLOAT, dims), [c])

    def attend(self, m, values, name, t):
        if t.dtype != FLOAT or t.rank != 3 or not isinstance(t.dims[2], int) or t.dims[2] % 2:
            return None
        a, b, n = t.dims
        declaration, call, dims = self.r.choice([(f"Attend({n})", "{c}({0})[0]", t.dims), (f"Attend({n})", "{c}({0})[1]", (a, b, b)),
                                                 (f"nn.TransformerEncoderLayer({n}, 2, 8, dropout=0.0, batch_first=True)", "{c}({0})", t.dims)])
        c = self.member(m, "a", declaration)
        return Statement("", call.replace("{c}", c), [name], Type(FLOAT, dims), [c])
