"""Small GPT-2 and Llama: prefill, one token with given keys and values, and generation through caches in buffers, by
interpreter and compiled code against PyTorch.

Error bound: 1e-4 of the largest output.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import numpy as np
import torch
from safetensors.torch import save_file

import models

folder = c.scratch()
MODELS = {"gpt2": lambda: models.GPT2(dim=32, layers=2, heads=4, vocab=64),
          "llama": lambda: models.Llama(dim=32, layers=2, heads=4, kv_heads=2, ffn=48, vocab=64)}


def compare(name, artifact, source, export, weights, inputs, want, what):
    for kind, got in (("compiled", c.run_artifact(artifact, export, weights, inputs, folder)),
                      ("interpreter", c.run_interpreter(source, export, weights, inputs, folder))):
        outputs = [got[k] for k in sorted(got)]
        error = max(np.abs(o - w.numpy()).max() / np.abs(w.numpy()).max() for o, w in zip(outputs, want, strict=True))
        c.check(error <= 1e-4, f"{name} {what}: {kind} against PyTorch, error {error:.1e}")


for name, make in MODELS.items():
    torch.manual_seed(0)
    model = make().eval()
    with torch.no_grad():
        for p in model.parameters():
            p.normal_(0, 0.1)
    source = pathlib.Path(__file__).parent / "programs" / f"{name}.mod"
    artifact = folder / f"{name}.so"
    c.tool("modc", source, "-o", artifact)
    weights = folder / f"{name}.safetensors"
    state = {k: v.clone() for k, v in model.state_dict().items()}
    save_file(state, weights)
    prefixed = folder / f"{name}.dialogue.safetensors"
    save_file({f"model.{k}": v for k, v in state.items()}, prefixed)
    run = lambda *a: compare(name, artifact, source, *a)
    for n, s in ((1, 7), (3, 12)):
        ids = torch.randint(0, 64, (n, s + 2))
        with torch.no_grad():
            full = model(ids)
            cache = 4
            heads = 4 if name == "gpt2" else 2
            past_k, past_v = torch.randn(2, n, heads, cache, 8), torch.randn(2, n, heads, cache, 8)
            decoded = model(ids[:, :1], past_k, past_v)
        run(name, weights, {"input_ids": ids.numpy()}, [full], f"prefill n={n} s={s + 2}")
        run(f"{name}_decode", weights,
            {"input_ids": ids[:, :1].numpy(), "past_k": past_k.numpy(), "past_v": past_v.numpy()}, list(decoded),
            f"one token after {cache}, n={n}")
        run(f"{name}_step", weights, {"input_ids": ids.numpy(), "pos": np.int64(0)}, [full[:, -1]],
            f"a step at 0, n={n} s={s + 2}")
        run("dialogue", prefixed,
            {"prompt": ids[:, :s].numpy(), "first": ids[:, s : s + 1].numpy(), "second": ids[:, s + 1 :].numpy()},
            [full[:, s - 1], full[:, s], full[:, s + 1]], f"a prompt of {s} and two tokens, n={n}")
c.finish()
