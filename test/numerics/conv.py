"""Convolutional modules: compiled code against the interpreter and PyTorch, any batch and image size from one artifact.

Each case is a small net in both languages, weights and all; error bound 1e-5 of the largest output. The same bits for one and two
threads, and for AVX2.

    .venv/bin/python test/numerics/conv.py [NAME ...]
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
torch.manual_seed(0)


class Residual(nn.Module):
    def __init__(self, into, out, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(into, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out)
        self.conv2, self.bn2 = nn.Conv2d(out, out, 3, 1, 1, bias=False), nn.BatchNorm2d(out)
        self.down, self.bn3 = nn.Conv2d(into, out, 1, stride, bias=False), nn.BatchNorm2d(out)

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + self.bn3(self.down(x)))


class Up(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.up = nn.ConvTranspose2d(8, 6, 2, stride=2)
        self.last = nn.Conv2d(9, 2, 1)

    def forward(self, x):
        y = self.up(torch.relu(self.conv(x)))
        return self.last(torch.cat([y, x.repeat(1, 1, 2, 2)], 1))


class Gate(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.bn = nn.Conv2d(3, 16, 5, padding=2), nn.BatchNorm2d(16)
        self.squeeze = nn.Linear(16, 16)

    def forward(self, x):
        y = torch.nn.functional.silu(self.bn(self.conv(x)))
        s = torch.sigmoid(self.squeeze(y.mean((2, 3))))
        return y * s.view(-1, 16, 1, 1)


class Patches(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.fc = nn.Conv2d(3, 24, 4, stride=4), nn.Linear(24, 5)

    def forward(self, x):
        return self.fc(self.conv(x).flatten(2).transpose(1, 2))


class Flat(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.fc = nn.Conv2d(3, 6, 3), nn.Linear(6 * 5 * 7, 4)

    def forward(self, x):
        return self.fc(torch.relu(self.conv(x)).flatten(1))


GROUPED = {
    "conv1d": (nn.Conv1d(3, 7, 5, stride=2, padding=2), "nn.Conv1d(3, 7, 5, stride=2, padding=2)", (3, 40), (3, 17)),
    "conv2d": (nn.Conv2d(3, 20, 3), "nn.Conv2d(3, 20, 3)", (3, 9, 20), (3, 3, 3)),
    "conv3d": (nn.Conv3d(2, 5, (3, 1, 2), padding=(1, 0, 1)), "nn.Conv3d(2, 5, [3, 1, 2], padding=[1, 0, 1])", (2, 4, 5, 6), (2, 3, 1, 9)),
    "dilated": (nn.Conv2d(4, 17, 3, padding=2, dilation=2), "nn.Conv2d(4, 17, 3, padding=2, dilation=2)", (4, 9, 8), (4, 1, 30)),
    "groups": (nn.Conv2d(8, 12, 3, stride=2, padding=1, groups=4), "nn.Conv2d(8, 12, 3, stride=2, padding=1, groups=4)", (8, 9, 8), (8, 17, 3)),
    "depthwise": (nn.Conv2d(24, 24, 3, padding=1, groups=24), "nn.Conv2d(24, 24, 3, padding=1, groups=24)", (24, 9, 8), (24, 14, 31)),
    "multiplied": (nn.Conv2d(4, 8, 3, stride=2, groups=4, bias=False), "nn.Conv2d(4, 8, 3, stride=2, groups=4, bias=False)", (4, 9, 8), (4, 5, 6)),
    "pointwise": (nn.Conv2d(8, 19, 1, stride=2), "nn.Conv2d(8, 19, 1, stride=2)", (8, 9, 8), (8, 4, 5)),
    "same": (nn.Conv2d(3, 6, (4, 3), padding="same"), "nn.Conv2d(3, 6, [4, 3], padding=\"same\")", (3, 9, 8), (3, 5, 6)),
    "circular": (nn.Conv2d(3, 6, 3, padding=1, padding_mode="circular"), "nn.Conv2d(3, 6, 3, padding=1, padding_mode=\"circular\")", (3, 9, 8), (3, 5, 6)),
    "transposed1d": (nn.ConvTranspose1d(3, 7, 5, stride=3, padding=2, output_padding=1), "nn.ConvTranspose1d(3, 7, 5, stride=3, padding=2, output_padding=1)", (3, 10), (3, 17)),
    "transposed2d": (nn.ConvTranspose2d(6, 8, 3, stride=2, padding=1, output_padding=1, groups=2), "nn.ConvTranspose2d(6, 8, 3, stride=2, padding=1, output_padding=1, groups=2)", (6, 5, 4), (6, 3, 9)),
    "cropped": (nn.ConvTranspose2d(3, 5, 2, padding=2), "nn.ConvTranspose2d(3, 5, 2, padding=2)", (3, 6, 5), (3, 7, 9)),
    "shuffled": (nn.ConvTranspose2d(6, 8, 2, stride=2), "nn.ConvTranspose2d(6, 8, 2, stride=2)", (6, 5, 4), (6, 3, 9)),
    "transposed3d": (nn.ConvTranspose3d(2, 3, 2, stride=2), "nn.ConvTranspose3d(2, 3, 2, stride=2)", (2, 3, 2, 4), (2, 1, 2, 3)),
}
NETS = {
    "residual": (Residual(8, 24, 2), """
