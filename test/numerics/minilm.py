"""MiniLM with its real weights: 50 sentences of 3 to 200 words, unit vectors within 1e-5 of PyTorch's; one artifact for batches
1, 3 and 8 of any length; the encoder's token vectors; the interpreter on a short sentence.
"""
import random
import subprocess

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import BertWordPieceTokenizer

import models

folder = c.scratch()
model_dir = c.ROOT / "build" / "minilm"
subprocess.run([c.ROOT / "scripts" / "fetch-minilm.sh", model_dir], check=True)
weights = model_dir / "model.safetensors"
source = c.ROOT / "examples" / "semantic-search" / "minilm.mod"
artifact = folder / "minilm.so"
c.tool("modc", source, "-o", artifact)

model = models.MODELS["minilm"]().eval()
state = {k: v for k, v in load_file(weights).items() if k != "embeddings.position_ids"}
model.load_state_dict(state)

tokenizer = BertWordPieceTokenizer(str(model_dir / "vocab.txt"), lowercase=True)
tokenizer.enable_truncation(256)
rng = random.Random(7)
vocabulary = (c.ROOT / "README.md").read_text().split() + "the of river quickly seven blue engine sings under rain".split()
sentences = [" ".join(rng.choice(vocabulary) for _ in range(n)) for n in np.linspace(3, 200, 50).astype(int)]


def encode(batch):
    ids = [tokenizer.encode(s).ids for s in batch]
    length = max(map(len, ids))
    input_ids = np.array([i + [0] * (length - len(i)) for i in ids], dtype=np.int64)
    mask = np.array([[1] * len(i) + [0] * (length - len(i)) for i in ids], dtype=np.int64)
    return {"input_ids": input_ids, "attention_mask": mask}


def expected(inputs):
    with torch.no_grad():
        x, pooled = model(torch.from_numpy(inputs["input_ids"]), torch.from_numpy(inputs["attention_mask"]))
        w = torch.from_numpy(inputs["attention_mask"])[..., None].float()
        e = torch.nn.functional.normalize((x * w).sum(1) / w.sum(1).clamp(min=1e-9), dim=1)
    return x.numpy(), pooled.numpy(), e.numpy()


worst = 0.0
for s in sentences:
    inputs = encode([s])
    got = c.run_artifact(artifact, "embedder", weights, inputs, folder)["embedding"]
    worst = max(worst, float(np.abs(got - expected(inputs)[2]).max()))
c.check(worst <= 1e-5, f"50 sentences of 3 to 200 words: largest error of the unit vectors {worst:.1e}")

for size in (1, 3, 8):
    inputs = encode(rng.sample(sentences, size))
    x, pooled, e = expected(inputs)
    got = c.run_artifact(artifact, "embedder", weights, inputs, folder)["embedding"]
    c.check(np.abs(got - e).max() <= 1e-5, f"batch {size} of unequal lengths: error {np.abs(got - e).max():.1e}")
    seen = inputs["attention_mask"].astype(bool)
    got = c.run_artifact(artifact, "encoder", weights, inputs, folder)["last_hidden_state"]
    c.check(np.abs(got - x)[seen].max() <= 1e-4, f"batch {size}: encoder's token vectors, error {np.abs(got - x)[seen].max():.1e}")
    out = c.run_artifact(artifact, "minilm", weights, inputs, folder)
    c.check(np.abs(out["pooler_output"] - pooled).max() <= 1e-4, f"batch {size}: pooler, error {np.abs(out['pooler_output'] - pooled).max():.1e}")
    again = c.run_artifact(artifact, "embedder", weights, inputs, folder, threads=2)["embedding"]
    once = c.run_artifact(artifact, "embedder", weights, inputs, folder)["embedding"]
    avx2 = c.run_artifact(artifact, "embedder", weights, inputs, folder, env={"MODRT_TARGET": "x86-64-v3"})["embedding"]
    c.check(np.array_equal(again, once) and np.array_equal(avx2, once), f"batch {size}: the same bits for 1 and 2 threads, AVX2 and AVX-512")

inputs = encode(["A quick test of the interpreter."])
got = c.run_interpreter(source, "embedder", weights, inputs, folder)["embedding"]
error = np.abs(got - expected(inputs)[2]).max()
c.check(error <= 1e-5, f"the interpreter: error {error:.1e}")
c.finish()
