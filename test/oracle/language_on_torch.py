"""Elaborates and runs .mod files on PyTorch: the meaning of language.md, made executable on concrete sizes.

An oracle that shares nothing with the compiler: a parser of its own, PyTorch for every primitive, concrete sizes, no symbols, no guards.
"""
import math
import sys
from pathlib import Path

import torch

from language_parser import ModError, Node, parse

DTYPES = {"f16": torch.float16, "bf16": torch.bfloat16, "f32": torch.float32, "f64": torch.float64, "i8": torch.int8, "u8": torch.uint8,
          "i32": torch.int32, "i64": torch.int64}


class Return(Exception):
    pass


class State:
    """A parameter or buffer: a reference in the language, its tensor wherever a value is needed."""
    def __init__(self, kind, tensor, persistent=True):
        self.kind, self.tensor, self.persistent = kind, tensor, persistent


class File:
    def __init__(self, path, world):
        self.path, self.world, self.values, self.decls, self.stars, self.exports = path, world, {}, {}, [], {}
        for d in parse(path):
            if d.kind == "import":
                self.decls[d.name or d.path[0]] = d if d.name else Node("import", d.line, path=d.path[:1], name=None)
            elif d.kind == "from" and d.names is None:
                self.stars.append(d.path)
            elif d.kind == "from":
                for old, new in d.names:
                    self.decls[new] = Node("fromone", d.line, path=d.path, old=old)
            elif d.kind == "export":
                self.exports[d.name] = d
            else:
                self.decls[d.name] = d

    def get(self, name):
        if name not in self.values:
            d = self.decls.get(name)
            if d is None:
                for path in self.stars:
                    ns = self.world.file(path)
                    if ns is not None and not name.startswith("_") and ns.has(name):
                        return ns.get(name)
                raise KeyError(name)
            if d.kind == "import":
                v = self.world.file(d.path)
            elif d.kind == "fromone":
                v = self.world.file(d.path).get(d.old)
            elif d.kind == "module":
                v = Class(d, self)
            elif d.kind == "derive":
                e = Env(self)
                base, kw = e.ev(d.value.func), {k: e.ev(x) for k, _, x in d.value.args}
                v = Class(base.decl, base.file, {**base.bound, **kw}, d.name)
            elif d.kind == "def":
                v = Func(d, self)
            else:
                v = Env(self).ev(d.value)
            self.values[name] = v
        return self.values[name]

    def has(self, name):
        try:
            self.get(name)
            return True
        except KeyError:
            return False


class World:
    def __init__(self, *roots):
        self.roots, self.files = [Path(r) for r in roots], {}

    def file(self, path):
        key = ".".join(path)
        if key == "primitives":
            return None
        if key not in self.files:
            for r in self.roots:
                p = r.joinpath(*path).with_suffix(".mod")
                if p.exists():
                    self.files[key] = File(str(p), self)
                    break
            else:
                raise ModError(key, "no such file on the search path")
        return self.files[key]

    def prelude(self, name):
        return self.file(["nn", "functional"]).get(name)


class Class:
    def __init__(self, decl, file, bound=None, name=None):
        self.decl, self.file, self.bound, self.name = decl, file, bound or {}, name or decl.name


class Func:
    def __init__(self, decl, file, inst=None):
        self.decl, self.file, self.inst = decl, file, inst


