"""Whole models in other dtypes, `modc --dtype bf16|f16|f64`: an MLP, LeNet and MiniLM, compiled for each instruction set that this
machine has. Against the interpreter of the same dtype, against PyTorch on the weights rounded to the dtype, and bits equal for
one thread and two; the dtypes of what the artifact writes.

Bounds, as a part of the largest expected value: bf16 keeps 8 bits and f16 11, so one rounding errs by at most u = 2^-8 or 2^-11
of a value. Sums are kept in f32, so what counts is how often values are rounded to be stored between operations: against
PyTorch, which computes in f32 and rounds only weights and inputs, a few roundings for each layer of the small models (4 u), and
some tens that partly cancel for MiniLM's six blocks (16 u). The interpreter rounds after each operation where fused code does not:
the same bounds. f64 errs by 1e-12: sums in other orders and functions within 5 ulp.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import numpy as np
import torch
from safetensors.torch import load_file, save_file

import models

MODELS = {  # source, export, sizes for compiled code, for the interpreter, roundings
    "mlp": (c.ROOT / "examples/models/mlp.mod", dict(batch=5), dict(batch=2), 4),
    "lenet": (c.ROOT / "examples/models/lenet.mod", dict(batch=3), dict(batch=1), 4),
    "minilm": (c.ROOT / "examples/semantic-search/minilm.mod", dict(batch=2, seq=19), dict(batch=1, seq=3), 16),
}
DTYPES = {"bf16": (torch.bfloat16, 2.0**-8), "f16": (torch.float16, 2.0**-11), "f64": (torch.float64, None)}
folder = c.scratch()


def sets():
    """The instruction sets that this machine runs."""
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    return ["x86-64-v3"] + (["x86-64-v4"] if all(f in flags for f in ("avx512bw", "avx512dq", "avx512vl")) else [])


def call(tool, head, inputs, weights, extra=(), env=None):
    file, out = folder / "in.safetensors", folder / "out.safetensors"
    save_file({k: v.contiguous() for k, v in inputs.items()}, file)
    args = [a for k in inputs for a in ("--input", f"{k}={file}")]
    c.tool(tool, *head, "--weights", weights, *args, "--output", out, *extra, env=env)
    return list(load_file(out).values())


def error(got, want):
    """Largest error as a part of the largest expected value; infinite where shapes differ or a number is none."""
    if len(got) != len(want):
        return float("inf")
    worst = 0.0
    for g, w in zip(got, want):
        if g.shape != w.shape or not g.isfinite().all():
            return float("inf")
        worst = max(worst, ((g.double() - w.double()).abs().max() / w.double().abs().max()).item())
    return worst


def cast(inputs, dtype):
    return {k: v.to(dtype) if v.is_floating_point() else v for k, v in inputs.items()}


def run(name, dtype):
    source, size, small, roundings = MODELS[name]
    kind, unit = DTYPES[dtype]
    bound = 1e-12 if unit is None else roundings * unit
    artifact, weights = folder / f"{name}-{dtype}.so", folder / "weights.safetensors"
    c.tool("modc", source, "--dtype", dtype, "-o", artifact)
    model = models.build(name).to(kind)
    models.save_weights(model, weights)
    model = model.to(torch.promote_types(kind, torch.float32))

    def expected(inputs):
        with torch.no_grad():
            y = model(*(v.to(torch.promote_types(kind, torch.float32)) if v.is_floating_point() else v for v in inputs.values()))
        return list(y) if isinstance(y, tuple) else [y]

    inputs = cast(models.example_inputs(name, **size), kind)
    want = expected(inputs)
    head = [artifact, "--model", name]
    for cpu in sets():
        env = {"MODRT_TARGET": cpu}
        one = call("modrun", [*head, "--threads", 1], inputs, weights, env=env)
        two = call("modrun", [*head, "--threads", 2], inputs, weights, env=env)
        e = error(one, want)
        c.check(e <= bound, f"{name} {dtype} {cpu}: error {e:.1e} against PyTorch, at most {bound:.1e}")
        c.check(len(one) == len(two) and all(torch.equal(a, b) for a, b in zip(one, two)), f"{name} {dtype} {cpu}: 1 and 2 threads give the same bits")
        c.check({y.dtype for y in one} == {kind}, f"{name} {dtype} {cpu}: outputs are {dtype}")

    kept = folder / "kept.safetensors"
    inputs = cast(models.example_inputs(name, **small), kind)
    got = call("modrun", [*head, "--threads", 1], inputs, weights, ["--save-weights", kept])
    state, saved = load_file(weights), load_file(kept)
    c.check(state.keys() <= saved.keys() and all(saved[k].dtype == v.dtype and torch.equal(saved[k], v) for k, v in state.items()),
            f"{name} {dtype}: the state dict keeps dtypes and values")
    if name == "minilm":
        return  # its interpretation takes minutes
    e = error(got, call("modc", [source, "--target", "interpret", "--dtype", dtype, "--model", name], inputs, weights))
    c.check(e <= bound, f"{name} {dtype}: error {e:.1e} against the interpreter, at most {bound:.1e}")


def casts():
    """f64 to f16 is rounded once, which NumPy does too; f32 to bf16 is PyTorch's, NaN and infinity among the numbers."""
    source, artifact, weights = folder / "casts.mod", folder / "casts.so", folder / "none.safetensors"
    source.write_text("module A():\n    def forward(x: f64[N], y: f32[N]):\n        return x.to(f16), y.to(bf16)\nexport a = A()\n")
    c.tool("modc", source, "-o", artifact)
    save_file({}, weights)
    torch.manual_seed(3)
    halves = torch.arange(0x7c00, dtype=torch.int16).view(torch.float16).double()
    between = (halves[1:] + halves[:-1]) / 2  # ties, and what f32 would take for ties
    x = torch.cat([halves, between, between * (1 + 1e-12), between * (1 - 1e-12), torch.tensor([65519.999999, 65520.0, 1e300, 1e-300, float("inf"), float("nan")]).double()])
    x = torch.cat([x, -x])
    bits = torch.randint(-2**31, 2**31, (len(x),), dtype=torch.int64).int()
    bits[: len(x) // 2] &= -0x8000  # ties
    y = bits.view(torch.float32)
    y[:4] = torch.tensor([float("inf"), -float("inf"), float("nan"), 3.4e38])
    for cpu in sets():
        half, brain = call("modrun", [artifact, "--model", "a"], {"x": x, "y": y}, weights, env={"MODRT_TARGET": cpu})
        with np.errstate(over="ignore"):
            once = torch.from_numpy(x.numpy().astype("float16"))
        c.check(torch.equal(half.nan_to_num(7), once.nan_to_num(7)), f"f64 to f16 {cpu}: {len(x)} numbers rounded once")
        c.check(torch.equal(brain.isnan(), y.isnan()) and torch.equal(brain.float().nan_to_num(7), y.bfloat16().float().nan_to_num(7)), f"f32 to bf16 {cpu}: as PyTorch")


casts()
for dtype in DTYPES:
    for name in sys.argv[1:] or MODELS:
        try:
            run(name, dtype)
        except Exception as e:
            c.check(False, f"{name} {dtype}: {str(e)[:600]}")
c.finish()
