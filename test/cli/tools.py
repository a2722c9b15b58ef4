"""The command lines of modc, modrun, mod-opt and search: every option once, and bad input of every kind, which must end in a
message that names what is wrong, exit 1, no signal and no half-written file.
"""
import json
import os
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import numpy as np
from safetensors.numpy import load_file, save_file

folder = c.scratch()
MLP = c.ROOT / "examples" / "models" / "mlp.mod"


def call(name, *args, timeout=120, stdin=""):
    r = subprocess.run([str(c.BIN / name), *map(str, args)], capture_output=True, text=True, errors="replace", input=stdin,
                       timeout=timeout, cwd=folder)
    return r.returncode, r.stdout, r.stderr


def ok(what, name, *args, out=""):
    code, stdout, stderr = call(name, *args)
    c.check(code == 0 and out in stdout, f"{what}" + ("" if code == 0 and out in stdout else f": exit {code}, {stdout[:200]!r} {stderr[:200]!r}"))
    return stdout


def refused(what, *words, command):
    """The command must fail with exit 1 and these words on stderr, and leave no new file behind."""
    before = set(folder.rglob("*"))
    code, _, stderr = call(*command)
    left = set(folder.rglob("*")) - before
    fine = code == 1 and all(w in stderr for w in words) and not left
    c.check(fine, what + ("" if fine else f": exit {code}, {stderr[:300]!r}, left {left}"))


def file(name, data):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


# ---- modc
ok("modc --help", "modc", "--help", out="--emit")
ok("modc --version", "modc", "--version", out="modc 0")
ok("modc --explain", "modc", "--explain", "E0101", out="E0101")
for phase in ("ast", "check", "mod", "graph", "kernels", "loops", "llvm", "asm", "header"):
    ok(f"--emit {phase}", "modc", MLP, "--emit", phase, "-o", "-")
ok("--emit obj", "modc", MLP, "--emit", "obj", "-o", folder / "mlp.o")
c.check((folder / "mlp.o").read_bytes()[:4] == b"\x7fELF", "--emit obj writes an ELF object")
ok("an artifact for one instruction set", "modc", MLP, "--mcpu", "x86-64-v3", "-o", folder / "v3.so")
ok("a model by expression", "modc", MLP, "--model", "MLP()", "-o", folder / "expr.so")
ok("kernels dumped", "modc", MLP, "--dump-kernels-to", folder / "kernels", "-o", folder / "dump.so")
names = {p.name for p in (folder / "kernels").iterdir()}
c.check(any(n.endswith(".kern.mlir") for n in names) and any(n.endswith("x86-64-v3.s") for n in names) and
        any(n.endswith("x86-64-v4.ll") for n in names), "the dump holds kernels, IR and assembly for each instruction set")
ok("mlp.so", "modc", MLP, "-o", folder / "mlp.so")
first = (folder / "mlp.so").read_bytes()
ok("again, without the cache", "modc", MLP, "--no-cache", "-o", folder / "again.so")
ok("again, elsewhere", "modc", MLP, "--no-cache", "-o", folder / "kernels" / "mlp.so")
c.check((folder / "kernels" / "mlp.so").read_bytes() == first, "the same input gives the same bytes")

refused("no input", "no input file", command=["modc"])
refused("unknown option", "--frobnicate", command=["modc", MLP, "--frobnicate"])
refused("unknown phase", "no stage", command=["modc", MLP, "--emit", "soup"])
refused("unknown instruction set", "avx9", command=["modc", MLP, "--mcpu", "avx9"])
refused("unknown code", "E9999", command=["modc", "--explain", "E9999"])
refused("CUDA", "no CUDA target", command=["modc", MLP, "--target", "cuda"])
refused("train without eval", "eval role", command=["modc", MLP, "--roles", "train"])
refused("unknown role", "roles", command=["modc", MLP, "--roles", "all"])
for dtype in ("bf16", "f16", "f64"):
    ok(f"the model in {dtype}", "modc", MLP, "--dtype", dtype, "--mcpu", "x86-64-v3", "-o", folder / f"{dtype}.so")
    ok(f"its signature in {dtype}", "modrun", "--info", folder / f"{dtype}.so", out=f"{dtype}[N, 784]")