class Instance:
    def __init__(self, cls, args, kwargs):
        self.cls, self.init = cls, (args, kwargs)
        self.names, self.lets, self.methods, self.training = {}, set(), {}, False
        self.params, self.buffers, self.kids = {}, {}, {}
        env = Env(cls.file, self)
        bind(env, cls.decl.params, args, kwargs, cls.bound, f"{cls.name}()", self.names)
        env.body = True
        env.run(cls.decl.body)

    def member(self, name, value, line):
        for table in (self.params, self.buffers, self.kids):
            if table.get(name) is not None:
                raise ModError(f"{self.cls.file.path}:{line}", f"`{name}` is already declared")
        if isinstance(value, (list, tuple, dict)) and any(isinstance(v, Instance) for v in (value.values() if isinstance(value, dict) else value)):
            value = Instance(self.cls.file.world.file(["nn", "container"]).get("ModuleDict" if isinstance(value, dict) else "ModuleList"), [value], {})
        if isinstance(value, Instance):
            self.kids[name] = value
        elif isinstance(value, State):
            (self.params if value.kind == "param" else self.buffers)[name] = value
        elif isinstance(value, torch.Tensor):
            raise ModError(f"{self.cls.file.path}:{line}", f"`{name}` is a plain tensor: declare a param or a buffer")
        self.names[name] = value
        self.lets.discard(name)

    def get(self, name):
        if name == "training":
            return self.training
        if name in self.names:
            return self.names[name]
        if name in self.methods:
            return Func(self.methods[name], self.cls.file, self)
        raise KeyError(name)

    def named(self, prefix="", kind="params", seen=None):
        seen = set() if seen is None else seen
        for n, s in getattr(self, kind).items():
            if s is not None and id(s) not in seen:
                seen.add(id(s))
                yield prefix + n, s
        for n, k in self.kids.items():
            yield from k.named(f"{prefix}{n}.", kind, seen)

    def state_dict(self, prefix=""):
        out = {prefix + n: s for t in (self.params, self.buffers) for n, s in t.items() if s is not None and s.persistent}
        for n, k in self.kids.items():
            out.update(k.state_dict(f"{prefix}{n}."))
        return out

    def train(self, mode=True):
        self.training = mode
        for k in self.kids.values():
            k.train(mode)


def val(x):
    return x.tensor if isinstance(x, State) else [val(v) for v in x] if type(x) is list else x


def listy(x):
    return isinstance(x, (list, tuple, torch.Size))


def bind(env, params, args, kwargs, bound, what, into):
    """Arguments to parameters; checks and binds types."""
    args, kwargs, params = list(args), {**kwargs, **bound}, list(params)
    for p in params:
        if p.star:
            if p.name in kwargs:
                v = kwargs.pop(p.name)
            else:
                v, args = args, []
                if len(v) == 1 and listy(v[0]) and p.type is not None and p.type.kind == "tname" and p.type.names == ["int"]:
                    v = list(v[0])
            into[p.name] = v
            continue
        if p.name in kwargs:
            into[p.name] = kwargs.pop(p.name)
        elif args:
            into[p.name] = args.pop(0)
        elif p.default is not None:
            into[p.name] = env.ev(p.default)
        else:
            raise ModError(what, f"missing argument `{p.name}`")
    if args or kwargs:
        raise ModError(what, f"unexpected argument {[*kwargs, *args][0]!r}")
    for p in params:
        if p.type is not None and not p.star and not env.fits(p.type, into[p.name], into):
            v = into[p.name]
            got = f"{v.dtype}{list(v.shape)}" if isinstance(v, torch.Tensor) else repr(v)
            raise ModError(what, f"argument `{p.name}` expects {p.type}, got {got}")


