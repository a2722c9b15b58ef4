"""The models of the peer benchmark: compiled code against PyTorch on fresh random weights, batches 1, 3 and 8 and several sizes
from one artifact each, keys of the state dict, and for the small ones the interpreter.

Error bound: 1e-4 of the largest output. With names as arguments only these models are run.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import numpy as np
import torch

import models

BOUND = 1e-4
MODELS = c.ROOT / "examples" / "models"
SEARCH = c.ROOT / "examples" / "semantic-search"
# model: source, [(batch, sequence or image side)], whether the interpreter runs it too
ZOO = {
    "mlp": (MODELS / "mlp.mod", [(1, 0), (3, 0), (8, 0), (64, 0)], True),
    "lenet": (MODELS / "lenet.mod", [(1, 28), (3, 28), (8, 28)], True),
    "lstm": (MODELS / "lstm.mod", [(1, 64), (3, 7), (8, 1)], True),
    "mobilenet_v2": (MODELS / "mobilenet_v2.mod", [(1, 224), (3, 96), (8, 65)], False),
    "resnet18": (MODELS / "resnet.mod", [(1, 224), (3, 97), (8, 64)], False),
    "resnet50": (MODELS / "resnet.mod", [(1, 224), (3, 97), (8, 64)], False),
    "unet": (MODELS / "unet.mod", [(1, 256), (3, 48), (8, 16)], False),
    "vgg16": (MODELS / "vgg16.mod", [(1, 224), (3, 224), (8, 224)], False),
    "vit_b_16": (MODELS / "vit_b_16.mod", [(1, 224), (3, 224), (8, 224)], False),
    "minilm": (SEARCH / "minilm.mod", [(1, 128), (3, 37), (8, 5)], False),
    "gpt2": (MODELS / "gpt2.mod", [(1, 128), (3, 19), (8, 1)], False),
    "gpt2_decode": (MODELS / "gpt2.mod", [(1, 127), (3, 1), (8, 20)], False),
    "llama_tiny": (MODELS / "llama_tiny.mod", [(1, 128), (3, 19), (8, 1)], False),
    "llama_tiny_decode": (MODELS / "llama_tiny.mod", [(1, 127), (3, 1), (8, 20)], False),
}
SEQUENCES = {"lstm", "minilm", "gpt2", "gpt2_decode", "llama_tiny", "llama_tiny_decode"}

folder = c.scratch()
artifacts = {}


def artifact_of(source):
    if source not in artifacts:
        artifacts[source] = folder / (source.stem + ".so")
        c.tool("modc", source, "-o", artifacts[source])
    return artifacts[source]


def inputs_of(name, batch, size):
    if name in SEQUENCES:
        return models.example_inputs(name, batch, seq=size)
    return models.example_inputs(name, batch, size=size or None)


def error_of(got, want):
    """Largest error as a part of the largest expected value; infinite where shapes or names differ."""
    keys = ["output"] if "output" in got else [f"output{i}" for i in range(len(want))]
    if len(got) == len(want) and not all(k in got for k in keys):
        keys = list(got)
    if len(got) != len(want):
        return float("inf")
    worst = 0.0
    for key, w in zip(keys, want):
        if got[key].shape != tuple(w.shape) or not np.isfinite(got[key]).all():
            return float("inf")
        worst = max(worst, float(np.abs(got[key] - w.numpy()).max() / max(1e-30, w.abs().max().item())))
    return worst


def run(name, source, cases, interpret):
    artifact = artifact_of(source)
    model = models.build(name)
    weights = folder / "weights.safetensors"
    models.save_weights(model, weights)
    for i, (batch, size) in enumerate(cases):
        inputs = inputs_of(name, batch, size)
        arrays = {k: v.numpy() for k, v in inputs.items()}
        with torch.no_grad():
            want = model(*inputs.values())
        want = list(want) if isinstance(want, tuple) else [want]
        label = f"{name} batch {batch} size {size}"
        got = c.run_artifact(artifact, name, weights, arrays, folder)
        error = error_of(got, want)
        c.check(error <= BOUND, f"{label}: compiled against PyTorch, error {error:.1e} of the largest output")
        if interpret:
            error = error_of(c.run_interpreter(source, name, weights, arrays, folder), want)
            c.check(error <= BOUND, f"{label}: interpreter against PyTorch, error {error:.1e}")
        if i == 1:
            same = lambda other: all(np.array_equal(got[k], other[k]) for k in got)
            c.check(same(c.run_artifact(artifact, name, weights, arrays, folder, threads=2)), f"{label}: the same bits with 2 threads")
            c.check(same(c.run_artifact(artifact, name, weights, arrays, folder, env={"MODRT_TARGET": "x86-64-v3"})),
                    f"{label}: the same bits on AVX2")
            if "past_k" not in arrays:
                rows = [c.run_artifact(artifact, name, weights, {k: v[r:r + 1] for k, v in arrays.items()}, folder)
                        for r in range(batch)]
                c.check(all(np.array_equal(np.concatenate([r[k] for r in rows]), got[k]) for k in got),
                        f"{label}: a row's bits do not depend on the batch")


wanted = sys.argv[1:] or list(ZOO)
for name in wanted:
    try:
        run(name, *ZOO[name])
    except RuntimeError as e:
        c.check(False, f"{name}: {str(e)[:2000]}")
c.finish()
