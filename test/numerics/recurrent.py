"""RNN, LSTM, GRU and their cells by the interpreter, and some compiled, against torch.nn: layers, directions, projections, batch first, initial states,
nonlinearities, with and without biases, lengths known to the compiler and not. The loop over time is the language's.

Error bound: 1e-5 of the largest output (at least 1).
"""
import itertools
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

folder = c.scratch()
torch.manual_seed(0)


def compare(label, source, model, want, inputs):
    """The module `Net` of `source`, exported as `net`, with the model's weights under `rnn.`."""
    program, weights = folder / "net.mod", folder / "net.safetensors"
    program.write_text(source)
    save_file({f"rnn.{k}": v.contiguous().clone() for k, v in model.state_dict().items()}, weights)
    try:
        got = c.run_interpreter(program, "net", weights, {k: v.numpy() for k, v in inputs.items()}, folder)
    except Exception as e:
        c.check(False, f"{label}: {str(e)[:600]}")
        return
    keys = ["output"] if len(want) == 1 else [f"output{i}" for i in range(len(want))]
    error = 0.0
    for k, w in zip(keys, want):
        w = w.detach().numpy()
        error = max(error, np.abs(got[k] - w).max() / max(1, np.abs(w).max()) if got[k].shape == w.shape else float("inf"))
    c.check(error <= 1e-5, f"{label}: error {error:.1e}")


def network(kind, layers, both, batch_first, state, bias=True, proj=0, nonlinearity="tanh", length=None):
    options = dict(num_layers=layers, bidirectional=both, batch_first=batch_first, bias=bias)
    if proj:
        options["proj_size"] = proj
    if kind == "RNN":
        options["nonlinearity"] = nonlinearity
    model = getattr(nn, kind)(5, 4, **options)
    text = ", ".join(f"{k}={v!r}".replace("'", '"') for k, v in options.items())
    n, out = layers * (2 if both else 1), proj or 4
    steps = length or "S"
    arguments = [f"x: f32[N, {steps}, 5]" if batch_first else f"x: f32[{steps}, N, 5]"]
    x = torch.randn(2, length or 6, 5) if batch_first else torch.randn(length or 6, 2, 5)
    inputs, given, torch_state = {"x": x}, "x", ()
    if state:
        inputs["h"] = torch.randn(n, 2, out)
        arguments.append(f"h: f32[{n}, N, {out}]")
        given, torch_state = "x, h", (inputs["h"],)
        if kind == "LSTM":
            inputs["c"] = torch.randn(n, 2, 4)
            arguments.append(f"c: f32[{n}, N, 4]")
            given, torch_state = "x, (h, c)", ((inputs["h"], inputs["c"]),)
    results = "y, (hn, cn)" if kind == "LSTM" else "y, hn"
    source = f"""import nn

module Net():
    rnn = nn.{kind}(5, 4, {text})

    def forward({', '.join(arguments)}):
        {results} = rnn({given})
        return {results.replace('(', '').replace(')', '')}

export net = Net()
"""
    y, hidden = model(x, *torch_state)
    want = [y, *(hidden if kind == "LSTM" else [hidden])]
    compare(f"{kind}({text}){' from a state' if state else ''}{f', {length} steps' if length else ''}", source, model, want, inputs)


flags = [False, True]
for layers, both, batch_first, state in itertools.product([1, 2], flags, flags, flags):
    network("LSTM", layers, both, batch_first, state, proj=3 if both == state else 0)
    if layers == 2 or batch_first:
        network("GRU", layers, both, batch_first, state)
        network("RNN", layers, both, batch_first, state, nonlinearity="relu" if state else "tanh")
for kind in ("LSTM", "GRU", "RNN"):
    network(kind, 2, True, False, False, bias=False)
    network(kind, 1, False, False, True, length=3)


def cell(kind, state, bias):
    model = getattr(nn, kind)(5, 4, bias=bias)
    x, h, k = torch.randn(3, 5), torch.randn(3, 4), torch.randn(3, 4)
    inputs, given, torch_state = {"x": x}, "x", ()
    if state:
        inputs["h"] = h
        given, torch_state = "x, h", (h,)
        if kind == "LSTMCell":
            inputs["c"] = k
            given, torch_state = "x, (h, c)", ((h, k),)
    arguments = ", ".join(f"{name}: f32[N, {t.shape[1]}]" for name, t in inputs.items())
    want = model(x, *torch_state)
    source = f"""import nn

module Net():
    rnn = nn.{kind}(5, 4, bias={bias})

    def forward({arguments}):
        return rnn({given})

export net = Net()
"""
    compare(f"{kind}(bias={bias}){' from a state' if state else ''}", source, model, want if isinstance(want, tuple) else [want], inputs)


for kind, state, bias in itertools.product(("LSTMCell", "GRUCell"), flags, flags):
    cell(kind, state, bias)


def compiled():
    """All three in one artifact, over several sizes."""
    models = {"a": nn.LSTM(5, 4, num_layers=2, bidirectional=True, batch_first=True), "b": nn.GRU(8, 3, bidirectional=True), "c": nn.RNN(6, 4)}
    program, weights, artifact = folder / "all.mod", folder / "all.safetensors", folder / "all.so"
    program.write_text("""import nn

module Net():
    a = nn.LSTM(5, 4, num_layers=2, bidirectional=True, batch_first=True)
    b = nn.GRU(8, 3, bidirectional=True)
    c = nn.RNN(6, 4)

    def forward(x: f32[N, S, 5]):
        y, (h, k) = a(x)
        z, g = b(y.transpose(0, 1))
        return y, h, k, g, c(z)[0]

export net = Net()
""")
    save_file({f"{name}.{k}": v.contiguous().clone() for name, m in models.items() for k, v in m.state_dict().items()}, weights)
    c.tool("modc", program, "-o", artifact)
    for n, s in ((1, 1), (3, 7), (2, 32)):
        x = torch.randn(n, s, 5)
        y, (h, k) = models["a"](x)
        z, g = models["b"](y.transpose(0, 1))
        got = c.run_artifact(artifact, "net", weights, {"x": x.numpy()}, folder)
        want = [y, h, k, g, models["c"](z)[0]]
        error = max(np.abs(got[f"output{i}"] - w.detach().numpy()).max() for i, w in enumerate(want))
        c.check(error <= 1e-5, f"compiled, {n} x {s} steps: error {error:.1e}")


compiled()
c.finish()