class Env:
    def __init__(self, file, inst=None):
        self.file, self.inst, self.locals, self.body = file, inst, {}, False

    # ---- names
    def look(self, name):
        if name in self.locals:
            return self.locals[name]
        if self.inst is not None:
            if name == "self":
                return self.inst
            try:
                return self.inst.get(name)
            except KeyError:
                pass
        try:
            if name in ("min", "max", "sum", "abs", "round", "any", "all") or (name in MATH and not self.file.has(name)):
                return name
            return self.file.get(name)
        except KeyError:
            pass
        if name in DTYPES:
            return DTYPES[name]
        if name in CONSTANTS or name in PRIMS or name in STATIC:
            return CONSTANTS.get(name, name)
        try:
            return self.file.world.prelude(name)
        except KeyError:
            raise KeyError(name) from None

    def fail(self, node, text):
        raise ModError(f"{self.file.path}:{node.line}", text)

    # ---- types
    def fits(self, t, v, into):
        v, k = val(v), t.kind
        if k == "union":
            return any(self.fits(p, v, into) for p in t.parts)
        if k == "tnone":
            return v is None
        if k == "tliteral":
            return v == t.text
        if k == "ttuple":
            return listy(v) and len(v) == len(t.items) and all(self.fits(x, y, into) for (_, x), y in zip(t.items, v))
        if k == "arrow":
            return isinstance(v, (Instance, Func))
        if k == "tgeneric":
            if t.name == "list":
                return listy(v) and all(self.fits(t.args[0], x, into) for x in v)
            return isinstance(v, dict) and all(self.fits(t.args[1], x, into) for x in v.values())
        if k == "tname":
            kind = {"int": int, "float": (int, float, torch.Tensor), "bool": bool, "str": str, "dtype": torch.dtype, "list": (list, tuple), "dict": dict,
                    "Module": Instance, "tensor": torch.Tensor, "callable": (Class, Func, Instance)}.get(t.names[0])
            return kind is None or (isinstance(v, kind) and not (kind is int and isinstance(v, bool)))
        if not isinstance(v, torch.Tensor):
            return False
        sub = Env(self.file, self.inst)
        sub.locals = into
        try:
            d = sub.dtype(t.dtype)
        except KeyError:
            d = into[t.dtype[0]] = v.dtype
        if v.dtype != d:
            return False
        dims, shape = [], list(v.shape)
        for i, x in enumerate(t.dims):
            if x.kind == "star":
                dims += [Node("const", t.line, value=n) for n in sub.ev(x.value)]
            else:
                dims.append(x)
        at = next((i for i, x in enumerate(dims) if x.kind == "pack"), None)
        if at is not None:
            extra = len(shape) - len(dims) + 1
            if extra < 0:
                return False
            if into.setdefault("...", shape[at:at + extra]) != shape[at:at + extra]:
                return False
            shape, dims = shape[:at] + shape[at + extra:], dims[:at] + dims[at + 1:]
        if len(shape) != len(dims):
            return False
        for d, n in zip(dims, shape):
            try:
                if sub.ev(d) != n:
                    return False
            except KeyError:
                if d.kind != "name" or not d.name[0].isupper():
                    self.fail(t, f"unknown dimension `{d.name}`: a symbolic one begins with a capital")
                into[d.name] = n
        return True

    def dtype(self, names):
        if names == ["bool"]:
            return torch.bool
        v = self.look(names[0])
        for n in names[1:]:
            v = self.attr(v, n, None)
        return v

    # ---- statements
    def run(self, stmts):
        for s in stmts:
            getattr(self, "s_" + s.kind)(s)

    def s_def(self, s): self.inst.methods[s.name] = s
    def s_pass(self, s): pass
    def s_exprstmt(self, s): self.ev(s.value)
    def s_return(self, s): raise Return(None if s.value is None else val(self.ev(s.value)) if not isinstance(s.value, Node) else self.ev(s.value))

    def s_assert(self, s):
        if not self.ev(s.cond):
            self.fail(s, "assertion failed: " + (self.ev(s.text) if s.text else str(s.cond)))

    def s_if(self, s): self.run(s.then if self.true(s.cond) else s.other)

    def s_while(self, s):
        while self.true(s.cond):
            self.run(s.body)

    def true(self, node):
        return bool(val(self.ev(node)))

    def s_for(self, s):
        for v in self.iter(self.ev(s.iter)):
            self.set(s.target, v, let=True)
            self.run(s.body)

    def iter(self, v):
        return list(v.kids.values()) if isinstance(v, Instance) else v

    def s_let(self, s): self.set(s.target, self.ev(s.value), let=True)
    def s_assign(self, s): self.set(s.target, self.ev(s.value))

    def s_declare(self, s):
        if not self.body:
            self.fail(s, f"a {s.what} is declared in the module's body, not in a method")
        name = self.ev(s.name)
        for table in (self.inst.params, self.inst.buffers, self.inst.kids):
            if name in table:
                self.fail(s, f"`{name}` is already declared")
        state = None
        if s.cond is None or self.true(s.cond):
            t = s.type
            shape = [n for d in t.dims for n in (self.ev(d.value) if d.kind == "star" else [self.ev(d)])]
            dtype = self.dtype(t.dtype)
            v = self.initial(s.init, shape, dtype)
            if isinstance(v, torch.Tensor) and list(v.shape) != shape:
                self.fail(s, f"`{name}` is declared with shape {shape}, its initial value has {list(v.shape)}")
            v = v.to(dtype).clone() if isinstance(v, torch.Tensor) else torch.full(shape, v, dtype=dtype)
            state = State(s.what, v.requires_grad_() if s.what == "param" else v, dict((k, self.ev(x)) for k, x in s.flags).get("persistent", True))
        (self.inst.params if s.what == "param" else self.inst.buffers)[name] = state
        self.inst.names[name] = state

    def initial(self, node, shape, dtype):
        """The declared shape and dtype are defaults of the initialiser's parameters of these names."""
        if node is None:
            return 0
        call = node.kind == "call"
        f = self.ev(node.func if call else node) if call or node.kind in ("name", "attr") else None
        if isinstance(f, Func):
            have = {p.name for p in f.decl.params} & {"shape", "dtype"}
            args, kw = self.args(node.args) if call else ([], {})
            star = any(p.star for p in f.decl.params)
            kw = {**{k: v for k, v in (("shape", shape), ("dtype", dtype)) if k in have and not (k == "shape" and star and args)}, **kw}
            return val(self.call(f, args, kw))
        return val(self.ev(node))

    def set(self, target, v, let=False):
        k = target.kind
        if k in ("tuple", "list"):
            items = list(self.iter(val(v) if isinstance(v, State) else v))
            if len(items) != len(target.items):
                self.fail(target, f"{len(target.items)} names for {len(items)} values")
            for t, x in zip(target.items, items):
                self.set(t, x, let)
        elif k == "name":
            n, inst = target.name, self.inst
            if n == "_":
                return
            if self.body:
                if let or n in inst.lets:
                    inst.lets.add(n)
                    inst.names[n] = v
                else:
                    inst.member(n, v, target.line)
            elif n not in self.locals and inst is not None and inst.buffers.get(n) is not None:
                self.update(inst.buffers[n], v, target)
            elif n not in self.locals and inst is not None and (n in inst.params or n in inst.kids):
                self.fail(target, f"`{n}` is a {'parameter' if n in inst.params else 'child'}: it cannot be assigned in a method")
            else:
                self.locals[n] = v
        elif k == "attr":
            base = self.ev(target.value)
            if base is not self.inst and self.body and isinstance(v, State) and base.params.get(target.name) is not None:
                if v.tensor.shape != base.params[target.name].tensor.shape:
                    self.fail(target, "tied parameters differ in shape")
                base.params[target.name] = base.names[target.name] = v
            elif base is not self.inst:
                self.fail(target, "only a parameter of a child can be tied")
            elif self.body:
                self.inst.member(target.name, v, target.line)
            elif self.inst.buffers.get(target.name) is not None:
                self.update(self.inst.buffers[target.name], v, target)
            else:
                self.fail(target, f"`self.{target.name}` is not a buffer")
        elif k == "index":
            base = self.ev(target.value)
            if base is self.inst:
                self.inst.member(self.ev(target.items[0]), v, target.line)
                return
            t = val(base).detach().clone() if isinstance(base, State) else val(base).clone()
            t[self.subs(target.items)] = val(v)
            self.set(target.value, t)

    def update(self, state, v, node):
        v = val(v)
        if v.shape != state.tensor.shape or v.dtype != state.tensor.dtype:
            self.fail(node, f"the state is {state.tensor.dtype}{list(state.tensor.shape)}, the new value {v.dtype}{list(v.shape)}")
        grad = state.tensor.requires_grad
        state.tensor = v.detach().requires_grad_(grad)

    # ---- expressions
    def ev(self, n):
        return getattr(self, "e_" + n.kind)(n)

    def e_const(self, n): return n.value

    def e_name(self, n):
        try:
            return self.look(n.name)
        except KeyError:
            if n.name[0].isupper():
                raise
            self.fail(n, f"unknown name `{n.name}`")

    def e_str(self, n):
        return "".join(p if isinstance(p, str) else str(val(self.ev(p))) for p in n.parts)

    def e_tuple(self, n): return tuple(self.items(n.items))
    def e_list(self, n): return self.items(n.items)
    def e_dict(self, n): return {self.ev(k): self.ev(v) for k, v in n.items}

    def items(self, nodes):
        return [v for x in nodes for v in (self.iter(self.ev(x.value)) if x.kind == "star" else [self.ev(x)])]

    def comp(self, n, clauses, emit):
        if not clauses:
            return emit()
        (kind, target, x), rest = clauses[0], clauses[1:]
        if kind == "if":
            return self.comp(n, rest, emit) if self.true(x) else None
        for v in self.iter(self.ev(x)):
            body, self.body, saved = self.body, False, self.locals
            self.locals = dict(saved)
            for t in (target.items if target.kind == "tuple" else [target]):
                if t.kind == "name":
                    self.locals[t.name] = None
            self.set(target, v)
            self.comp(n, rest, emit)
            self.body, self.locals = body, saved

    def e_listcomp(self, n):
        out = []
        self.comp(n, n.clauses, lambda: out.append(self.ev(n.item)))
        return out

    def e_dictcomp(self, n):
        out = {}
        self.comp(n, n.clauses, lambda: out.__setitem__(self.ev(n.item[0]), self.ev(n.item[1])))
        return out

    def e_ternary(self, n): return self.ev(n.then if self.true(n.cond) else n.other)

    def e_logic(self, n):
        a = self.ev(n.a)
        if n.op == "or":
            return a if val(a) is not None and bool(val(a)) else self.ev(n.b)
        return self.ev(n.b) if bool(val(a)) else a

    def e_unary(self, n):
        a = val(self.ev(n.a))
        return {"-": lambda: -a, "+": lambda: a, "~": lambda: ~a, "not": lambda: not a}[n.op]()

    def e_binary(self, n):
        a, b = val(self.ev(n.a)), val(self.ev(n.b))
        if listy(a) and listy(b) and n.op == "+" and type(a) is not type(b):
            a, b = list(a), list(b)
        return {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b, "//": lambda: a // b, "%": lambda: a % b,
                "**": lambda: a ** b, "@": lambda: a @ b, "&": lambda: a & b, "|": lambda: a | b}[n.op]()

    def e_compare(self, n):
        vals, out = [self.ev(x) for x in n.items], True
        for op, a, b in zip(n.ops, vals, vals[1:]):
            if op in ("is", "is not"):
                r = (a is None) == (b is None) and a is b
                r = r if op == "is" else not r
            else:
                a, b = val(a), val(b)
                a, b = (tuple(a), tuple(b)) if listy(a) and listy(b) else (a, b)
                r = {"==": lambda: a == b, "!=": lambda: a != b, "<": lambda: a < b, "<=": lambda: a <= b, ">": lambda: a > b,
                     ">=": lambda: a >= b, "in": lambda: a in b, "not in": lambda: a not in b}[op]()
            if isinstance(r, torch.Tensor):
                return r
            out = out and r
        return out

    def subs(self, items):
        def one(x):
            if x.kind == "slice":
                return slice(*(None if p is None else val(self.ev(p)) for p in x.parts))
            return val(self.ev(x))
        out = [v for x in items for v in (self.ev(x.value) if x.kind == "star" else [one(x)])]
        return tuple(out) if len(out) != 1 else out[0]

    def e_index(self, n):
        base = self.ev(n.value)
        if isinstance(base, Instance):
            i = self.subs(n.items)
            if isinstance(i, str):
                return base.get(i)
            return list(base.kids.values())[i]
        return val(base)[self.subs(n.items)]

    def e_attr(self, n):
        return self.attr(self.ev(n.value), n.name, n)

    def attr(self, v, name, n):
        if isinstance(v, File):
            try:
                return v.get(name)
            except KeyError:
                if name in PRIMS or name in STATIC or name in MATH:
                    return name
                self.fail(n, f"`{Path(v.path).stem}` has no `{name}`")
        if isinstance(v, Instance):
            try:
                return v.get(name)
            except KeyError:
                if name in ("parameters", "named_parameters", "children", "named_children"):
                    return (v, name)
                self.fail(n, f"{v.cls.name} has no member `{name}`")
        if isinstance(v, torch.finfo):
            return getattr(v, name)
        t = val(v)
        if isinstance(t, torch.dtype) and name == "is_floating_point":
            return t.is_floating_point
        if isinstance(t, torch.Tensor) and name in ("shape", "dtype", "ndim", "device", "T"):
            return getattr(t, name)
        return (v, name)

    def args(self, nodes):
        args, kw = [], {}
        for name, star, x in nodes:
            if star:
                args += list(self.iter(self.ev(x)))
            elif name:
                kw[name] = self.ev(x)
            else:
                args.append(self.ev(x))
        return args, kw

    def e_call(self, n):
        if n.func.kind == "attr" and n.func.name == "forward":
            self.fail(n, "call the module itself: `forward` by name would skip its hooks")
        f = self.ev(n.func)
        args, kw = self.args(n.args)
        try:
            return self.call(f, args, kw, n)
        except (RuntimeError, TypeError, IndexError, AttributeError) as e:
            if isinstance(e, Return):
                raise
            self.fail(n, f"{type(e).__name__}: {str(e)[:200]}")

    def call(self, f, args, kw, n=None):
        if isinstance(f, tuple):            # a method of a value
            v, name = f
            if isinstance(v, Instance):
                pairs = list(v.named()) if "parameters" in name else list(v.kids.items())
                return pairs if name.startswith("named") else [s for _, s in pairs]
            if isinstance(v, State) and name == "copy_":
                return self.update(v, args[0], n)
            if isinstance(val(v), torch.Tensor):
                try:
                    return self.call(self.file.world.prelude(name), [v, *args], kw, n)
                except KeyError:
                    if name not in PRIMS and name not in STATIC and name not in MATH:
                        self.fail(n, f"no function `{name}`")
                    return self.call(name, [v, *args], kw, n)
            return getattr(v, name)(*args, **kw)
        if isinstance(f, Class):
            return Instance(f, args, kw)
        if isinstance(f, Instance):
            if "forward" not in f.methods:
                self.fail(n, f"{f.cls.name} has no forward")
            return self.call(Func(f.methods["forward"], f.cls.file, f), args, kw, n)
        if isinstance(f, Func):
            env = Env(f.file, f.inst)
            what = f"{f.file.path}:{f.decl.line}: {f.inst.cls.name + '.' if f.inst else ''}{f.decl.name}" + (f" (called at {self.file.path}:{n.line})" if n else "")
            bind(env, f.decl.params, args, kw, {}, what, env.locals)
            try:
                env.run(f.decl.body)
            except Return as r:
                if f.decl.result is not None:
                    t, v = f.decl.result, r.args[0]
                    t = t.items[0][1] if t.kind == "ttuple" and len(t.items) == 1 else t
                    if not env.fits(t, v, env.locals):
                        raise ModError(what, f"returns {[tuple(x.shape) for x in (v if listy(v) else [v])]}, declared {f.decl.result}") from None
                return r.args[0]
            if f.inst is not None and f.decl.name == "forward":
                raise ModError(what, "forward returns nothing")
            return None
        if f is torch.bool:
            return val(args[0]).bool() if isinstance(val(args[0]), torch.Tensor) else bool(args[0])
        numbers = [a for a in map(val, args)]
        tensor = any(isinstance(a, torch.Tensor) for a in numbers)
        if f in MATH and not tensor:
            return MATH[f](*numbers, **kw)
        if f in STATIC and not (tensor and f in ("sum", "max", "min", "abs", "round", "any", "all", "float", "int")):
            return STATIC[f](self, *args, **kw)
        if f in ("float", "int"):
            return numbers[0].to({"float": torch.float32, "int": torch.int32}[f])
        if f in ("any", "all"):
            return self.call(self.file.world.prelude(f), args, kw, n)
        if f in PRIMS:
            return PRIMS[f](*numbers, **{k: val(v) for k, v in kw.items()})
        self.fail(n, f"{f!r} cannot be called")