refused("unknown dtype", "--dtype", "f8", command=["modc", MLP, "--dtype", "f8"])
refused("weights without interpreter", "--target interpret", command=["modc", MLP, "--weights", "x.safetensors"])
refused("missing file", "nothing.mod", command=["modc", folder / "nothing.mod"])
refused("a folder", str(folder.name), command=["modc", folder])
refused("empty file", "export", command=["modc", file("empty.mod", "")])
refused("not text", "binary.mod", command=["modc", file("binary.mod", bytes(range(256)) * 10)])
refused("NUL bytes", "nul.mod", command=["modc", file("nul.mod", b"import nn\0\0\n")])
refused("17 MB of text", "large.mod", command=["modc", file("large.mod", "# comment\n" * 1_800_000)])
refused("deep nesting", "error", command=["modc", file("deep.mod", "x = " + "(" * 100_000)])
refused("endless construction", "error", command=["modc", file("endless.mod", "module A():\n    a = A()\n    def forward(x: f32[N]):\n        return x\nexport a = A()\n")])
refused("endless loop at compile time", "error", command=["modc", file("loop.mod", "module A():\n    for i in range(1000000000000):\n        let x = i\n    def forward(x: f32[N]):\n        return x\nexport a = A()\n")])
refused("a wrong shape", "128", "256", command=["modc", file("shape.mod", "import nn\nmodule A():\n    fc1 = nn.Linear(64, 256)\n    fc2 = nn.Linear(128, 10)\n    def forward(x: f32[N, 64]):\n        return fc2(fc1(x))\nexport a = A()\n")])
refused("unknown module of nn", "Linear", command=["modc", file("name.mod", "import nn\nmodule A():\n    fc = nn.Linaer(1, 2)\n    def forward(x: f32[N, 1]):\n        return fc(x)\nexport a = A()\n")])
refused("what is not compiled yet", "E09", "grad", command=["modc", file("grad.mod", "import nn\nmodule A():\n    fc = nn.Linear(4, 2)\n    def forward(x: f32[N, 4]):\n        return grad(fc(x).sum(), fc.weight)\nexport a = A()\n")])
refused("missing import", "nowhere", command=["modc", file("import.mod", "import nowhere\nexport a = nowhere.A()\n")])
refused("unknown export", "nope", command=["modc", MLP, "--model", "nope"])
refused("output folder that is not there", "/nonexistent", command=["modc", MLP, "-o", "/nonexistent/folder/x.so"])
refused("output that is the input", "the input itself", command=["modc", file("self.mod", MLP.read_text()), "-o", folder / "self.mod"])
refused("output that is a folder", str(folder.name), command=["modc", MLP, "-o", folder])

# ---- modrun
rng = np.random.default_rng(0)
x = rng.standard_normal((3, 784), dtype=np.float32)
np.save(folder / "x.npy", x)
save_file({"x": x}, folder / "x.safetensors")
so = folder / "mlp.so"
ok("modrun --help", "modrun", "--help", out="--bench")
info = ok("modrun --info", "modrun", "--info", so, out="x86-64-v3")
c.check("f32[N, 784]" in info and "chosen" in info, "--info names the signature and the instruction set chosen")
ok("modrun with initial values", "modrun", so, "--input", "x=x.npy", "--output", folder / "y.safetensors")
ok("input from safetensors", "modrun", so, "--input", "x=x.safetensors", "--output", folder / "z.safetensors", "--threads", "2")
c.check(np.array_equal(load_file(folder / "y.safetensors")["output"], load_file(folder / "z.safetensors")["output"]),
        "both give the same, and initial values do not depend on the run")
ok("modrun --bench", "modrun", so, "--input", "x=x.npy", "--bench", "0.05", out="median")

run = ["modrun", so, "--output", folder / "never.safetensors"]
refused("input missing", "input x is missing", command=run)
refused("unknown input", "no such input", command=[*run, "--input", "x=x.npy", "--input", "y=x.npy"])
refused("input twice", "twice", command=[*run, "--input", "x=x.npy", "--input", "x=x.npy"])
refused("no equals sign", "NAME=FILE", command=[*run, "--input", "x.npy"])
refused("input file missing", "absent.npy", command=[*run, "--input", "x=absent.npy"])
np.save(folder / "wide.npy", rng.standard_normal((3, 785), dtype=np.float32))
refused("wrong size", "x", "784", "785", command=[*run, "--input", "x=wide.npy"])
np.save(folder / "double.npy", x.astype(np.float64))
refused("wrong dtype", "x", "f32", "f64", command=[*run, "--input", "x=double.npy"])
np.save(folder / "flat.npy", x[0])
refused("wrong rank", "x", "784", command=[*run, "--input", "x=flat.npy"])
refused("not a number", "neither", command=[*run, "--input", "x=seven"])
refused("nothing to do", "--output", command=["modrun", so, "--input", "x=x.npy"])
table = ok("modrun --profile", "modrun", so, "--input", "x=x.npy", "--profile", "--trace", folder / "trace.json", out="matmul_784x512")
events = json.loads((folder / "trace.json").read_text())["traceEvents"]
c.check(len(events) == 3 and all(e["dur"] > 0 for e in events), f"--trace writes one event a launch: {len(events)}")
refused("a trace that cannot be written", "/nonexistent", command=["modrun", so, "--input", "x=x.npy", "--trace", "/nonexistent/t.json"])
ok("an artifact for evaluation alone", "modc", MLP, "--roles", "eval", "-o", folder / "eval.so")
refused("train mode of it", "in train mode", "--roles eval,train",
        command=["modrun", folder / "eval.so", "--output", folder / "never.safetensors", "--input", "x=x.npy", "--train"])
