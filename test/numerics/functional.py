"""The functions of nn.functional, compiled and interpreted, against torch: one artifact, several sizes and dtypes.

A group is a signature and expressions over its arguments. An expression is written once where the language and PyTorch spell it
alike, else as a pair. Expected values are computed by PyTorch in f64 from the rounded inputs; the bound is in units of the
dtype's precision, of the largest element. Last line: "N passed, N failed".

    .venv/bin/python test/numerics/functional.py [GROUP...]
"""
import math
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

torch.manual_seed(0)
folder = c.scratch()
EPS = {torch.float64: 1e-9, torch.float32: 2e-6, torch.float16: 3e-3, torch.bfloat16: 2e-2}
NAMES = {torch.float64: "f64", torch.float32: "f32", torch.float16: "f16", torch.bfloat16: "bf16", torch.int64: "i64",
         torch.int32: "i32", torch.int8: "i8", torch.uint8: "u8", torch.bool: "bool"}
TORCH = {"F": F, "torch": torch, "math": math, "inf": math.inf, "pi": math.pi, "zeros": torch.zeros, "ones": torch.ones, "where": torch.where,
         "arange": torch.arange, "eye": torch.eye, "stack": torch.stack, "cat": torch.cat, "maximum": torch.maximum,
         "minimum": torch.minimum, "softmax": torch.softmax, "f32": torch.float32, "f64": torch.float64, "i64": torch.int64,
         "i32": torch.int32, "take": lambda x, i, d: x.index_select(d, i.reshape(-1)).reshape(*x.shape[:d], *i.shape, *x.shape[d + 1:])}
groups = {}


def group(name, signature, inputs, *expressions, tol=1.0):
    """`signature`: dims of each argument by name; `inputs`: functions that make a tensor for given sizes, beside them; several
    size dictionaries run one artifact."""
    groups[name] = (signature, inputs, [e if isinstance(e, tuple) else (e, e) for e in expressions], tol)


def floats(*shape):
    return torch.randn(*shape) * 2


def positive(*shape):
    return torch.rand(*shape) + 0.1


def below(n, dtype=torch.int64):
    return lambda *shape: torch.randint(0, n, shape, dtype=dtype)


def small(dtype):
    return lambda *shape: torch.randint(0 if dtype == torch.uint8 else -5, 6, shape, dtype=dtype)


def truths(*shape):
    return torch.rand(*shape) < 0.5