def dims(x, dim):
    return list(range(x.ndim)) if dim is None else list(dim) if listy(dim) else [dim]


def grad_of(loss, wrt):
    g = torch.autograd.grad(loss, [val(w) for w in wrt], allow_unused=True)
    return [torch.zeros_like(val(w)) if x is None else x for x, w in zip(g, wrt)]


def conv(x, w, stride, lo, hi, dilation, groups):
    if list(lo) != list(hi):
        x = torch.nn.functional.pad(x, [p for a, b in zip(reversed(lo), reversed(hi)) for p in (a, b)])
        lo = [0] * len(lo)
    return getattr(torch.nn.functional, f"conv{w.ndim - 2}d")(x, w, None, stride, tuple(lo), tuple(dilation), groups)


def conv_transpose(x, w, stride, padding, output_padding, dilation, groups):
    return getattr(torch.nn.functional, f"conv_transpose{w.ndim - 2}d")(x, w, None, stride, padding, output_padding, groups, dilation)


def reduce_window(x, kind, window, stride, lo, hi, dilation):
    n, F = len(window), torch.nn.functional
    x = F.pad(x, [p for a, b in zip(reversed(lo), reversed(hi)) for p in (a, b)], value=-math.inf if kind == "max" else 0.0)
    lead, x = x.shape[:-n], x.reshape(1, -1, *x.shape[-n:])
    y = getattr(F, f"max_pool{n}d")(x, window, stride, 0, dilation) if kind == "max" else getattr(F, f"avg_pool{n}d")(x, window, stride) * math.prod(window)
    return y.reshape(*lead, *y.shape[-n:])


