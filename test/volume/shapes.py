"""Rules that change shapes: views, indices, slices, joining."""
from program import FLOAT, INT, Statement, Type, plus, times


class ShapeRules:
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
        rules.append((f"{{0}}.flatten({i}, {i + 1})", (*t.dims[:i], times(t.dims[i], t.dims[i + 1]), *t.dims[i + 2:])))
        rules.append((f"{{0}}.view(-1, {t.dims[-1]})", (times(*t.dims[:-1]), t.dims[-1])))
        rules.append((f"{{0}}.reshape({t.dims[0]}, -1)", (t.dims[0], times(*t.dims[1:]))))
        rules.append(("{0}.reshape(-1)", (times(*t.dims),)))
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
        ids = self.pick(values, lambda u: u.dtype in (INT, "i32") and u.rank + t.rank <= 5)
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
        if other and self.r.random() < 0.6:
            return Statement("", f"cat([{{0}}, {{1}}], {i})", [name, other[0]], Type(t.dtype, (*t.dims[:i], plus(t.dims[i], other[1].dims[i]), *t.dims[i + 1:])))
        if isinstance(t.dims[i], int) and t.dims[i] % 2 == 0:
            return Statement("", f"{{0}}.chunk(2, {i})[{self.r.randrange(2)}]", [name], Type(t.dtype, (*t.dims[:i], t.dims[i] // 2, *t.dims[i + 1:])))
        if t.rank < 4:
            return Statement("", f"stack([{{0}}, {{0}}], {i})", [name], Type(t.dtype, (*t.dims[:i], 2, *t.dims[i:])))
        if t.dtype == FLOAT:
            return Statement("", "F.pad({0}, (1, 2), value=0.5)", [name], Type(t.dtype, (*t.dims[:-1], plus(t.dims[-1], 3))))
        return None

    def slices(self, m, values, name, t):
        """Slices of and with sizes that have names."""
        if t.rank == 0:
            return None
        i = self.r.randrange(t.rank)
        d, lead = t.dims[i], ":, " * i
        after = lambda x: (*t.dims[:i], x, *t.dims[i + 1:])
        if isinstance(d, int):
            bound = self.pick(values, lambda u: any(isinstance(x, str) and x.isidentifier() for x in u.dims))
            if not bound:
                return None
            n = next(x for x in bound[1].dims if isinstance(x, str) and x.isidentifier())
            return Statement("", f"{{0}}[{lead}:{n}]", [name], Type(t.dtype, after(f"min({d}, {n})")))
        rules = [(f"{{0}}[{lead}1:]", after(plus(d, -1))), (f"{{0}}[{lead}:-1]", after(plus(d, -1))), (f"{{0}}[{lead}0]", (*t.dims[:i], *t.dims[i + 1:])),
                 (f"{{0}}[{lead}-1]", (*t.dims[:i], *t.dims[i + 1:])), (f"{{0}}[{lead}::2]", after(f"({d} + 1) // 2")), (f"{{0}}[{lead}:{d} // 2]", after(f"({d}) // 2")),
                 (f"{{0}}.narrow({i}, 1, {d} - 1)", after(plus(d, -1))), (f"{{0}}[{lead}{d} - 1:]", after(1))]
        f, dims = self.r.choice(rules)
        if t.dtype == FLOAT and self.r.random() < 0.2:
            return Statement("", f"{{t}} = {{0}}\n{{t}}[{lead}1:] = {{0}}[{lead}:-1] * 0.5", [name], t)
        return Statement("", f, [name], Type(t.dtype, dims))