D = [torch.float32, torch.float64, torch.float16, torch.bfloat16]
MATRIX = [{"N": 3}, {"N": 1}, {"N": 18}]
for dtype in D:
    t = NAMES[dtype]
    group(f"elementwise.{t}", f"x: {t}[N, 7], y: {t}[N, 7], p: {t}[N, 7], m: bool[N, 7]", ([floats, floats, positive, truths], MATRIX),
          "x + y", "x - y * 2", "x / p", "x // p", "x % p", "p ** y", "x ** 3", "-x", "abs(x)", "x.exp()",
          "x.expm1()", "p.log()", "p.log1p()", "p.sqrt()", "x.sin()", "x.cos()", "x.tanh()", "x.erf()", "x.sigmoid()", "x.floor()", "x.round()",
          "maximum(x, y)", "minimum(x, y)", "where(m, x, y)", "(x < y) & m", "(x >= y) | ~m", "x == y", "x != x", "p.rsqrt()",
          "p.reciprocal()", "x.square()", "x.ceil()", "x.sign()", "x.clamp(-1, 1)", "x.clamp(min=0.5)", "x.masked_fill(m, -1.5)", "x.isnan()",
          "F.relu(x)", "F.leaky_relu(x)", "F.leaky_relu(x, 0.2)", "F.hardtanh(x)", "F.hardtanh(x, -0.5, 2.0)", "F.relu6(x)", "F.hardsigmoid(x)",
          "F.hardswish(x)", "F.elu(x)", "F.elu(x, 0.7)", "F.selu(x)", "F.celu(x, 1.5)", "F.gelu(x)", ('F.gelu(x, "tanh")', 'F.gelu(x, approximate="tanh")'),
          "F.silu(x)", "F.softplus(x)", "F.softplus(x, 2.0, 1.0)", "F.logsigmoid(x)", "F.mish(x)", "F.softsign(x)", "F.dropout(x, 0.5, False)",
          ("F.glu(x.narrow(1, 0, 6))", "F.glu(x[:, :6])"), "x.to(i32)", "x.to(f32)")
    group(f"reductions.{t}", f"x: {t}[N, 5, 9]", ([floats], MATRIX),
          "x.sum()", "x.sum(1)", "x.sum([0, 2], keepdim=True)", "x.mean()", "x.mean(-1)", "x.mean([0, 1])", "x.var(-1)", "x.var(1, unbiased=False)",
          "x.std(2, keepdim=True)", "x.amax(1)", "x.amin([1, 2])", "x.amax()", "x.argmax(1)", "x.argmin(-1)", "x.argmax()", "x.norm(dim=1)", "x.norm(3, 2)",
          ("x.norm(1.0, [1, 2])", "torch.linalg.vector_norm(x, 1, [1, 2])"), "(x > 2).any()", "(x > 0).any(1)", "(x > -3).all(2, keepdim=True)",
          "x.cumsum(1)", "x.cumsum(-1)", "x.cumsum(0)", "x.logsumexp(1)", "softmax(x, 1)", "F.softmax(x, -1)", "F.log_softmax(x, 2)", "F.softmin(x, 1)",
          "x.sort()[0]", "x.sort(1, descending=True)[0]", ("x.argsort(2)", "x.argsort(dim=2, stable=True)"), "x.topk(3)[0]", "x.topk(2, 1)[1]", ("x.topk(4, -1, False)[0]", "x.topk(4, -1, largest=False)[0]"),
          "F.normalize(x)", "F.normalize(x, 2.0, -1)", tol=4)
    group(f"windows.{t}", f"x: {t}[N, 3, H, W], v: {t}[N, 3, H]", ([floats, floats], [{"N": 2, "H": 9, "W": 11}, {"N": 1, "H": 8, "W": 34}, {"N": 3, "H": 5, "W": 6}]),
          "F.max_pool2d(x, 2)", "F.max_pool2d(x, 3, 2, 1)", "F.max_pool2d(x, [3, 2], [2, 1], [1, 0])", "F.max_pool2d(x, 3, 1, 1, 1)", "F.max_pool2d(x, 2, 1, 0, 2)",
          "F.max_pool2d(x, 3, 2, 1, ceil_mode=True)", "F.max_pool2d(x, 2, 3, 1, ceil_mode=True)", "F.avg_pool2d(x, 2)", "F.avg_pool2d(x, 3, 2, 1)",
          "F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)", "F.avg_pool2d(x, 3, 2, 1, ceil_mode=True)", "F.avg_pool2d(x, 3, 2, 1, True, False)",
          "F.avg_pool2d(x, [2, 3], divisor_override=5)", "F.avg_pool2d(x, 2, 3, 1, ceil_mode=True)", "F.max_pool1d(v, 3)", "F.max_pool1d(v, 3, 2, 1)", "F.max_pool1d(v, 2, 1, 1, 2)",
          "F.max_pool1d(v, 4, 3, 2, ceil_mode=True)", "F.avg_pool1d(v, 2)", "F.avg_pool1d(v, 3, 2, 1)", "F.avg_pool1d(v, 3, 2, 1, True, False)",
          "F.relu(F.max_pool2d(x, 3, 2, 1)) * 2 + 1", "F.adaptive_avg_pool2d(x, 1)", "F.adaptive_avg_pool2d(x, [3, 2])", "F.adaptive_avg_pool1d(v, 4)", "F.adaptive_avg_pool2d(x, [None, 2])",
          "F.interpolate(x, scale_factor=2)", "F.interpolate(x, [7, 13])", ('F.interpolate(x, 6, mode="bilinear")', 'F.interpolate(x, (6, 6), mode="bilinear")'),
          'F.interpolate(x, [5, 17], mode="bilinear", align_corners=True)', 'F.interpolate(v, scale_factor=3, mode="linear")', "F.interpolate(v, 4)", tol=4)
    group(f"products.{t}", f"a: {t}[N, 4, 6], b: {t}[N, 6, 5], w: {t}[3, 6], bias: {t}[3], q: {t}[N, 2, L, 8], k: {t}[N, 2, S, 8], mask: bool[L, S]",
          ([floats, floats, floats, floats, floats, floats, lambda *s: torch.ones(*s, dtype=torch.bool).tril(1)], [{"N": 2, "L": 3, "S": 5}, {"N": 1, "L": 7, "S": 7}]),
          "a @ b", "F.linear(a, w, bias)", "F.linear(a, w)", ("F.bmm(a, b)", "torch.bmm(a, b)"), ("F.addmm(bias, a[0], w.t())", "torch.addmm(bias, a[0], w.t())"), "a[0, 0] @ b[0]", "a[0] @ b[0, :, 0]", "w[0] @ w[1]",
          "a @ w.t()", "F.cosine_similarity(a, a * 2 + 1)", "F.cosine_similarity(a, a.flip(1), 2)",
          "F.scaled_dot_product_attention(q, k, k)", "F.scaled_dot_product_attention(q, k, k, is_causal=True)", "F.scaled_dot_product_attention(q, k, k, mask)", "F.scaled_dot_product_attention(q, k, k, scale=0.3)", tol=8)
    group(f"norms.{t}", f"x: {t}[N, 4, 6], w: {t}[6], b: {t}[6], c: {t}[4], d: {t}[4], m: {t}[4], v: {t}[4]", ([floats] * 6 + [positive], MATRIX),
          "F.layer_norm(x, [6])", "F.layer_norm(x, [6], w, b)", "F.layer_norm(x, [4, 6])", "F.rms_norm(x, [6])", "F.rms_norm(x, [6], w, 1e-3)", "F.group_norm(x, 2)",
          "F.group_norm(x, 4, c, d, 1e-3)", "F.batch_norm(x, m, v)", "F.batch_norm(x, m, v, c, d, False, 0.1, 1e-3)", tol=12)
    group(f"losses.{t}", f"x: {t}[N, 5], y: {t}[N, 5], q: {t}[N, 5], i: i64[N], w: {t}[5]", ([floats, floats, lambda *s: torch.softmax(torch.randn(*s), -1), below(5), positive], [{"N": 4}, {"N": 1}, {"N": 33}]),
          *[f'{f}, reduction="{r}")' for r in ("mean", "sum", "none") for f in ("F.mse_loss(x, y", "F.l1_loss(x, y", "F.smooth_l1_loss(x, y", "F.smooth_l1_loss(x, y, beta=0.5",
            "F.binary_cross_entropy_with_logits(x, q", "F.binary_cross_entropy_with_logits(x, q, w", "F.binary_cross_entropy_with_logits(x, q, pos_weight=w", "F.kl_div(F.log_softmax(x, 1), q",
            "F.kl_div(F.log_softmax(x, 1), F.log_softmax(y, 1), log_target=True", "F.nll_loss(F.log_softmax(x, 1), i", "F.nll_loss(F.log_softmax(x, 1), i, w", "F.nll_loss(F.log_softmax(x, 1), i, ignore_index=2",
            "F.cross_entropy(x, i", "F.cross_entropy(x, i, w", "F.cross_entropy(x, i, label_smoothing=0.1", "F.cross_entropy(x, i, w, label_smoothing=0.2", "F.cross_entropy(x, q", "F.cross_entropy(x, q, w, label_smoothing=0.1")],
          'F.kl_div(F.log_softmax(x, 1), q, reduction="batchmean")', tol=8)