def attention(q, k, v, mask, causal, scale, p):
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, mask, p, causal, scale=scale)


PRIMS = {
    "full": lambda shape, value, dtype: torch.full(tuple(shape), value, dtype=dtype), "iota": lambda n, dtype: torch.arange(n, dtype=dtype),
    "random": lambda shape, dtype: torch.rand(tuple(shape), dtype=dtype), "cat": lambda xs, dim=0: torch.cat(xs, dim), "detach": lambda x: x.detach(),
    "to": lambda x, *a: x.to(next(t for t in a if isinstance(t, torch.dtype))) if any(isinstance(t, torch.dtype) for t in a) else x,
    "where": torch.where, "reshape": lambda x, *s: x.reshape(tuple(s[0]) if listy(s[0]) else s), "permute": lambda x, *d: x.permute(tuple(d[0]) if listy(d[0]) else d),
    "expand": lambda x, *s: x.expand(tuple(s[0]) if listy(s[0]) else s), "narrow": torch.narrow, "constant_pad": lambda x, lo, hi, value: torch.nn.functional.pad(
        x, [p for a, b in zip(reversed(lo), reversed(hi)) for p in (a, b)], value=value),
    "sum": lambda x, dim=None, keepdim=False: x.sum(dims(x, dim), keepdim), "amax": lambda x, dim=None, keepdim=False: x.amax(dims(x, dim), keepdim),
    "argmax": lambda x, dim=None, keepdim=False: x.argmax(dim, keepdim), "cumsum": torch.cumsum, "matmul": torch.matmul, "conv": conv,
    "max": lambda x, y=None: x.max() if y is None else torch.maximum(x, torch.as_tensor(y)), "min": lambda x, y=None: x.min() if y is None else torch.minimum(x, torch.as_tensor(y)),
    "conv_transpose": conv_transpose, "reduce_window": reduce_window, "attention": attention, "gather": torch.gather,
    "take": lambda x, i, dim=0: x.index_select(dim, i.reshape(-1).long()).unflatten(dim, i.shape) if i.ndim else x.select(dim, int(i)),
    "sort": lambda x, dim=-1, descending=False: torch.sort(x, dim=dim, descending=descending, stable=True),
    "maximum": lambda a, b: torch.maximum(*torch.broadcast_tensors(torch.as_tensor(a, dtype=b.dtype if not torch.is_tensor(a) else a.dtype), torch.as_tensor(b, dtype=a.dtype if not torch.is_tensor(b) else b.dtype))),
    "minimum": lambda a, b: torch.minimum(*torch.broadcast_tensors(torch.as_tensor(a, dtype=b.dtype if not torch.is_tensor(a) else a.dtype), torch.as_tensor(b, dtype=a.dtype if not torch.is_tensor(b) else b.dtype))),
    "erf": torch.erf, "double": lambda x: x.double(), "half": lambda x: x.half(), "long": lambda x: x.long(), "index_add": torch.index_add,
    "scatter_add": torch.scatter_add,
}
for _n in "neg abs exp expm1 log log1p sqrt sin cos tanh sigmoid floor round".split():
    PRIMS[_n] = getattr(torch, _n)
