"""The benchmark's MLP: interpreter and compiled code against PyTorch, batches 1, 3, 8, 64, one artifact.

Error bound: 1e-4 of the largest output.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import numpy as np
import torch

import models

folder = c.scratch()
model = models.build("mlp")
weights = folder / "weights.safetensors"
models.save_weights(model, weights)
source = c.ROOT / "examples" / "mlp" / "mlp.mod"
artifact = folder / "mlp.so"
c.tool("modc", source, "-o", artifact)

for batch in (1, 3, 8, 64):
    x = models.example_inputs("mlp", batch)["x"]
    with torch.no_grad():
        want = model(x).numpy()
    scale = np.abs(want).max()
    compiled = c.run_artifact(artifact, "mlp", weights, {"x": x.numpy()}, folder)["output"]
    error = np.abs(compiled - want).max() / scale
    c.check(error <= 1e-4, f"mlp batch {batch}: compiled against PyTorch, error {error:.1e} of the largest output")
    if batch <= 8:
        reference = c.run_interpreter(source, "mlp", weights, {"x": x.numpy()}, folder)["output"]
        error = np.abs(reference - want).max() / scale
        c.check(error <= 1e-4, f"mlp batch {batch}: interpreter against PyTorch, error {error:.1e}")
    more = c.run_artifact(artifact, "mlp", weights, {"x": x.numpy()}, folder, threads=2)["output"]
    c.check(np.array_equal(more, compiled), f"mlp batch {batch}: the same bits with 2 threads")
    avx2 = c.run_artifact(artifact, "mlp", weights, {"x": x.numpy()}, folder, env={"MODRT_TARGET": "x86-64-v3"})["output"]
    c.check(np.array_equal(avx2, compiled), f"mlp batch {batch}: the same bits on AVX2")

x = models.example_inputs("mlp", 8)["x"].numpy()
whole = c.run_artifact(artifact, "mlp", weights, {"x": x}, folder)["output"]
rows = [c.run_artifact(artifact, "mlp", weights, {"x": x[i:i + 1]}, folder)["output"] for i in range(8)]
c.check(np.array_equal(np.concatenate(rows), whole), "mlp: a row's bits do not depend on the batch")
c.finish()
