"""The library's layers by the interpreter against torch.nn: outputs in eval mode, and in train mode where nothing is drawn.

Error bound: 1e-5 of the largest output (at least 1).
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

folder = c.scratch()
source = c.ROOT / "test" / "sema" / "golden" / "library.mod"
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


def compare(name, model, inputs, modes=("eval",)):
    randomise(model)
    weights = folder / f"{name}.safetensors"
    save_file({k: v.contiguous().clone() for k, v in model.state_dict().items()}, weights)
    for mode in modes:
        model.train(mode == "train")
        with torch.no_grad():
            want = model(*inputs.values())
        want = [w for w in (want if isinstance(want, (list, tuple)) else [want]) if w is not None]
        try:
            got = c.run_interpreter(source, name, weights, {k: v.numpy() for k, v in inputs.items()}, folder,
                                    extra=["--train"] if mode == "train" else [])
        except Exception as e:
            c.check(False, f"library {name} {mode}: {str(e)[:300]}")
            continue
        keys = ["output"] if len(want) == 1 and "output" in got else [f"output{i}" for i in range(len(want))]
        for i, (k, w) in enumerate(zip(keys, want)):
            error = np.abs(got[k] - w.numpy()).max() / max(1, np.abs(w.numpy()).max()) if got[k].shape == tuple(w.shape) else float("inf")
            label = type(model.each[i]).__name__ if isinstance(model, All) else ""
            c.check(error <= 1e-5, f"library {name} {label} {mode}: error {error:.1e}")


x = torch.randn(2, 4, 6) * 2
compare("activations", All(nn.ReLU(), nn.ReLU6(), nn.LeakyReLU(), nn.PReLU(), nn.PReLU(4), nn.ELU(), nn.SELU(), nn.GELU(), nn.GELU("tanh"),
                           nn.SiLU(), nn.Mish(), nn.Sigmoid(), nn.Tanh(), nn.Hardsigmoid(), nn.Hardswish(), nn.Hardtanh(), nn.Softplus(),
                           nn.LogSigmoid(), nn.Softsign(), nn.GLU(), nn.GLU(1), nn.Softmax(1), nn.LogSoftmax(-1)), {"x": x})
compare("norms", All(nn.BatchNorm1d(4), nn.BatchNorm1d(4, affine=False), nn.BatchNorm1d(4, momentum=None),
                     nn.BatchNorm1d(4, track_running_stats=False), nn.InstanceNorm1d(4),
                     nn.InstanceNorm1d(4, affine=True, track_running_stats=True), nn.LayerNorm(6), nn.LayerNorm([4, 6], bias=False),
                     nn.RMSNorm(6), nn.GroupNorm(2, 4)), {"x": x}, ("eval", "train"))
compare("linears", All(nn.Linear(6, 3), nn.Linear(6, 3, bias=False), nn.Identity(), nn.Flatten(), nn.Unflatten(1, [2, 2]),
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
c.finish()