MATH = {n: getattr(math, n) for n in "exp expm1 log log1p sqrt sin cos tanh floor ceil prod".split()}
STATIC = {
    "len": lambda e, x: len(e.iter(x)), "range": lambda e, *a: list(range(*a)), "enumerate": lambda e, x, start=0: list(enumerate(e.iter(x), start)),
    "zip": lambda e, *x: list(zip(*map(e.iter, x))), "reversed": lambda e, x: list(reversed(list(e.iter(x)))), "list": lambda e, x: list(e.iter(x)),
    "tuple": lambda e, x: tuple(x), "min": lambda e, *a: min(*a), "max": lambda e, *a: max(*a), "sum": lambda e, x, s=0: sum(map(val, x), s), "abs": lambda e, x: abs(x),
    "round": lambda e, x: round(x), "int": lambda e, x: int(x), "float": lambda e, x: float(x), "str": lambda e, x: str(x),
    "any": lambda e, x: any(x), "all": lambda e, x: all(x), "known": lambda e, x: True, "finfo": lambda e, d: torch.finfo(d), "clone": lambda e, m: Instance(m.cls, *m.init),
    "tensor": lambda e, v, dtype=torch.float32: torch.tensor(v, dtype=dtype), "grad": lambda e, loss, wrt: grad_of(loss, wrt), "getattr": lambda e, m, n: m.get(n),
    "dict": lambda e, x: dict(x), "isinstance": lambda e, x, t: isa(x, t)}
CONSTANTS = {"inf": math.inf, "nan": math.nan, "pi": math.pi, "bool": torch.bool}
KINDS = {"int": int, "float": float, "str": str, "list": (list, tuple, torch.Size), "dict": dict, "tensor": torch.Tensor}


def isa(x, t):
    """The type is a kind's name or a module class."""
    if isinstance(t, str):
        return isinstance(val(x), KINDS[t]) and not isinstance(x, bool)
    return isinstance(x, Instance) and x.cls.name == t.name


def load(path, root):
    world = World(Path(path).parent, root)
    f = File(str(path), world)
    return f


def export(f, name):
    """(instance, method name, output names)"""
    v = Env(f).ev(f.exports[name].value)
    inst, method = (v.inst, v.decl.name) if isinstance(v, Func) else (v, "forward")
    return inst, Func(inst.methods[method], inst.cls.file, inst)


def call(f, fn, *args, **kw):
    return Env(f).call(fn, list(args), kw)
