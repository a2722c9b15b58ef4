"""The reference interpreter against PyTorch: every primitive on random shapes and dtypes, edge values included.

Writes all cases into one file of mod IR, a class and an export each, runs mod-eval once, and compares. The expected value is
computed by PyTorch in f64 from the same inputs and rounded to the dtype, so that the tolerance is the last bit or two of the
dtype; where PyTorch has no such function for a dtype, in the dtype itself. Last line: "N passed, N failed".

    .venv/bin/python test/reference/compare_torch.py [SEED]
"""
import math
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
import torch.nn.functional as F

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = pathlib.Path(os.environ.get("MODC_BIN", ROOT / "build" / "bin")) / "mod-eval"
SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 0
rng = np.random.default_rng(SEED)
torch.manual_seed(SEED)

DTYPES = {"f64": torch.float64, "f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16, "i64": torch.int64,
          "i32": torch.int32, "i8": torch.int8, "ui8": torch.uint8, "i1": torch.bool}
FLOATS = ["f64", "f32", "bf16", "f16"]
INTS = ["i64", "i32", "i8", "ui8"]
ULP = {"f64": 2.0**-52, "f32": 2.0**-23, "bf16": 2.0**-7, "f16": 2.0**-10}
EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, math.inf, -math.inf, math.nan, 1e-30, -88.5, 89.0, 3.4e38]

cases = []


def spell(x):
    """The type of a tensor, or of (dtype, shape)."""
    if isinstance(x, torch.Tensor):
        x = (next(k for k, v in DTYPES.items() if v == x.dtype), tuple(x.shape))
    return f"!mod.tensor<{x[0]}[{', '.join(map(str, x[1]))}]>"


def dims(shape):
    return "[" + ", ".join(f"#mod.dim<{d}>" for d in shape) + "]"


def case(name, body, inputs, expected, tol=2.0):
    """`body` is IR over %a0, %a1, … and ends by defining %y; `expected` a tensor, or a text that the error contains."""
    cases.append((name, body, inputs, expected, tol))


def simple(name, op, inputs, expected, attrs="", tol=2.0):
    """One operation: `op` with operands, then what the assembly format has between operands and types."""
    args = ", ".join(f"%a{i}" for i in range(len(inputs)))
    types = ", ".join(spell(x) for x in inputs)
    out = spell(expected) if isinstance(expected, torch.Tensor) else spell(expected[1])
    case(name, f"%y = mod.{op} {args} {attrs} : ({types}) -> {out}", inputs,
         expected if isinstance(expected, torch.Tensor) else expected[0], tol)


def shape(rank=None, high=6, low=1):
    rank = int(rng.integers(0, 5)) if rank is None else rank
    return tuple(int(d) for d in rng.integers(low, high, rank))


