"""Exports with numbers of the run, choices, parts of trees, caches: interpreter and compiled code against PyTorch.

Error bound: 1e-5 of the largest output.
"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

folder = c.scratch()
source = pathlib.Path(__file__).parent / "programs" / "exports.mod"
artifact = folder / "exports.so"
c.tool("modc", source, "-o", artifact)
torch.manual_seed(0)


def weights(name, **tensors):
    path = folder / f"{name}.safetensors"
    save_file(tensors, path)
    return path


def both(export, state, inputs, texts, want, what):
    """Runs the artifact and the interpreter; compares every output."""
    extra = [part for t in texts for part in ("--input", t)]
    for kind, got in (("compiled", c.run_artifact(artifact, export, state, inputs, folder, extra=extra)),
                      ("interpreter", c.run_interpreter(source, export, state, inputs, folder, extra=extra))):
        names = ["output"] if len(want) == 1 and "output" in got else list(got) if len(want) == 1 else [
            f"output{i}" for i in range(len(want))]
        error = max(float(np.abs(got[n].astype(np.float64) - w.numpy()).max() / max(1e-9, w.abs().max().item()))
                    if tuple(got[n].shape) == tuple(w.shape) else np.inf for n, w in zip(names, want))
        c.check(error <= 1e-5, f"{what}: {kind} against PyTorch, error {error:.1e}")


def fails(export, state, inputs, texts, words, what):
    for run, head in (("artifact", lambda **k: c.run_artifact(artifact, export, state, inputs, folder, **k)),
                      ("interpreter", lambda **k: c.run_interpreter(source, export, state, inputs, folder, **k))):
        try:
            head(extra=[part for t in texts for part in ("--input", t)])
            c.check(False, f"{what}: {run} should have refused")
        except RuntimeError as e:
            c.check(words in str(e), f"{what}: {run} says `{words}`: {str(e).splitlines()[-1]}")


w, b = torch.randn(6, 6), torch.randn(6)
state = weights("numbers", **{"inner.fc.weight": w, "inner.fc.bias": b})
for n, pos, scale, act, twice in ((5, 1, 0.25, "relu", False), (4, 2, -1.5, "tanh", True), (2, 0, 3.0, "tanh", False)):
    x = torch.randn(n, 6)
    y = getattr(torch, act)(F.linear(x, w, b) * (scale * 0.5) + pos + 1)
    y = y + y if twice else y
    want = [y, y[pos : pos + 2].sum(-1), torch.arange(pos, pos + 3).double()]
    both("numbers", state, {"x": x.numpy()}, [f"pos={pos}", f"scale={scale}", f"act={act}", f"twice={twice}"], want,
         f"numbers n={n} pos={pos} {act} twice={twice}")
    both("window", state, {"x": x.numpy()}, [f"pos={pos}"], [F.linear(x[pos : pos + 2], w, b) + pos], f"window at {pos}")
x = torch.randn(3, 6)
both("scaled", weights("scaled", **{"fc.weight": w, "fc.bias": b}), {"x": x.numpy()}, ["scale=0.5", "shift=-7"],
     [F.linear(x, w, b) * 0.5 - 7], "a part of the tree, its own state dict, a negative int")
y = torch.relu(F.linear(x, w, b) * 1.0 + 2)
both("fixed", state, {"x": x.numpy()}, ["twice=True"], [y + y, (y + y)[1:3].sum(-1), torch.arange(1, 4).double()],
     "arguments that an export fixes")
fails("window", state, {"x": x.numpy()}, ["pos=2"], "", "a window beyond the end")
fails("numbers", state, {"x": x.numpy()}, ["pos=0", "scale=1", "act=gelu", "twice=True"], "tanh", "an unknown choice")

a, b2 = torch.randn(2, 3), torch.randn(4, 3)
both("joined", weights("joined"),
     {"a": a.numpy(), "b": b2.numpy()}, [], [torch.cat([a, b2])], "items of `*` arguments")

w, b = torch.randn(4, 4) * 0.3, torch.randn(4)


def halves(x, levels=2):
    skips, y = [], x
    for _ in range(levels):
        skips.append(y)
        y = F.linear(y.view(y.shape[0], -1, 2, 4).sum(2), w, b)
    for _ in range(levels):
        y = skips.pop() + y.repeat_interleave(2, 1)
    return y


x = torch.randn(2, 16, 4)
both("halves", weights("halves", **{"fc.weight": w, "fc.bias": b}), {"x": x.numpy()}, [], [halves(x)], "multiples")
both("twice", weights("twice", **{"part.fc.weight": w, "part.fc.bias": b}), {"x": x.numpy()}, [],
     [halves(x) + halves(halves(x[:, :8])).repeat_interleave(2, 1)], "multiples through calls")
fails("halves", weights("halves", **{"fc.weight": w, "fc.bias": b}), {"x": x[:, :6].contiguous().numpy()}, [], "H",
      "no multiple")
check = c.tool("modc", source, "--emit", "check", "--model", "halves")
c.check("where H % 4 == 0" in check and "guard" not in check, "multiples leave no guard")

tensors = {f"h.{i}.qkv.{n}": torch.randn(*s) * 0.3 for i in range(2) for n, s in (("weight", (24, 8)), ("bias", (24,)))}
state = weights("decoder", **tensors)


def decoder(x):
    for i in range(2):
        q, k, v = (t.view(*t.shape[:2], 2, 4).transpose(1, 2) for t in
                   F.linear(x, tensors[f"h.{i}.qkv.weight"], tensors[f"h.{i}.qkv.bias"]).chunk(3, -1))
        x = x + F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2)
    return x


for n, s in ((1, 5), (3, 9), (4, 16)):
    x = torch.randn(n, s, 8)
    both("decoder", state, {"x": x.numpy()}, [], [decoder(x)], f"decoder n={n} s={s}")
    both("step", state, {"x": x.numpy()}, ["pos=0"], [decoder(x)], f"a step into empty caches n={n} s={s}")
    both("two_steps", state, {"x": x.numpy()}, [], [decoder(x)], f"two steps through the caches n={n} s={s}")
fails("step", state, {"x": x.numpy()}, ["pos=1"], "pos + S <= 16", "beyond the caches")
fails("step", state, {"x": x[:, :2].contiguous().numpy()}, ["pos=-1"], "", "a negative position")
c.finish()