drawn = []
for seed in (3, 3, 4):
    ok(f"train mode, seed {seed}", "modrun", so, "--input", "x=x.npy", "--train", "--seed", seed, "--output", folder / "t.safetensors",
       "--save-weights", folder / "kept.safetensors")
    drawn.append(load_file(folder / "t.safetensors")["output"])
c.check(np.array_equal(drawn[0], drawn[1]) and not np.array_equal(drawn[0], drawn[2]), "--seed decides what dropout draws")
c.check("fc1.weight" in load_file(folder / "kept.safetensors"), "--save-weights writes parameters under their names")
ok("the interpreter in train mode", "modc", MLP, "--target", "interpret", "--train", "--seed", "3", "--input", "x=x.npy",
   "--weights", folder / "kept.safetensors", "-o", folder / "i.safetensors")
ok("and the artifact with the same weights", "modrun", so, "--input", "x=x.npy", "--train", "--seed", "3", "--output",
   folder / "t.safetensors", "--weights", folder / "kept.safetensors")
c.check(np.abs(load_file(folder / "i.safetensors")["output"] - load_file(folder / "t.safetensors")["output"]).max() < 1e-4,
        "both drop the same elements")
save_file({"fc1.weight": np.zeros((2, 2), np.float32), "extra": x}, folder / "bad.safetensors")
refused("weights that do not fit", "Missing key(s)", "Unexpected key(s)", "size mismatch for fc1.weight",
        command=[*run, "--input", "x=x.npy", "--weights", "bad.safetensors"])
refused("weights that are no weights", "x.npy", command=[*run, "--input", "x=x.npy", "--weights", "x.npy"])
refused("no artifact", "missing.so", command=["modrun", "--info", "missing.so"])
refused("a text as artifact", "mlp.mod", command=["modrun", "--info", MLP])
refused("a system library as artifact", "modc", command=["modrun", "--info", next(pathlib.Path("/lib/x86_64-linux-gnu").glob("libm.so.6"))])
for size in (0, 1, 40, 1000, len(first) // 2, len(first) - 1):
    refused(f"an artifact cut to {size} bytes", "cut.so", command=["modrun", "--info", file("cut.so", first[:size])])
    (folder / "cut.so").unlink()
generator = random.Random(2)
crashed = []
for i in range(60):
    damaged = bytearray(first)
    for _ in range(generator.randint(1, 4)):
        damaged[generator.randrange(len(damaged))] ^= 1 << generator.randrange(8)
    code, _, stderr = call("modrun", "--info", file("damaged.so", bytes(damaged)))
    if code != 1 or "damaged.so" not in stderr:
        crashed.append((i, code, stderr[:100]))
c.check(not crashed, f"60 damaged artifacts are refused {crashed[:3]}")
os.environ["MODRT_TARGET"] = "z80"
refused("an instruction set that is not there", "z80", command=["modrun", "--info", so])
del os.environ["MODRT_TARGET"]

# ---- mod-opt, search
ok("mod-opt --help", "mod-opt", "--help", out="--mod-form-groups")
(folder / "in.mlir").write_text(ok("mod for mod-opt", "modc", MLP, "--emit", "mod"))
ok("mod-opt over the graph pipeline", "mod-opt", folder / "in.mlir", "--mod-to-graph", out="mod.launch")
refused("mod-opt on broken IR", "error", command=["mod-opt", file("broken.mlir", "mod.class @A {")])
refused("search without a model", "search", command=["search", "--artifact", "none.so", "--model-dir", folder, "a question"])
refused("search without an artifact's weights", "vocab", command=["search", "--artifact", so, "--model-dir", folder, "a question"])
c.finish()