def values(dtype, dims_, edges=False, scale=3.0):
    n = int(np.prod(dims_, dtype=np.int64))
    if dtype in FLOATS:
        x = rng.standard_normal(n) * scale
        if edges and n:
            at = rng.integers(0, n, max(1, n // 3))
            x[at] = rng.choice(EDGES, len(at))
        return torch.tensor(x.reshape(dims_), dtype=torch.float64).to(DTYPES[dtype])
    if dtype == "i1":
        return torch.tensor(rng.integers(0, 2, dims_), dtype=torch.bool)
    info = torch.iinfo(DTYPES[dtype])
    x = rng.integers(max(info.min, -9), min(info.max, 9), n, endpoint=True)
    if edges and n:
        at = rng.integers(0, n, max(1, n // 4))
        x[at] = rng.choice(np.array([info.min, info.max, 0], dtype=np.int64), len(at))
    return torch.tensor(x.reshape(dims_), dtype=DTYPES[dtype])


def broadcastable(rank=None):
    """Two shapes that broadcast, some sizes stretched on either side, some leading ones missing."""
    full = shape(rank)
    left = tuple(1 if rng.random() < 0.25 else d for d in full)
    right = tuple(d if a == 1 and d != 1 else (1 if rng.random() < 0.25 else d) for a, d in zip(left, full))
    return left, right[int(rng.integers(0, len(right) + 1)):] if right else right


def wide(fn, *args):
    """fn in f64, rounded to the first argument's dtype."""
    return fn(*[a.double() if a.is_floating_point() else a for a in args]).to(args[0].dtype)


# ---------------------------------------------------------------- elementwise
UNARY = {"neg": torch.neg, "abs": torch.abs, "floor": torch.floor, "round": torch.round, "exp": torch.exp,
         "expm1": torch.expm1, "log": torch.log, "log1p": torch.log1p, "sqrt": torch.sqrt, "sin": torch.sin,
         "cos": torch.cos, "tanh": torch.tanh, "erf": torch.erf, "sigmoid": torch.sigmoid}
for op, fn in UNARY.items():
    for dtype in FLOATS + (["i64", "i32", "i8"] if op in ("neg", "abs") else []):
        for edges in (False, True):
            x = values(dtype, shape() if not edges else shape(2, 9, 3), edges)
            y = wide(fn, x) if dtype in FLOATS else fn(x)
            simple(f"{op}.{dtype}", op, [x], y)
for dtype in INTS + ["i1"]:
    x = values(dtype, shape(2), True)
    simple(f"logical_not.{dtype}", "logical_not", [x], ~x)
x = values("f32", (3, 2), True)
simple("detach", "detach", [x], x)

BINARY = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "floor_divide": torch.floor_divide,
          "remainder": torch.remainder, "maximum": torch.maximum, "minimum": torch.minimum}
for op, fn in BINARY.items():
    for dtype in FLOATS + INTS:
        for k in range(6):
            sa, sb = broadcastable()
            edges = k % 2 == 1
            a, b = values(dtype, sa, edges), values(dtype, sb, edges)
            if dtype not in FLOATS and op in ("floor_divide", "remainder"):
                b = torch.where(b == 0, torch.ones_like(b), b)  # PyTorch raises; ours is checked below
                if dtype != "ui8":  # the lowest by -1 traps in PyTorch
                    b = torch.where(b == -1, torch.full_like(b, 2), b)
            simple(f"{op}.{dtype}", op, [a, b], wide(fn, a, b) if dtype in FLOATS else fn(a, b))
for dtype in INTS:
    for _ in range(4):
        sa, sb = broadcastable()
        a, b = values(dtype, sa, True), values(dtype, sb).clamp(-3, 9)
        simple(f"pow.{dtype}", "pow", [a, b], torch.pow(a, b))
for op in ("floor_divide", "remainder"):
    a = torch.tensor([7, -7, 0, torch.iinfo(torch.int64).min])
    simple(f"{op}.by_zero", op, [a, torch.zeros_like(a)], torch.zeros_like(a))
    lowest = torch.tensor([torch.iinfo(torch.int64).min, 5])
    simple(f"{op}.lowest_by_minus_one", op, [lowest, torch.tensor([-1, -1])],
           torch.tensor([torch.iinfo(torch.int64).min, -5]) if op == "floor_divide" else torch.zeros(2, dtype=torch.int64))
simple("floor_divide.one_by_tenth", "floor_divide", [torch.tensor([1.0, -1.0, 6.0]), torch.tensor([0.1, 0.1, 0.1])],
       torch.floor_divide(torch.tensor([1.0, -1.0, 6.0]), torch.tensor([0.1, 0.1, 0.1])))
for op, fn in {"div": torch.div, "pow": torch.pow}.items():
    for dtype in FLOATS:
        for edges in (False, True, True):
            sa, sb = broadcastable()
            a, b = values(dtype, sa, edges), values(dtype, sb, edges)
            simple(f"{op}.{dtype}", op, [a, b], wide(fn, a, b))
for op, fn in {"eq": torch.eq, "lt": torch.lt, "le": torch.le}.items():
    for dtype in DTYPES:
        for edges in (False, True):
            sa, sb = broadcastable()
            a, b = values(dtype, sa, edges), values(dtype, sb, edges)
            simple(f"{op}.{dtype}", op, [a, b], fn(a, b))
for op, fn in {"bitwise_and": torch.bitwise_and, "bitwise_or": torch.bitwise_or}.items():
    for dtype in INTS + ["i1"]:
        sa, sb = broadcastable()
        a, b = values(dtype, sa, True), values(dtype, sb, True)
        simple(f"{op}.{dtype}", op, [a, b], fn(a, b))
for dtype in DTYPES:
    sa, sb = broadcastable()
    sc = tuple(1 if rng.random() < 0.5 else d for d in np.broadcast_shapes(sa, sb))
    c, a, b = values("i1", sc), values(dtype, sa, True), values(dtype, sb, True)
    simple(f"where.{dtype}", "where", [c, a, b], torch.where(c, a, b))

for source in DTYPES:
    for target in DTYPES:
        x = values(source, shape(2, 8, 2), edges=source not in FLOATS)  # floats within the range: beyond it PyTorch is undefined
        if source in FLOATS and target == "ui8":
            x = x.abs()
        y = x.double().to(DTYPES[target]) if source in FLOATS and target in FLOATS else x.to(DTYPES[target])
        simple(f"to.{source}.{target}", "to", [x], y, f"as {target}")
beyond = torch.tensor([math.nan, math.inf, -math.inf, 1e10, -1e10])
simple("to.saturates", "to", [beyond], torch.tensor([0, 2**31 - 1, -2**31, 2**31 - 1, -2**31], dtype=torch.int32), "as i32")
simple("to.bool", "to", [torch.tensor([0.0, -0.0, 1e-40, math.nan, -3.0])], torch.tensor([False, False, True, True, True]), "as i1")

# ---------------------------------------------------------------- creation
for dtype in DTYPES:
    s = shape(2)
    number = "2.5 : f64" if dtype in FLOATS else "1 : i64"
    y = torch.full(s, 2.5 if dtype in FLOATS else 1, dtype=DTYPES[dtype])
    case(f"full.{dtype}", f"%y = mod.full {number} as {dtype} {dims(s)} : {spell(y)}", [], y)
for dtype in FLOATS + INTS:
    y = torch.arange(9).to(DTYPES[dtype])
    case(f"iota.{dtype}", f"%y = mod.iota #mod.dim<9> as {dtype} : {spell(y)}", [], y)
    y = torch.tensor(37).to(DTYPES[dtype])
    case(f"size.{dtype}", f"%y = mod.size #mod.dim<37> as {dtype} : {spell(y)}", [], y)

# ---------------------------------------------------------------- shape
for dtype in ("f32", "i64", "i1"):
    for _ in range(8):
        x = values(dtype, shape())
        n = x.numel()
        s = (n,) if rng.random() < 0.3 else (1, n) if rng.random() < 0.5 else tuple(reversed(x.shape))
        simple("reshape", "reshape", [x], x.reshape(s), f"to {dims(s)}")
        order = [int(i) for i in rng.permutation(x.dim())]
        simple("permute", "permute", [x], x.permute(order), f"by {order}")
        s = (*shape(1), *(int(rng.integers(1, 5)) if d == 1 else d for d in x.shape))
        simple("expand", "expand", [x], x.expand(s), f"to {dims(s)}")
        x = values(dtype, shape(int(rng.integers(1, 5)), 9, 2))
        d = int(rng.integers(0, x.dim()))
        step = int(rng.integers(1, 4))
        start = int(rng.integers(0, x.shape[d]))
        length = int(rng.integers(0, (x.shape[d] - start + step - 1) // step + 1))
        at = [slice(None)] * x.dim()
        at[d] = slice(start, start + length * step, step)
        simple("narrow", "narrow", [x], x[tuple(at)], f"dim {d} from #mod.dim<{start}> length #mod.dim<{length}> step {step}")
        size = [int(rng.integers(0, n + 1)) for n in x.shape]
        begin = [int(rng.integers(0, n - m + 1)) for n, m in zip(x.shape, size)]
        v = values(dtype, tuple(size))
        y = x.clone()
        y[tuple(slice(b, b + m) for b, m in zip(begin, size))] = v
        simple("update_slice", "update_slice", [x, v], y, f"at {dims(begin)}")
        parts = [values(dtype, tuple(int(rng.integers(0, 4)) if i == d else n for i, n in enumerate(x.shape))) for _ in range(3)]
        simple("cat", "cat", [x, *parts], torch.cat([x, *parts], d), f"dim {d}")
        lo = [int(rng.integers(-n // 2 + 1, 3)) for n in x.shape]
        hi = [int(rng.integers(-n // 2 + 1, 3)) for n in x.shape]
        flat = [p for pair in zip(reversed(lo), reversed(hi)) for p in pair]
        y = F.pad(x.to(torch.uint8), flat, value=1).bool() if dtype == "i1" else F.pad(x, flat, value=1)
        number = "1.0 : f64" if dtype == "f32" else "1 : i64"
        simple("constant_pad", "constant_pad", [x], y, f"lo {lo} hi {hi} with {number}")

# ---------------------------------------------------------------- reductions
for dtype in FLOATS + INTS:
    for k in range(6):
        x = values(dtype, shape(int(rng.integers(1, 5))), edges=k == 5)
        over = sorted(int(i) for i in rng.permutation(x.dim())[: int(rng.integers(1, x.dim() + 1))])
        keep = bool(rng.random() < 0.5)
        tail = " keepdim true" if keep else ""
        y = wide(lambda x: x.sum(over, keepdim=keep), x) if dtype in FLOATS else x.sum(over, keepdim=keep, dtype=torch.int64)
        simple(f"sum.{dtype}", "sum", [x], y, f"over {over}{tail}", 256 if dtype == "f64" else 2)  # the order of addition
        simple(f"amax.{dtype}", "amax", [x], x.amax(over, keepdim=keep), f"over {over}{tail}")
        # numpy promises the first of equal ones, PyTorch does not.
        first = np.argmax(x.double().numpy() if dtype in FLOATS else x.numpy(), axis=over[0], keepdims=keep)
        simple(f"argmax.{dtype}", "argmax", [x], torch.tensor(first), f"dim {over[0]}{tail}")
for dtype in FLOATS + INTS:
    for k in range(3):
        x = values(dtype, shape(int(rng.integers(1, 5)), low=0), edges=k == 2)
        d = int(rng.integers(0, x.dim()))
        y = wide(lambda x: x.cumsum(d), x) if dtype in FLOATS else x.cumsum(d, dtype=torch.int64)
        simple(f"cumsum.{dtype}", "cumsum", [x], y, f"dim {d}", 256 if dtype == "f64" else 2)
x = torch.tensor([[1.0, math.nan, 3.0], [-math.inf, -math.inf, -math.inf]])
simple("amax.nan", "amax", [x], x.amax([1]), "over [1]")
simple("argmax.nan", "argmax", [x], torch.tensor([1, 0]), "dim 1")
simple("sum.empty", "sum", [torch.zeros(2, 0)], torch.zeros(2), "over [1]")
simple("amax.empty", "amax", [torch.zeros(2, 0)], torch.full((2,), -math.inf), "over [1]")
simple("amax.empty.i8", "amax", [torch.zeros(2, 0, dtype=torch.int8)], torch.full((2,), -128, dtype=torch.int8), "over [1]")
simple("argmax.empty", "argmax", [torch.zeros(0, 2)], ("argmax over dimension 0, which is empty", ("i64", (2,))), "dim 0")

# ---------------------------------------------------------------- windows


def windows(x, kind, window, stride, lo, hi, dilation):
    """Each window of the last dimensions, by padding and strides alone."""
    n = len(window)
    empty = 0 if kind == "sum" else -math.inf if x.is_floating_point() else torch.iinfo(x.dtype).min
    y = F.pad(x, [p for pair in zip(reversed(lo), reversed(hi)) for p in pair], value=empty)
    for i in range(n):
        y = y.unfold(x.dim() - n + i, dilation[i] * (window[i] - 1) + 1, stride[i])[..., ::dilation[i]]
    over = tuple(range(x.dim(), x.dim() + n))
    return y.sum(over, dtype=x.dtype) if kind == "sum" else y.amax(over)


for dtype in FLOATS + INTS:
    for k in range(8):
        n = int(rng.integers(1, 4))
        x = values(dtype, shape(n + int(rng.integers(0, 3)), 9, 2), edges=k % 4 == 3)
        window, stride, dilation = ([int(i) for i in rng.integers(1, high, n)] for high in (4, 4, 3))
        lo, hi = ([int(i) for i in rng.integers(0, 3, n)] for _ in range(2))
        hi = [max(h, d * (w - 1) + 1 - l - s) for h, d, w, l, s in zip(hi, dilation, window, lo, x.shape[-n:])]
        kind = "max" if k % 2 else "sum"
        y = wide(lambda x: windows(x, kind, window, stride, lo, hi, dilation), x)
        tail = f'"{kind}" window {window} stride {stride} lo {dims(lo)} hi {dims(hi)} dilation {dilation}'
        simple(f"reduce_window.{kind}.{dtype}", "reduce_window", [x], y, tail, 256 if dtype == "f64" else 2)
        order = [*range(x.dim() - n), *range(x.dim() - n + 1, x.dim()), x.dim() - n]  # the first windowed one goes last
        xt = values(dtype, (*x.shape, 3))
        y = wide(lambda x: windows(x.movedim(-1, 0), kind, window, stride, lo, hi, dilation), xt).movedim(0, -1)
        simple(f"reduce_window.{kind}.{dtype}.channels_last", "reduce_window", [xt], y.contiguous(), tail + " channels_last", 256 if dtype == "f64" else 2)
x = torch.randn(2, 3, 9, 11)
simple("reduce_window.max_pool2d", "reduce_window", [x], F.max_pool2d(x, 3, 2, 1), f'"max" window [3, 3] stride [2, 2] lo {dims((1, 1))} hi {dims((1, 1))} dilation [1, 1]')
simple("reduce_window.avg_pool2d", "reduce_window", [x], F.avg_pool2d(x, (3, 2), divisor_override=1), f'"sum" window [3, 2] stride [3, 2] lo {dims((0, 0))} hi {dims((0, 0))} dilation [1, 1]', 8)
x = torch.tensor([[1.0, math.nan, 3.0, 2.0, 5.0]])
simple("reduce_window.nan", "reduce_window", [x], F.max_pool1d(x, 2, 1), f'"max" window [2] stride [1] lo {dims((0,))} hi {dims((0,))} dilation [1]')
for dtype, empty in (("f32", -math.inf), ("i8", -128), ("ui8", 0)):
    x = torch.zeros(1, dtype=DTYPES[dtype])
    simple(f"reduce_window.sees_nothing.{dtype}", "reduce_window", [x], torch.tensor([empty, 0, empty], dtype=x.dtype),
           f'"max" window [1] stride [1] lo {dims((1,))} hi {dims((1,))} dilation [1]')

# ---------------------------------------------------------------- order, additions by index
for dtype in FLOATS + INTS + ["i1"]:
    for descending in (False, True):
        for k in range(4):
            x = values(dtype, shape(int(rng.integers(1, 4)), 9, 0 if k == 0 else 1), edges=dtype != "i1" and k % 2 == 1)
            if dtype in FLOATS and k == 2:
                x = x.round()  # ties
            d = int(rng.integers(0, x.dim()))
            v, i = torch.sort(x, dim=d, descending=descending, stable=True)
            for pick, result in (("values", v), ("indices", i)):
                case(f"sort.{pick}.{dtype}", f"%v, %i = mod.sort %a0 dim {d}{' descending true' if descending else ''} : ({spell(x)}) -> ({spell(v)}, {spell(i)})\n"
                     f"    %y = mod.detach %{pick[0]} : ({spell(result)}) -> {spell(result)}", [x], result, 0)
for dtype in FLOATS + INTS:
    for index_type in ("i64", "i32"):
        for _ in range(3):
            x = values(dtype, shape(int(rng.integers(1, 4)), 7))
            d = int(rng.integers(0, x.dim()))
            i = torch.tensor(rng.integers(0, x.shape[d], int(rng.integers(0, 6))), dtype=DTYPES[index_type])
            v = values(dtype, (*x.shape[:d], len(i), *x.shape[d + 1:]))
            simple(f"index_add.{dtype}", "index_add", [x, i, v], x.index_add(d, i.long(), v), f"dim {d}")
            s = tuple(int(rng.integers(0, 6)) if j == d else n for j, n in enumerate(x.shape))
            i = torch.tensor(rng.integers(0, x.shape[d], s), dtype=DTYPES[index_type])
            v = values(dtype, s)
            simple(f"scatter_add.{dtype}", "scatter_add", [x, i, v], x.scatter_add(d, i.long(), v), f"dim {d}")
x, v = torch.randn(3, 5), torch.randn(3, 2, 2)
i = torch.tensor([[0, 4], [4, 4]])
simple("index_add.matrix_of_indices", "index_add", [x, i, v], x.index_add(1, i.reshape(-1), v.reshape(3, 4)), "dim 1")
for bad in (-1, 5):
    x, i = torch.zeros(2, 5), torch.tensor([0, bad])
    simple("index_add.range", "index_add", [x, i, torch.zeros(2, 2)], (f"index_add: index {bad} is out of range for size 5 of dimension 1", ("f32", (2, 5))), "dim 1")
    x, i = torch.zeros(5, 2), torch.tensor([[0, bad]])
    simple("scatter_add.range", "scatter_add", [x, i, torch.zeros(1, 2)], (f"scatter_add: index {bad} is out of range for size 5 of dimension 0", ("f32", (5, 2))), "dim 0")

# ---------------------------------------------------------------- products
for dtype in INTS:
    for _ in range(3):
        batch_a, batch_b = broadcastable(int(rng.integers(0, 3)))
        m, n, k = (int(d) for d in rng.integers(0, 9, 3))
        a, b = values(dtype, (*batch_a, m, k), True), values(dtype, (*batch_b, k, n), True)
        simple(f"matmul.{dtype}", "matmul", [a, b], torch.matmul(a, b))
        simple(f"matmul.{dtype}.trans_b", "matmul", [a, b.transpose(-1, -2).contiguous()], torch.matmul(a, b), "trans_b true")
for dtype in FLOATS:
    for _ in range(6):
        batch_a, batch_b = broadcastable(int(rng.integers(0, 3)))
        m, n, k = (int(d) for d in rng.integers(0, 9, 3))
        a, b = values(dtype, (*batch_a, m, k)), values(dtype, (*batch_b, k, n))
        y = wide(torch.matmul, a, b)
        simple(f"matmul.{dtype}", "matmul", [a, b], y, tol=4)
        bt = b.transpose(-1, -2).contiguous()
        simple(f"matmul.{dtype}.trans_b", "matmul", [a, bt], y, "trans_b true", tol=4)

# ---------------------------------------------------------------- convolutions
CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


def channels_last(x):
    return x.movedim(1, -1).contiguous()


for dtype in FLOATS:
    for n in (1, 2, 3):
        for k in range(8):
            few = lambda low, high: [int(i) for i in rng.integers(low, high, n)]
            groups, batch = int(rng.choice([1, 1, 2, 3])), int(rng.integers(0 if k == 0 else 1, 3))
            into, out = (groups * int(i) for i in rng.integers(1, 4, 2))
            kernel, stride, dilation, lo, hi = few(1, 4), few(1, 4), few(1, 3), few(0, 4), few(0, 4)
            size = [max(1, d * (q - 1) + 1 - a - b) + int(rng.integers(0, 6)) for d, q, a, b in zip(dilation, kernel, lo, hi)]
            x, w = values(dtype, (batch, into, *size)), values(dtype, (out, into // groups, *kernel))
            flat = [p for pair in zip(reversed(lo), reversed(hi)) for p in pair]
            y = wide(lambda x, w: CONV[n](F.pad(x, flat), w, None, stride, 0, dilation, groups), x, w)
            text = f"stride {stride} lo {lo} hi {hi} dilation {dilation} groups {groups}"
            simple(f"conv.{dtype}", "conv", [x, w], y, text, 4)
            simple(f"conv.{dtype}.last", "conv", [channels_last(x), w], channels_last(y), text + " channels_last", 4)
            w = values(dtype, (into, out // groups, *kernel))
            extra = [int(rng.integers(0, max(s, d))) for s, d in zip(stride, dilation)]
            padding = [int(rng.integers(0, max(1, ((m - 1) * s + d * (q - 1) + e) // 2 + 1)))
                       for m, s, d, q, e in zip(size, stride, dilation, kernel, extra)]
            y = wide(lambda x, w: TRANSPOSED[n](x, w, None, stride, padding, extra, groups, dilation), x, w)
            text = f"stride {stride} padding {padding} output_padding {extra} dilation {dilation} groups {groups}"
            simple(f"conv_transpose.{dtype}", "conv_transpose", [x, w], y, text, 4)
            simple(f"conv_transpose.{dtype}.last", "conv_transpose", [channels_last(x), w], channels_last(y), text + " channels_last", 4)


def attention(q, k, v, mask, causal, scale):
    scores = q.double() @ k.double().transpose(-1, -2) * scale
    if mask is not None:
        scores = scores + mask.double()
    if causal:
        seen = torch.ones(q.shape[-2], k.shape[-2], dtype=torch.bool).tril()
        scores = scores.masked_fill(~seen, -math.inf)
    p = torch.softmax(scores, -1)
    p = torch.where((scores == -math.inf).all(-1, keepdim=True), torch.zeros_like(p), p)
    return (p @ v.double()).to(q.dtype)


for dtype in FLOATS:
    for masked in (False, True):
        for causal in (False, True):
            lead = shape(int(rng.integers(0, 3)), 4)
            L, S, E, D = (int(d) for d in rng.integers(1, 8, 4))
            q, k, v = values(dtype, (*lead, L, E), scale=1), values(dtype, (*lead, S, E), scale=1), values(dtype, (*lead, S, D))
            scale = 1 / math.sqrt(E)
            mask = None
            if masked:
                full = (*lead, L, S)
                s = tuple(1 if rng.random() < 0.3 else d for d in full)[int(rng.integers(0, len(lead) + 1)):]
                mask = torch.where(torch.tensor(rng.random(s)) < 0.3, -math.inf, torch.zeros(s).double()).to(DTYPES[dtype])
                if rng.random() < 0.5:
                    mask = mask + values(dtype, s, scale=1)
            y = attention(q, k, v, mask, causal, scale)
            if not (masked and causal):
                own = F.scaled_dot_product_attention(q.double(), k.double(), v.double(), None if mask is None else mask.double(), 0.0, causal)
                assert torch.allclose(own, y.double(), atol=2e-2 if dtype in ("bf16", "f16") else 1e-5), "the test's attention is not PyTorch's"
            types = ", ".join(spell(t) for t in (q, k, v) + ((mask,) if masked else ()))
            case(f"attention.{dtype}.mask{int(masked)}.causal{int(causal)}",
                 f"%y = mod.attention %a0, %a1, %a2 {'mask %a3' if masked else ''} scale {scale!r} {'causal true' if causal else ''} : ({types}) -> {spell(y)}",
                 [q, k, v] + ([mask] if masked else []), y, 8)
q, k, v = torch.randn(2, 3, 4), torch.randn(2, 5, 4), torch.randn(2, 5, 2)
mask = torch.full((2, 3, 5), -math.inf)
mask[0, 1] = 0
y = attention(q, k, v, mask, False, 0.5)
assert (y[1] == 0).all() and (y[0, 1] != 0).all()
case("attention.rows_that_see_nothing", f"%y = mod.attention %a0, %a1, %a2 mask %a3 scale 0.5 : ({', '.join(map(spell, (q, k, v, mask)))}) -> {spell(y)}", [q, k, v, mask], y, 8)

# ---------------------------------------------------------------- gathers
for dtype in ("f32", "i64", "i1"):
    for index_type in ("i64", "i32"):
        for _ in range(4):
            x = values(dtype, shape(int(rng.integers(1, 4)), 7))
            d = int(rng.integers(0, x.dim()))
            i = torch.tensor(rng.integers(0, x.shape[d], shape(int(rng.integers(0, 4)))), dtype=DTYPES[index_type])
            y = torch.index_select(x, d, i.reshape(-1).long()).reshape((*x.shape[:d], *i.shape, *x.shape[d + 1:]))
            simple("take", "take", [x, i], y, f"dim {d}")
            s = tuple(int(rng.integers(0, 6)) if j == d else n for j, n in enumerate(x.shape))
            i = torch.tensor(rng.integers(0, x.shape[d], s), dtype=DTYPES[index_type])
            simple("gather", "gather", [x, i], torch.gather(x, d, i.long()), f"dim {d}")
for bad in (-1, 5):
    simple("take.range", "take", [torch.zeros(2, 5), torch.tensor([0, bad])], (f"take: index {bad} is out of range for size 5 of dimension 1", ("f32", (2, 2))), "dim 1")
    simple("gather.range", "gather", [torch.zeros(5, 2), torch.tensor([[0, bad]])], (f"gather: index {bad} is out of range for size 5 of dimension 0", ("f32", (1, 2))), "dim 0")

# ---------------------------------------------------------------- random: against Philox written down once more


def philox(key, block, call):
    c = [block & 0xffffffff, block >> 32, call & 0xffffffff, call >> 32]
    k = [key & 0xffffffff, key >> 32]
    for _ in range(10):
        a, b = 0xd2511f53 * c[0], 0xcd9e8d57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xffffffff, (a >> 32) ^ c[3] ^ k[1], a & 0xffffffff]
        k = [(k[0] + 0x9e3779b9) & 0xffffffff, (k[1] + 0xbb67ae85) & 0xffffffff]
    return c


def fold(key, x):
    m = (1 << 64) - 1
    z = (key + 0x9e3779b97f4a7c15 * (x + 1)) & m
    z = ((z ^ (z >> 30)) * 0xbf58476d1ce4e5b9) & m
    z = ((z ^ (z >> 27)) * 0x94d049bb133111eb) & m
    return z ^ (z >> 31)


assert philox(0, 0, 0) == [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]  # Random123's known answer
for dtype, bits in {"f64": 24, "f32": 24, "f16": 11, "bf16": 8}.items():
    stream = [philox(fold(0, 3), e // 4, 1)[e % 4] >> (32 - bits) for e in range(15)]
    y = torch.tensor(stream, dtype=torch.float64).mul(2.0**-bits).reshape(3, 5).to(DTYPES[dtype])
    case(f"random.{dtype}", f"%k0 = mod.frame_key\n    %k = mod.key %k0, 3\n    %y = mod.random %k as {dtype} [#mod.dim<3>, #mod.dim<5>] : {spell(y)}", [], y, 0)


# ---------------------------------------------------------------- run and compare
def write(path, t):
    a = t.double().numpy() if t.is_floating_point() else t.to(torch.int64).numpy()
    head = ("f64" if t.is_floating_point() else "i64") + "".join(f" {d}" for d in a.shape) + "\n"
    path.write_bytes(head.encode() + np.ascontiguousarray(a).tobytes())


def read(path):
    head, data = path.read_bytes().split(b"\n", 1)
    kind, *dims_ = head.decode().split()
    return torch.tensor(np.frombuffer(data, "<f8" if kind == "f64" else "<i8").reshape([int(d) for d in dims_]).copy())


def differs(name, got, want, tol):
    if tuple(got.shape) != tuple(want.shape):
        return f"shape {tuple(got.shape)} instead of {tuple(want.shape)}"
    if not want.is_floating_point():
        bad = got != want.to(torch.int64)
        return f"{got[bad][0]} instead of {want[bad][0]}" if bad.any() else None
    dtype = next(k for k, v in DTYPES.items() if v == want.dtype)
    w = want.double()
    same = (got == w) | (got.isnan() & w.isnan())
    size = w.abs().nan_to_num(0, 0, 0)
    if name.startswith(("matmul", "conv", "attention", "sum", "cumsum", "reduce_window.sum", "reduce_window.avg", "index_add", "scatter_add")):  # sums cancel: the error is of the size of what is summed
        size = size.clamp(min=float(size.max()) if size.numel() else 0).clamp(min=1)
    smallest = torch.finfo(want.dtype).smallest_normal
    near = (got - w).abs() <= tol * ULP[dtype] * size.clamp(min=smallest)
    bad = ~(same | near)
    return f"{got[bad][0].item()!r} instead of {w[bad][0].item()!r}" if bad.any() else None


with tempfile.TemporaryDirectory(prefix="modc-reference-") as folder:
    folder = pathlib.Path(folder)
    text = []
    for n, (name, body, inputs, expected, _) in enumerate(cases):
        args = ", ".join(f'%a{i}: {spell(x)} {{mod.name = "a{i}"}}' for i, x in enumerate(inputs))
        result = body.rsplit("->" if "->" in body else " : ", 1)[1].strip()
        text.append(f'mod.class @C{n} from "C" kind "module" {{\n  mod.func @forward({args}) -> {result} {{\n    {body}\n'
                    f"    mod.return %y : {result}\n  }}\n}}\nmod.export @c{n} = @C{n} -> @forward instance {n}\n")
        for i, x in enumerate(inputs):
            write(folder / f"c{n}.in.a{i}", x)
    (folder / "cases.mlir").write_text("".join(text))
    run = subprocess.run([TOOL, folder / "cases.mlir", folder], capture_output=True, text=True)
    if run.returncode:
        print(run.stderr[:4000])
        print(f"0 passed, {len(cases)} failed")
        sys.exit(1)
    passed = failed = 0
    for n, (name, body, inputs, expected, tol) in enumerate(cases):
        error = folder / f"c{n}.error"
        said = error.read_text() if error.exists() else None
        if isinstance(expected, str):
            problem = None if said and expected in said else f"expected the error `{expected}`, got {said}"
        elif said:
            problem = said
        else:
            problem = differs(name, read(folder / f"c{n}.out.output"), expected, tol)
        passed, failed = passed + (problem is None), failed + (problem is not None)
        if problem:
            print(f"FAIL {name} (case {n}): {problem}\n     {body}")
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
