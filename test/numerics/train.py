"""Compiled models in train mode: outputs and state after several calls.

What draws nothing is held against PyTorch, what draws against the reference interpreter, which draws the same bits.
Error bound: 1e-5 of the largest value (at least 1).

    .venv/bin/python test/numerics/train.py
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import numpy as np
import torch
from safetensors.numpy import load_file
from safetensors.torch import save_file
from torch import nn

CALLS = 3
folder = c.scratch()
torch.manual_seed(0)
torch.backends.mha.set_fastpath_enabled(False)
RANKS = {2: "N, 4", 3: "N, 4, L", 4: "N, 4, H, W", 5: "N, 4, D, H, W"}
SHAPES = {2: (9, 4), 3: (5, 4, 7), 4: (3, 4, 5, 7), 5: (2, 4, 3, 2, 5)}

text = "import nn\nimport nn.functional as F\n"
for rank, dims in RANKS.items():
    text += f"\nmodule R{rank}(m: Module):\n    self.m = m\n    def forward(x: f32[{dims}]):\n        return self.m(x)\n"
text += """
module Sequence(m: Module):
    self.m = m
    def forward(x: f32[N, L, 8]):
        return self.m(x)

module Attend(p: float, weights: bool):
    m = nn.MultiheadAttention(8, 2, dropout=p, batch_first=True)
    def forward(x: f32[N, L, 8]):
        y, w = m(x, x, x, need_weights=weights)
        return y

module Causal():
    def forward(x: f32[N, L, 8]):
        return F.scaled_dot_product_attention(x, x, x, is_causal=True, dropout_p=0.25 if training else 0.0)

module Masked():
    def forward(x: f32[N, L, 8]):
        mask = where(x[:, None, :, 0] > 0, 0.0, -inf).expand(x.shape[0], x.shape[1], x.shape[1])
        return F.scaled_dot_product_attention(x, x, x, mask, dropout_p=0.25 if training else 0.0)
"""


class Wrap(nn.Module):
    def __init__(self, m):
        super().__init__()
        self.m = m

    def forward(self, x):
        return self.m(x)


class Attend(nn.Module):
    def __init__(self, m):
        super().__init__()
        self.m = m

    def forward(self, x):
        return self.m(x, x, x, need_weights=False)[0]


cases = []


def case(name, expression, model, shape):
    global text
    text += f"export {name} = {expression}\n"
    cases.append((name, model, shape))


def layer(name, rank, arguments, model):
    case(name, f"R{rank}({arguments})", model and Wrap(model), SHAPES[rank])


def layers(kind, ranks, options, torch_kinds):
    for rank, torch_kind in zip(ranks, torch_kinds):
        for i, option in enumerate(options):
            built = eval(f"torch_kind(4{option})")
            layer(f"{torch_kind.__name__.lower()}_{rank}_{i}", rank, f"nn.{torch_kind.__name__}(4{option})", built)


layers("BatchNorm", (2, 3, 4, 5), ("", ", affine=False", ", momentum=None", ", momentum=0.3, eps=0.01", ", track_running_stats=False"),
       (nn.BatchNorm1d, nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d))
layers("InstanceNorm", (3, 4, 5), ("", ", affine=True, track_running_stats=True"), (nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d))
layer("drop0", 2, "nn.Dropout(0.0)", nn.Dropout(0.0))
layer("drop1", 2, "nn.Dropout(1.0)", nn.Dropout(1.0))
case("mha0", "Attend(0.0, False)", Attend(nn.MultiheadAttention(8, 2, batch_first=True)), (3, 5, 8))
case("mha0w", "Attend(0.0, True)", Attend(nn.MultiheadAttention(8, 2, batch_first=True)), (3, 5, 8))
encoder = "nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, dropout={p}, batch_first=True), 2)"
case("encoder0", f"Sequence({encoder.format(p=0.0)})", Wrap(eval(encoder.format(p=0.0))), (3, 5, 8))
for name, rank, expression in [("dropout", 2, "nn.Dropout(0.3)"), ("dropout1d", 3, "nn.Dropout1d(0.3)"), ("dropout2d", 4, "nn.Dropout2d(0.3)"),
                               ("dropout3d", 5, "nn.Dropout3d(0.3)"), ("alpha", 3, "nn.AlphaDropout(0.3)"), ("alpha1", 3, "nn.AlphaDropout(1.0)"),
                               ("feature_alpha", 4, "nn.FeatureAlphaDropout(0.3)"), ("rrelu", 3, "nn.RReLU()")]:
    layer(name, rank, expression, None)
case("mha", "Attend(0.3, False)", None, (3, 5, 8))
case("mhaw", "Attend(0.3, True)", None, (3, 5, 8))
case("causal", "Causal()", None, (3, 21, 8))
case("masked", "Masked()", None, (3, 5, 8))
case("encoder", f"Sequence({encoder.format(p=0.2)})", None, (3, 5, 8))

source, artifact = folder / "train.mod", folder / "train.so"
source.write_text(text)
c.tool("modc", source, "-o", artifact)


def close(what, got, want):
    ok = got.shape == want.shape and got.dtype == want.dtype
    scale = max(1.0, np.abs(want).max()) if want.size else 1.0
    error = np.abs(got.astype(np.float64) - want).max() / scale if ok and want.size else 0.0
    c.check(ok and error <= 1e-5, f"{what}: {'error %.1e' % error if ok else f'{got.dtype}{got.shape}, not {want.dtype}{want.shape}'}")


for name, model, shape in cases:
    x = torch.randn(shape)
    weights = folder / f"{name}.safetensors"
    if model is None:
        # Initial values, as the artifact makes them.
        np.save(folder / "x.npy", x.numpy())
        c.tool("modrun", artifact, "--model", name, "--seed", 4, "--input", f"x={folder / 'x.npy'}", "--save-weights", weights)
    else:
        for key, t in [*model.named_parameters(), *model.named_buffers()]:
            if t.dtype.is_floating_point:
                t.data = torch.rand_like(t) + 0.5 if key.endswith("running_var") else torch.randn_like(t) * 0.5
        save_file({k: v.contiguous().clone() for k, v in model.state_dict().items()}, weights)
    after = folder / "after.safetensors"
    options = ["--train", "--calls", CALLS, "--save-weights", after, "--seed", 11]
    got = c.run_artifact(artifact, name, weights, {"x": x.numpy()}, folder, extra=options)["output"]
    state = load_file(after)
    threads = c.run_artifact(artifact, name, weights, {"x": x.numpy()}, folder, threads=2, env={"MODRT_TARGET": "x86-64-v3"}, extra=options)["output"]
    if model is None:
        want = c.run_interpreter(source, name, weights, {"x": x.numpy()}, folder, extra=options)["output"]
        expected = load_file(after)
        c.check(np.array_equal(got == 0, threads == 0), f"{name}: both instruction sets draw the same")
    else:
        model.train()
        with torch.no_grad():
            for _ in range(CALLS):
                want = model(x).numpy()
        expected = {k: v.numpy() for k, v in model.state_dict().items()}
    close(f"{name} output", got, want)
    close(f"{name} output, x86-64-v3, two threads", threads, want)
    for key, value in expected.items():
        if key in state:
            close(f"{name} {key}", state[key], value)
    c.check(set(state) == set(expected), f"{name}: names of the state")
c.finish()