for dtype in (torch.float32, torch.int64, torch.bool):
    t = NAMES[dtype]
    make = {torch.float32: floats, torch.int64: small(torch.int64), torch.bool: truths}[dtype]
    group(f"shapes.{t}", f"x: {t}[N, 4, 6], i: i64[3]", ([make, below(4)], MATRIX),
          "x.view(-1, 24)", "x.reshape(x.size(0) * 2, 2, 6)", "x.flatten(1)", "x.flatten(0, 1)", "x.unflatten(2, [3, 2])", "x.transpose(1, 2)", "x.transpose(0, -1)", "x[0].t()",
          "x.permute(2, 0, 1)", "x.unsqueeze(1)", "x.unsqueeze(-1)", "x.unsqueeze(1).squeeze(1)", "x[:, :1].squeeze(1)", "stack([x, x], 1)", "stack([x, x], -1)", "cat([x, x], 1)", "x.split(2, 1)[1]",
          "x.split([1, 3], 1)[1]", "x.chunk(2, 2)[1]", "x.repeat_interleave(2, 1)", "x.flip(1)", "x.roll(2, 1)", "x.roll(-1, 2)", "x.expand(2, *x.shape)", "x[:, 1:3]", "x[..., ::2]", "x[:, -1]",
          "x[:, :, None]", "take(x, i, 1)", "x.narrow(1, 1, 2)", "x[:1].expand_as(x)", "x.contiguous().transpose(1, 2).contiguous()",
          *([] if dtype == torch.bool else ["F.pad(x, [1, 2])", "F.pad(x, [1, 2, 0, 3], value=2.0)", "F.pad(x, [-1, 1])", "x.tril()", "x.triu(1)", "x.tril(-1)"]),
          *(['F.pad(x, [2, 1], "reflect")', 'F.pad(x, [2, 1], "replicate")', 'F.pad(x, [2, 1], "circular")'] if dtype == torch.float32 else []))
