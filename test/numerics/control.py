"""Loops, branches and indices that the run decides, by the interpreter and compiled, against the same written in PyTorch:
programs of test/sema/golden/control.mod, over several sizes.

Error bound: 1e-5 of the largest output (at least 1).
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import numpy as np
import torch
from safetensors.torch import save_file

folder = c.scratch()
source = c.ROOT / "test" / "sema" / "golden" / "control.mod"
torch.manual_seed(0)
weight, bias = torch.randn(4, 4) * 0.5, torch.randn(4)
weights = folder / "weights.safetensors"
save_file({"count": torch.tensor(0), "fc.weight": weight, "fc.bias": bias}, weights)


artifact = folder / "control.so"
c.tool("modc", source, "-o", artifact)
ways = {"interpreted": (c.run_interpreter, source), "compiled": (c.run_artifact, artifact)}


def compare(export, inputs, want, names):
    sizes = {k: tuple(v.shape) for k, v in inputs.items()}
    for way, (run, program) in ways.items():
        try:
            got = run(program, export, weights, {k: v.numpy() for k, v in inputs.items()}, folder)
        except Exception as e:
            c.check(False, f"{export} {way}: {str(e)[:600]}")
            continue
        for name, w in zip(names, want):
            w = torch.as_tensor(w).numpy()
            fine = got[name].shape == w.shape
            error = np.abs(got[name].astype(float) - w).max() / max(1, np.abs(w).max()) if fine and w.size else 0.0 if fine else float("inf")
            c.check(error <= 1e-5, f"{export} {sizes} {name} {way}: error {error:.1e}")


def fails(export, inputs, words):
    for way, (run, program) in ways.items():
        try:
            run(program, export, weights, {k: v.numpy() for k, v in inputs.items()}, folder)
            c.check(False, f"{export} {way}: no error")
        except RuntimeError as e:
            c.check(words in str(e), f"{export} {way} says `{words}`" if words in str(e) else str(e)[:300])


def steps(x):
    h, y, total = torch.zeros(x.shape[1], 4), torch.zeros(x.shape), torch.tensor(0.0)
    for t in range(x.shape[0]):
        h = torch.tanh(torch.nn.functional.linear(h, weight, bias) + x[t])
        y[t] = h
        total = total + h.sum()
    return y, total, h


def branches(x):
    if x.sum() > 0:
        a, k = x * 2, 1
    elif x.shape[0] > 3:
        a, k = x[3:4] + x, 2
    else:
        a, k = -x, 3
    b = x.abs().sum() if x[0, 0] > 0 and x.shape[0] != 2 else torch.tensor(-1.0)
    if not a.sum() < 0:
        return a, b, k
    n = 0
    while a.sum() < -1 and n < 10:
        a = a / 2
        n += 1
    return a, b, n + k


def rows(x, z):
    S = x.shape[0]
    s, d, w, tri = torch.zeros(4), torch.tensor(0.0), torch.zeros(4, 4), torch.tensor(0.0)
    for i in range(S):
        s = s + x[i] * z[S - 1 - i] * i
    for t in range(S - 1, -1, -2):
        d = d + x[t, 0]
    for t in range(S - 3):
        w = w + x[t : t + 4]
    for i in range(S):
        for j in range(i):
            tri = tri + x[i, 0] * z[j, 1]
        if i > 0:
            tri = tri - x[i - 1, 0]
    return s, d, w, tri


def indices(x, k, r, cols):
    y = x.clone()
    y[k] = 0.0
    y[k : k + 2, 1:3] = 5.0
    return x[k], x[k : k + 2], x[r, cols], y


for s in (1, 2, 7):
    x = torch.randn(s, 3, 4)
    compare("steps", {"x": x}, steps(x), ["y", "total", "h"])
for s in (4, 5, 9):
    x, z = torch.randn(s, 4), torch.randn(s, 4)
    compare("rows", {"x": x, "z": z}, rows(x, z), ["s", "d", "w", "tri"])
for n in (1, 2, 3, 6):
    for sign in (1, -1):
        for first in (1.0, -1.0):
            x = sign * torch.rand(n, 4) * 3
            x[0, 0] = first
            compare("branches", {"x": x}, branches(x), ["a", "b", "c"])
for s, k in ((4, 0), (4, 2), (6, 3)):
    x, r, cols = torch.randn(s, 4), torch.randint(0, s, (5,)), torch.randint(0, 4, (5,))
    compare("indices", {"x": x, "k": torch.tensor(k), "rows": r, "cols": cols}, indices(x, k, r, cols), ["a", "b", "c", "d"])
x, r = torch.randn(4, 4), torch.tensor([0, 1])
fails("indices", {"x": x, "k": torch.tensor(3), "rows": r, "cols": r}, "out of range")
fails("indices", {"x": x, "k": torch.tensor(-1), "rows": r, "cols": r}, "out of range")
fails("indices", {"x": x, "k": torch.tensor(0), "rows": r, "cols": torch.tensor([0, 4])}, "out of range")
c.finish()