module Net():
    conv1, bn1 = nn.Conv2d(8, 24, 3, 2, 1, bias=False), nn.BatchNorm2d(24)
    conv2, bn2 = nn.Conv2d(24, 24, 3, 1, 1, bias=False), nn.BatchNorm2d(24)
    down, bn3 = nn.Conv2d(8, 24, 1, 2, bias=False), nn.BatchNorm2d(24)

    def forward(x: f32[N, 8, H, W]):
        y = bn2(conv2(relu(bn1(conv1(x)))))
        return relu(y + bn3(down(x)))
""", (8, 12, 9), (8, 5, 33)),
    "up": (Up(), """
module Net():
    conv = nn.Conv2d(3, 8, 3, padding=1)
    up = nn.ConvTranspose2d(8, 6, 2, stride=2)
    last = nn.Conv2d(9, 2, 1)

    def forward(x: f32[N, 3, H, W]):
        y = up(relu(conv(x)))
        return last(cat([y, cat([cat([x, x], 2), cat([x, x], 2)], 3)], 1))
""", (3, 6, 5), (3, 1, 17)),
    "gate": (Gate(), """
module Net():
    conv, bn = nn.Conv2d(3, 16, 5, padding=2), nn.BatchNorm2d(16)
    squeeze = nn.Linear(16, 16)

    def forward(x: f32[N, 3, H, W]):
        y = silu(bn(conv(x)))
        s = sigmoid(squeeze(y.mean([2, 3])))
        return y * s.view(-1, 16, 1, 1)
""", (3, 9, 8), (3, 2, 20)),
    "patches": (Patches(), """
module Net():
    conv, fc = nn.Conv2d(3, 24, 4, stride=4), nn.Linear(24, 5)

    def forward(x: f32[N, 3, H, W]):
        return fc(conv(x).flatten(2).transpose(1, 2))
""", (3, 12, 8), (3, 5, 20)),
    "flat": (Flat(), """
module Net():
    conv, fc = nn.Conv2d(3, 6, 3), nn.Linear(6 * 5 * 7, 4)

    def forward(x: f32[N, 3, 7, 9]):
        return fc(relu(conv(x)).flatten(1))
""", (3, 7, 9)),
}

def typed(shape):
    return ", ".join(["N", str(shape[0])] + [f"D{i}" for i in range(len(shape) - 1)])


cases = {name: (model, f"export net(x: f32[{typed(sizes[0])}]) = {text}", *sizes) for name, (model, text, *sizes) in GROUPED.items()}
cases.update({name: (model, text + "\nexport net = Net()", *sizes) for name, (model, text, *sizes) in NETS.items()})
for name in sys.argv[1:] or cases:
    model, text, *sizes = cases[name]
    for part in model.modules():
        if isinstance(part, nn.BatchNorm2d):
            nn.init.normal_(part.running_mean), nn.init.uniform_(part.running_var, 0.5, 2)
            nn.init.normal_(part.weight), nn.init.normal_(part.bias)
    model.eval()
    weights, source, artifact = folder / "w.safetensors", folder / f"{name}.mod", folder / f"{name}.so"
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, weights)
    source.write_text(f"import nn\nfrom nn.functional import relu, silu\n{text}\n")
    try:
        c.tool("modc", source, "-o", artifact)
    except RuntimeError as e:
        c.check(False, f"{name}: {e}")
        continue
    for size in sizes:
        for batch in (1, 3):
            x = torch.randn(batch, *size)
            with torch.no_grad():
                want = model(x).numpy()
            bound = 1e-5 * np.abs(want).max()
            inputs = {"x": x.numpy()}
            what = f"{name} {batch} x {size}"
            try:
                got = c.run_artifact(artifact, "net", weights, inputs, folder)["output"]
                ok = got.shape == want.shape and np.abs(got - want).max() <= bound
                c.check(ok, f"{what}: compiled against PyTorch" + ("" if ok or got.shape != want.shape else f", {np.abs(got - want).max()}"))
                told = c.run_interpreter(source, "net", weights, inputs, folder)["output"]
                c.check(told.shape == want.shape and np.abs(told - want).max() <= bound, f"{what}: interpreter against PyTorch")
                for how, same in ("2 threads", {"threads": 2}), ("AVX2", {"env": {"MODRT_TARGET": "x86-64-v3"}}):
                    c.check(np.array_equal(c.run_artifact(artifact, "net", weights, inputs, folder, **same)["output"], got), f"{what}: same bits, {how}")
            except RuntimeError as e:
                c.check(False, f"{what}: {e}")

# Permutations cancel inside the nets: no kernel of the fused whole only brings a tensor into another order.
for name in () if sys.argv[1:] else ("resnet", "mobilenet_v2", "unet"):
    graph = c.tool("modc", c.ROOT / "examples" / "models" / f"{name}.mod", "--roles", "eval", "--emit", "graph")
    copies = {kernel for kernel, body in re.findall(r'mod\.kernel @(\S+) kind "map"[^\n]*\{\n(.*?)\n  \}\n', graph, re.S)
              if "mod.permute" in body and set(re.findall(r"= mod\.(\w+)", body)) <= {"permute", "reshape", "narrow", "assume"}}
    for root in re.findall(r"mod\.export @\S+ = @(\S+)", graph):
        fused = re.search(r"mod\.func @forward\.eval\(.*?\n    \}\n", graph[graph.index(f"mod.class @{root} "):], re.S).group()
        launches = re.findall(r"mod\.launch @([\w.]+)", fused)
        c.check(launches and not copies & set(launches), f"{name}, {root}: {len(launches)} kernels, none of them a permutation")
c.finish()
