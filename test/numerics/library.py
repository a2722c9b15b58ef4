"""The library's layers, compiled and interpreted, against torch.nn: outputs in eval mode, and by the interpreter in train mode
where nothing is drawn; and what `repr` shows of each.

Error bound: 1e-5 of the largest output (at least 1).
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

folder = c.scratch()
SOURCES = {"layers": c.ROOT / "test" / "sema" / "golden" / "library.mod", "more": c.ROOT / "test" / "numerics" / "library.mod"}
artifacts = {k: folder / f"{k}.so" for k in SOURCES}
shown = {}
for k, path in SOURCES.items():
    c.tool("modc", path, "-o", artifacts[k])
    text = c.tool("modc", path, "--emit", "mod")
    # mod.class @X from "MaxPool2d" kind "module" ctor [...] repr "kernel_size=2" ...
    shown[k] = set()
    for line in text.split("\n"):
        if m := re.search(r'mod\.class @\S+ from "([^"]*)" kind', line):
            r = re.search(r' repr "((?:[^"\\]|\\.)*)"', line)
            shown[k].add((m[1], r[1] if r else ""))
torch.manual_seed(0)


class All(nn.Module):
    def __init__(self, *modules):
        super().__init__()
        self.each = nn.ModuleList(modules)

    def forward(self, x):
        return [m(x) for m in self.each]


def randomise(model):
    for name, t in [*model.named_parameters(), *model.named_buffers()]:
        if t.dtype.is_floating_point:
            t.data = torch.rand_like(t) + 0.5 if name.endswith("running_var") else torch.randn_like(t) * 0.5


def compare(name, model, inputs, modes=("eval",), source="layers"):
    randomise(model)
    for m in model.modules():
        if not isinstance(m, (All, nn.ModuleList)):
            # The projection inside of attention is a Linear with a name of PyTorch's own.
            kind = (type(m).__name__.replace("NonDynamicallyQuantizable", ""), m.extra_repr())
            c.check(kind in shown[source], f"library {name} repr {kind[0]}({kind[1]}), shown are {sorted(s for s in shown[source] if s[0] == kind[0])}")
    weights = folder / f"{name}.safetensors"
    save_file({k: v.contiguous().clone() for k, v in model.state_dict().items()}, weights)
    for mode in modes:
        model.train(mode == "train")
        with torch.no_grad():
            want = model(*inputs.values())
        want = [w for w in (want if isinstance(want, (list, tuple)) else [want]) if w is not None]
        for how in ("interpreted", "compiled") if mode == "eval" else ("interpreted",):
            arrays = {k: v.numpy() for k, v in inputs.items()}
            try:
                if how == "compiled":
                    got = c.run_artifact(artifacts[source], name, weights, arrays, folder)
                else:
                    got = c.run_interpreter(SOURCES[source], name, weights, arrays, folder, extra=["--train"] if mode == "train" else [])
            except Exception as e:
                c.check(False, f"library {name} {mode} {how}: {str(e)[:600]}")
                continue
            keys = ["output"] if len(want) == 1 and "output" in got else [f"output{i}" for i in range(len(want))]
            for i, (k, w) in enumerate(zip(keys, want)):
                error = np.abs(got[k] - w.numpy()).max() / max(1, np.abs(w.numpy()).max()) if got[k].shape == tuple(w.shape) else float("inf")
                label = type(model.each[i]).__name__ if isinstance(model, All) else ""
                c.check(error <= 1e-5, f"library {name} {label} {mode} {how}: error {error:.1e}")


x = torch.randn(2, 4, 6) * 2
compare("activations", All(nn.ReLU(), nn.ReLU6(), nn.LeakyReLU(), nn.PReLU(), nn.PReLU(4), nn.ELU(), nn.SELU(), nn.GELU(), nn.GELU("tanh"),
                           nn.SiLU(), nn.Mish(), nn.Sigmoid(), nn.Tanh(), nn.Hardsigmoid(), nn.Hardswish(), nn.Hardtanh(), nn.Softplus(),
                           nn.LogSigmoid(), nn.Softsign(), nn.GLU(), nn.GLU(1), nn.Softmax(1), nn.LogSoftmax(-1)), {"x": x})
compare("norms", All(nn.BatchNorm1d(4), nn.BatchNorm1d(4, affine=False), nn.BatchNorm1d(4, momentum=None),
                     nn.BatchNorm1d(4, track_running_stats=False), nn.InstanceNorm1d(4),
                     nn.InstanceNorm1d(4, affine=True, track_running_stats=True), nn.LayerNorm(6), nn.LayerNorm([4, 6], bias=False),
                     nn.RMSNorm(6), nn.GroupNorm(2, 4)), {"x": x}, ("eval", "train"))
compare("linears", All(nn.Linear(6, 3), nn.Linear(6, 3, bias=False), nn.Identity(), nn.Flatten(), nn.Unflatten(1, (2, 2)),
                       nn.Sequential(nn.Flatten(), nn.Linear(24, 2)), nn.Dropout(0.1), nn.Dropout1d(0.3)), {"x": x})
compare("bilinear", nn.Bilinear(5, 3, 4), {"a": torch.randn(7, 5), "b": torch.randn(7, 3)})
compare("images", All(nn.BatchNorm2d(4), nn.InstanceNorm2d(4), nn.GroupNorm(2, 4), nn.Dropout2d(), nn.AdaptiveAvgPool2d(1)),
        {"x": torch.randn(2, 4, 5, 3)})
compare("embedding", All(nn.Embedding(10, 4), nn.Embedding(10, 4, padding_idx=0)), {"x": torch.randint(0, 10, (3, 5))})
compare("attention", nn.MultiheadAttention(8, 2, dropout=0.1, batch_first=True),
        {"query": torch.randn(2, 3, 8), "key": torch.randn(2, 5, 8), "value": torch.randn(2, 5, 8)})
torch.backends.mha.set_fastpath_enabled(False)
compare("encoder", nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2), {"src": torch.randn(2, 5, 8)})
compare("mse", nn.MSELoss(), {"input": torch.randn(4, 3), "target": torch.randn(4, 3)})
compare("cross_entropy", nn.CrossEntropyLoss(label_smoothing=0.1), {"input": torch.randn(4, 5), "target": torch.randint(0, 5, (4,))})
compare("bce", nn.BCEWithLogitsLoss(), {"input": torch.randn(4, 3), "target": torch.rand(4, 3)})


def more(name, model, **inputs):
    compare(name, model, inputs, source="more")


for h, w in ((9, 11), (6, 34)):
    more("pools2d", All(nn.MaxPool2d(2), nn.MaxPool2d(3, 2, 1), nn.MaxPool2d([3, 2], stride=[2, 1], padding=[1, 0]), nn.MaxPool2d(2, 1, 0, 2),
                        nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.AvgPool2d(2), nn.AvgPool2d(3, 2, 1), nn.AvgPool2d(3, 2, 1, True, False),
                        nn.AvgPool2d(2, divisor_override=3), nn.AdaptiveAvgPool2d(1), nn.AdaptiveAvgPool2d([2, 3])), x=torch.randn(2, 3, h, w))
more("pools1d", All(nn.MaxPool1d(2), nn.MaxPool1d(3, 2, 1), nn.AvgPool1d(2), nn.AvgPool1d(3, 1, 1), nn.AdaptiveAvgPool1d(2)), x=torch.randn(2, 3, 17))
more("pools3d", All(nn.MaxPool3d(2), nn.AvgPool3d(2, 1), nn.AdaptiveAvgPool3d(2)), x=torch.randn(2, 2, 4, 6, 5))
more("pads", All(nn.ZeroPad2d(1), nn.ConstantPad2d([1, 2, 0, 1], 0.5), nn.ReflectionPad2d(2), nn.ReplicationPad2d([1, 0, 2, 1]), nn.CircularPad2d(1)), x=torch.randn(1, 3, 5, 7))
more("space", All(nn.PixelShuffle(2), nn.PixelUnshuffle(2), nn.Unfold(3), nn.Unfold([2, 3], padding=1, stride=2), nn.Upsample(scale_factor=2),
                  nn.Upsample([7, 9]), nn.Upsample(scale_factor=2, mode="bilinear"), nn.Upsample([9, 5], mode="bilinear", align_corners=True)), x=torch.randn(2, 4, 6, 8))
more("folds", nn.Fold([5, 6], [2, 2]), x=torch.randn(3, 12, 20))
a, b, classes = torch.randn(4, 3), torch.randn(4, 3), torch.randint(0, 3, (4,))
weight = torch.tensor([0.2, 0.3, 0.5])
more("mse", nn.MSELoss(reduction="sum"), input=a, target=b)
more("l1", nn.L1Loss(), input=a, target=b)
more("l1_none", nn.L1Loss(reduction="none"), input=a, target=b)
more("smooth", nn.SmoothL1Loss(reduction="sum", beta=0.5), input=a, target=b)
more("cross_entropy", nn.CrossEntropyLoss(weight, ignore_index=1, reduction="sum"), input=a, target=classes)
more("nll", nn.NLLLoss(weight), input=torch.randn(2, 3, 4), target=torch.randint(0, 3, (2, 4)))
more("bce", nn.BCEWithLogitsLoss(pos_weight=torch.tensor([1.0, 2.0, 0.5])), input=a, target=torch.rand(4, 3))
more("kl", nn.KLDivLoss(reduction="batchmean", log_target=True), input=torch.log_softmax(a, 1), target=torch.log_softmax(b, 1))
c.finish()