for dtype in (torch.int64, torch.int32, torch.int8, torch.uint8):
    t = NAMES[dtype]
    exact = [] if dtype == torch.uint8 else ["-x", "abs(x)", "x.amax(1)", "x.amin(1)"]
    group(f"integers.{t}", f"x: {t}[N, 6], y: {t}[N, 6], z: {t}[6, 3], p: {t}[N, 6]", ([small(dtype), small(dtype), small(dtype), lambda *s, dtype=dtype: torch.randint(0, 5, s, dtype=dtype)], MATRIX),
          "x + y", "x - y", "x * y", "x // (p + 1)", "x % (p + 1)", "x @ z", "z.t() @ z", "x ** p", "x ** 2", "x ** 11", "x & y", "x | y", "~x", "x / (p + 1)", "x < y", "x.sum(1)", "x.cumsum(1)", "x.sort(1)[0]", "x.sort(0, descending=True)[0]",
          "x.topk(2, 1)[0]", ("x.argsort(1)", "x.argsort(dim=1, stable=True)"), "x.argmax(1) * 0", "x.to(f32) / 2", "x.clamp(-1, 3)", "where(x > y, x, y)", "maximum(x, y)", *exact)
group("creation", "x: f32[N, 3], i: i64[N], e: f32[4, 3]", ([floats, below(4), floats], MATRIX),
      "zeros(2, 3)", "ones(2, 3, dtype=i64)", ("zeros_like(x)", "torch.zeros_like(x)"), ("ones_like(x, dtype=i64)", "torch.ones_like(x, dtype=i64)"), ("full_like(x, 2.5)", "torch.full_like(x, 2.5)"), "arange(5)", "arange(2, 9, 2)",
      "arange(0.0, 1.0, 0.25)", "arange(5, dtype=f32)", "eye(3)", "eye(2, 4)", "F.one_hot(i, 5)", "F.embedding(i, e)", ("take(x, i % x.shape[0], 0)", "x[i % x.shape[0]]"))
group("space", "x: f32[N, 4, 6, 8], v: f32[N, 12, 20], z: f32[N, 2, 5, 6, 7]", ([floats, floats, floats], [{"N": 2}, {"N": 1}]), "F.pixel_shuffle(x, 2)", "F.pixel_unshuffle(x, 2)", "F.unfold(x, 3)",
      "F.unfold(x, [2, 3], 2, 1, [1, 2])", ("F.fold(v, [5, 6], [2, 2])", "F.fold(v, (5, 6), (2, 2))"), ("F.fold(v, [8, 10], 2, 1, 0, 2)", "F.fold(v, (8, 10), 2, 1, 0, 2)"),
      "F.max_pool3d(z, 2)", "F.max_pool3d(z, 3, 2, 1)", "F.avg_pool3d(z, 2, 1, 1)", "F.adaptive_avg_pool3d(z, [2, 3, 1])",
      ('F.interpolate(z, [3, 9, 7], mode="trilinear")', 'F.interpolate(z, (3, 9, 7), mode="trilinear")'))
