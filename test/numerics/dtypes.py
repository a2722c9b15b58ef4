"""Whole models in bf16, f16 and f64 (`modc --dtype`) against PyTorch's model.to(dtype).

A result may be as far from the f32 result as PyTorch's own in that dtype, twice over, plus its unit of rounding. In f64
it must agree with PyTorch to 1e-10 of the largest output.
"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import torch
from safetensors.torch import load_file, save_file

import models

SOURCES = {"mlp": "mlp/mlp.mod", "minilm": "semantic-search/minilm.mod"}
DTYPES = {"bf16": torch.bfloat16, "f16": torch.float16, "f64": torch.float64}
folder = c.scratch()


def call(tool, args, inputs):
    for name, value in inputs.items():
        path = folder / f"{name}.safetensors"
        save_file({name: value.contiguous()}, path)
        args = [*args, "--input", f"{name}={path}"]
    out = folder / "out.safetensors"
    c.tool(tool, *args, "--output", out)
    return load_file(out)


for model_name, file in SOURCES.items():
    model = models.build(model_name)
    inputs = models.example_inputs(model_name, 2, 16)
    with torch.no_grad():
        exact = model(**inputs)
    exact = [exact] if torch.is_tensor(exact) else list(exact)
    source = c.ROOT / "examples" / file
    names = list(inputs)
    for short, dtype in DTYPES.items():
        copy = models.build(model_name).to(dtype)
        typed = {k: v.to(dtype) if v.is_floating_point() else v for k, v in inputs.items()}
        with torch.no_grad():
            theirs = copy(**typed)
        theirs = [theirs] if torch.is_tensor(theirs) else list(theirs)
        weights = folder / f"{model_name}.{short}.safetensors"
        models.save_weights(copy, weights)
        artifact = folder / f"{model_name}.{short}.so"
        c.tool("modc", source, "--dtype", short, "--model", model_name, "-o", artifact)
        runs = [("compiled", "modrun", [artifact, "--weights", weights])]
        if model_name == "mlp":
            runs.append(("interpreter", "modc", [source, "--target", "interpret", "--dtype", short, "--model", model_name,
                                                 "--weights", weights]))
        for what, tool, args in runs:
            got = list(call(tool, args, typed).values())
            got.sort(key=lambda t: [tuple(e.shape) for e in exact].index(tuple(t.shape)))
            for i, (ours, torchs, right) in enumerate(zip(got, theirs, exact)):
                c.check(ours.dtype == dtype, f"{model_name} {short} {what}: output {i} is {ours.dtype}")
                scale = right.abs().max().item()
                distance = lambda t, of: (t.double() - of.double()).abs().max().item() / scale
                if short == "f64":
                    error, bound = distance(ours, torchs), 1e-10
                else:
                    error = distance(ours, right)
                    bound = 2 * distance(torchs, right) + torch.finfo(dtype).eps
                c.check(error <= bound, f"{model_name} {short} {what}: output {i}, error {error:.1e}, bound {bound:.1e}")
c.finish()
