"""The smallest program that speaks bench.py's --with protocol (here torch does the work).

    python bench.py --with example="python example_foreign.py" --models mlp-b1 --peers eager
"""
import argparse
import json
import time

import torch
from safetensors.torch import load_file, save_file

import models

ap = argparse.ArgumentParser()
for name in ("model", "mode", "dtype", "weights", "inputs", "outputs", "target"):
    ap.add_argument(f"--{name}")
for name in ("batch", "seq", "size", "threads", "runs"):
    ap.add_argument(f"--{name}", type=int)
ap.add_argument("--seconds", type=float)
ap.add_argument("--prepare", action="store_true")
a = ap.parse_args()
if a.prepare:  # nothing to compile
    print(json.dumps({"compile_s": 0.0}))
    raise SystemExit
assert a.mode == "infer" and a.dtype == "f32"

torch.set_num_threads(a.threads)
model, tensors = models.load(a.model, a.weights), load_file(a.inputs)
inputs = [tensors[k] for k in models.example_inputs(a.model, a.batch, a.seq, a.size or None)]  # call order
with torch.inference_mode():
    out = model(*inputs)
    save_file({f"output{i}": t.contiguous() for i, t in enumerate(out if isinstance(out, tuple) else (out,))}, a.outputs)
    if a.seconds > 0:  # warm up only when timing; the first call measures load + first inference
        model(*inputs), model(*inputs)
    times, start = [], time.perf_counter()
    while len(times) < a.runs or time.perf_counter() - start < a.seconds:
        t = time.perf_counter()
        model(*inputs)
        times.append((time.perf_counter() - t) * 1e3)
print(json.dumps({"times_ms": times, "deploy_mb": 0.0}))