group("indexed", "x: f32[5, N], v: f32[K, N], i: i64[K], j: i32[K], g: i64[K, N], y: i64[5, N], u: i64[K, N]", ([floats, floats, below(5), below(5, torch.int32), below(5), small(torch.int64), small(torch.int64)],
      [{"N": 3, "K": 7}, {"N": 40, "K": 1}, {"N": 1, "K": 20}, {"N": 17, "K": 3}]),
      "x.index_add(0, i, v)", "x.index_add(0, j, v)", "x.t().index_add(1, i, v.t())", "x.scatter_add(0, g, v)", "y.index_add(0, i, u)", "y.scatter_add(0, g, u)", "x.gather(0, g)", "take(x, i, 0)", ("zeros(5).index_add(0, i, v[:, 0])", "zeros(5, dtype=f64).index_add(0, i, v[:, 0])"),
      "(x.index_add(0, i, v) * 2).relu()", "x.t().contiguous().scatter_add(1, g.t(), v.t())")


def text_of(name):
    signature, _, expressions, _ = groups[name]
    results = ",\n            ".join(e for e, _ in expressions)
    names = ", ".join(p.split(":")[0].strip() for p in signature.split("], "))
    return f"module M_{name.replace('.', '_')}():\n    def forward({names}):\n        return ({results},)\n\nexport {name.replace('.', '_')}({signature}) = M_{name.replace('.', '_')}()\n\n"


def run(name):
    signature, (makers, sizes), expressions, tol = groups[name]
    export = name.replace(".", "_")
    source = folder / f"{export}.mod"
    source.write_text("import torch\nimport nn.functional as F\n\n" + text_of(name))
    artifact = folder / f"{export}.so"
    try:
        c.tool("modc", source, "-o", artifact)
    except RuntimeError as e:
        c.check(False, f"{name}: {str(e)[:3000]}")
        return
    parts = [p if p.endswith("]") else p + "]" for p in signature.split("], ")]
    for n, size in enumerate(sizes):
        inputs = {}
        for part, make in zip(parts, makers):
            key, kind = part.split(": ")
            dtype, dims = kind[:-1].split("[")
            shape = [size.get(d, None) or int(d) for d in dims.split(", ")]
            x = make(*shape)
            inputs[key] = x.to(next(k for k, v in NAMES.items() if v == dtype)) if x.is_floating_point() else x
        files = []
        for key, x in inputs.items():
            save_file({key: x.contiguous()}, folder / f"{key}.safetensors")
            files += ["--input", f"{key}={folder / f'{key}.safetensors'}"]
        wide = {k: x.double() if x.is_floating_point() else x for k, x in inputs.items()}
        floating = next((x.dtype for x in inputs.values() if x.is_floating_point()), torch.float32)
        outs = {}
        for how, head in (("compiled", ["modrun", artifact]), ("interpreted", ["modc", source, "--target", "interpret"])):
            out = folder / "out.safetensors"
            try:
                c.tool(*head, "--model", export, *files, "--output", out)
                outs[how] = load_file(out)
            except RuntimeError as e:
                c.check(False, f"{name} {size} {how}: {str(e)[:1500]}")
        for i, (_, expression) in enumerate(expressions):
            want = eval(expression, {**TORCH, **wide})
            for how, out in outs.items():
                got = out["output" if len(expressions) == 1 else f"output{i}"]
                problem = differs(got, want, inputs, expression, EPS[floating] * tol)
                if problem or n == 0:
                    c.check(not problem, f"{name} {size} {how} {expressions[i][0]}{': ' + problem if problem else ''}")


def differs(got, want, inputs, expression, tol):
    if tuple(got.shape) != tuple(want.shape):
        return f"shape {tuple(got.shape)} instead of {tuple(want.shape)}"
    if not want.is_floating_point():
        # What is cut to an int or compared may go either way at a border, in narrow dtypes.
        bad = (got.to(want.dtype) != want).double()
        return f"{int(bad.sum())} of {bad.numel()} elements differ" if bad.sum() > (0 if tol < 1e-3 else 0.1 * bad.numel() + 1) else None
    w, g = want.double(), got.double()
    scale = max(1.0, float(w.nan_to_num(0, 0, 0).abs().max())) if w.numel() else 1.0
    bad = ~(((g - w).abs() <= tol * scale) | (g.isnan() & w.isnan()) | (g == w))
    return f"{float(g[bad][0])} instead of {float(w[bad][0])} (bound {tol * scale:.1e})" if bad.any() else None


for name in groups:
    if len(sys.argv) < 2 or any(name.startswith(a) for a in sys.argv[1:]):
        run(name)
c.finish()
