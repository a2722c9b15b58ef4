"""Random programs of the language: the interpreter against PyTorch, compiled code against the interpreter, fused against unfused against hooked.

    .venv/bin/python test/volume/volume.py                      a short run, as in the tests
    .venv/bin/python test/volume/volume.py --minutes 480 --keep failures        a night
    .venv/bin/python test/volume/volume.py --seed 17 --count 1  one program again

Each program runs at several sizes from one artifact, in eval and in train mode. A failure is made smaller and printed with the command that repeats it.
Programs on which PyTorch itself gives another result in f64 than in f32 (a comparison at the edge, a sum that cancels) prove nothing and are counted apart.
"""
import argparse
import pathlib
import random
import re
import subprocess
import sys
import time

here = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here.parent), str(here.parent / "oracle")]
import _common as c
import language_on_torch as oracle
import program as p
import torch
from generator import FEATURES, Generator
from safetensors.torch import load_file, save_file
from shrink import shrink

class Invalid(Exception):
    """The program proves nothing: PyTorch refuses it, or its result is ill-conditioned."""


class Failure(Exception):
    def __init__(self, stage, text):
        super().__init__(f"{stage}: {text}")
        self.stage = stage


class Found:
    """A program that once failed, from a file of found/, with the interface that random programs have."""
    def __init__(self, path):
        self.source = path.read_text()
        text = self.source[self.source.rindex("\nmodule"):]
        self.inputs = [(n, p.Type(d, tuple(int(x) if x.isdigit() else x for x in dims.replace(" ", "").split(",") if x)))
                       for n, d, dims in re.findall(r"(\w+): (\w+)\[(.*?)\]", re.search(r"def forward\((.*)\):", text)[1])]
        self.outputs = re.search(r"\n        return (.*)", text)[1].split(", ")

    def text(self):
        return self.source


def sizes_of(seed, source):
    r, least = random.Random(seed), 2 if re.search(r"- 1|//|:-1|1:", source) else 1
    return [{"N": n, "S": s} for n, s in ((2, 3), (r.randint(least, 9), r.randint(least, 20)))]


def inputs_of(program, sizes, seed):
    g, out = torch.Generator().manual_seed(seed), {}
    for name, t in program.inputs:
        shape = [sizes.get(d, d) for d in t.dims]
        dtype = p.TORCH[t.dtype]
        if t.dtype == p.BOOL:
            out[name] = torch.rand(shape, generator=g) < 0.5
        elif t.dtype in p.INTS:
            out[name] = torch.randint(0 if t.dtype == "u8" else -5, 6, shape, generator=g).to(dtype)
        else:
            out[name] = torch.randn(shape, generator=g).to(dtype)
    return out


def by_torch(source, inputs, weights, train, double):
    """Outputs by the oracle, then all state after the call; f64 in place of f32 where `double`."""
    wide = torch.float64 if double else torch.float32
    narrow = {k: p.TORCH[k] for k in ("f32", *p.HALVES)}
    oracle.DTYPES.update({k: wide for k in narrow} if double else narrow)
    torch.set_default_dtype(wide)
    cast = lambda t: t.to(wide) if double and t.dtype in narrow.values() else t
    try:
        f = oracle.load(source, c.ROOT / "nn")
        model, forward = oracle.export(f, "model")
        model.train(train)
        state = model.state_dict()
        if weights is None:
            return {k: v.tensor.detach() for k, v in state.items()}
        for name, value in weights.items():
            state[name].tensor = cast(value.clone())
        with torch.no_grad():
            out = oracle.call(f, forward, *[cast(x) for x in inputs.values()])
        out = [oracle.val(x) for x in (out if isinstance(out, (list, tuple)) else [out])]
        return out + [state[k].tensor.detach() for k in sorted(state)]
    finally:
        oracle.DTYPES.update(narrow)
        torch.set_default_dtype(torch.float32)


def distance(got, want):
    """Largest error as a part of the largest expected value, 0 for equal integers, infinite for another shape or kind."""
    if got.shape != want.shape or got.dtype.is_floating_point != want.dtype.is_floating_point:
        return float("inf")
    if not want.dtype.is_floating_point:
        return 0.0 if torch.equal(got.long(), want.long()) else float("inf")
    got, want = got.double(), want.double()
    finite = torch.isfinite(want)
    if not torch.equal(torch.isfinite(got), finite) or not torch.equal(got[~finite].nan_to_num(9), want[~finite].nan_to_num(9)):
        return float("inf")
    return ((got - want)[finite].abs().max() / max(1e-3, want[finite].abs().max())).item() if finite.any() else 0.0


def compare(stage, got, want, bound):
    for name, w in want.items():
        error = distance(got[name], w) if name in got and got[name].dtype == w.dtype else float("inf")
        if error > bound:
            raise Failure(stage, f"{name}: error {error:.1e}, bound {bound:.0e}")


def process(stage, *command):
    r = subprocess.run([str(x) for x in command], capture_output=True, text=True, timeout=120)
    if r.returncode:
        raise Failure(stage, f"exit {r.returncode}\n{r.stderr.strip()[:1500]}")


class Trial:
    def __init__(self, folder, seed):
        self.folder, self.seed = folder, seed

    def run(self, program):
        """Raises Invalid or Failure."""
        source = self.folder / "program.mod"
        source.write_text(program.text())
        try:
            weights = by_torch(source, None, None, False, False)
        except (oracle.ModError, RuntimeError, IndexError, ValueError, TypeError) as e:
            raise Invalid(str(e)) from None
        g = torch.Generator().manual_seed(self.seed)
        drawn = {}  # one value for a tied parameter
        for name, t in weights.items():
            if t.dtype.is_floating_point:
                value = torch.rand(t.shape, generator=g) + (0.5 if "running_var" in name else -0.5)
                weights[name] = drawn.setdefault(t.data_ptr(), value) if t.numel() else value
        save_file({k: v.clone() for k, v in weights.items()}, self.folder / "weights.safetensors")
        artifacts = {}
        for sizes in sizes_of(self.seed, program.text()):
            for train in (False, True):
                self.one(program, source, weights, sizes, train, artifacts)

    def one(self, program, source, weights, sizes, train, artifacts):
        inputs = inputs_of(program, sizes, self.seed)
        half = re.search(r"bf16|f16|half", program.text()) is not None
        bound = 3e-2 if half else 1e-4
        draws = train and re.search("Dropout", program.text()) is not None
        mode = f"{'train' if train else 'eval'} {sizes}"
        extra = ["--train"] if train else []
        files = {k: self.folder / f"{k}.safetensors" for k in ("weights", "inputs", "interpreted", "state", "compiled")}
        save_file({k: v.contiguous() for k, v in inputs.items()}, files["inputs"])
        if not draws:
            try:
                want, exact = (by_torch(source, inputs, weights, train, double) for double in (False, True))
            except (oracle.ModError, RuntimeError, IndexError, ValueError, TypeError) as e:
                raise Invalid(str(e)) from None
            if any(distance(a, b.to(a.dtype)) > (1e-2 if half else 1e-5) for a, b in zip(want, exact)):
                raise Invalid("ill-conditioned")
        c_bin = lambda name: c.BIN / name
        given = [w for k in inputs for w in ("--input", f"{k}={files['inputs']}")]
        process(f"interpreter {mode}", c_bin("modc"), source, "--target", "interpret", "--weights", files["weights"], *given, "-o", files["interpreted"], "--save-weights", files["state"], *extra,
                "--seed", 7)  # as volume-check
        interpreted = {**load_file(files["interpreted"]), **{f"state {k}": v for k, v in load_file(files["state"]).items()}}
        names = ["output"] if len(program.outputs) == 1 else [f"output{k}" for k in range(len(program.outputs))]
        names += [f"state {k}" for k in sorted(weights)]
        if not draws:
            compare(f"interpreter against PyTorch, {mode}", interpreted, dict(zip(names, want)), bound)
        bits = []
        for how, options in {"default": [], "exact": ["--no-fold-affine"], "unfused": ["--no-fold-affine", "--fusion", "none"]}.items():
            if how not in artifacts:
                artifacts[how] = self.folder / f"{how}.so"
                process(f"compiling {how}", c_bin("modc"), source, "-o", artifacts[how], "--no-cache", *options)
            process(f"running {how}, {mode}", c_bin("volume-check"), artifacts[how], files["weights"], files["inputs"], files["compiled"], *extra,
                    *([] if options else ["--folded"]))
            got = load_file(files["compiled"])
            compare(f"compiled {how} against the interpreter, {mode}", got, interpreted, bound)
            bits.append(got)
        for name in bits[1]:
            if not torch.equal(*(b[name].reshape(-1).view(torch.uint8) for b in bits[1:])):
                raise Failure(f"fused against unfused, {mode}", f"{name}: other bits")


def attempt(folder, seed, program):
    """None where all agree, else the failure; Invalid passes through."""
    try:
        Trial(folder, seed).run(program)
    except (Failure, subprocess.TimeoutExpired) as e:
        return e if isinstance(e, Failure) else Failure("time", str(e))
    return None


def still(folder, seed, stage):
    def fails(program):
        try:
            failure = attempt(folder, seed, program)
        except Invalid:
            return False
        return failure is not None and failure.stage.split(",")[0] == stage.split(",")[0]
    return fails


def report(folder, name, again, seed, program, options):
    """Runs one program and counts it; a failure is made smaller, shown and kept. The text of what made it prove nothing, if so."""
    try:
        failure = attempt(folder, seed, program)
    except Invalid as e:
        return f"{name}: {str(e)[:200]}"
    if failure:
        small = program if isinstance(program, Found) else shrink(program, still(folder, seed, failure.stage), options.shrink)
        print(f"{name} (again: test/volume/volume.py {again or '--count 0'}), made smaller:\n{small.text()}")
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            about = "".join(f"# {line}\n" for line in f"{name}: {failure}".splitlines())
            (options.keep / f"{name.replace(' ', '-')}.mod").write_text(about + small.text())
    c.check(failure is None, name + (f": {failure}" if failure else ""))
    return None


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--seed", type=int, help="the first random program, without those of found/ before it")
    a.add_argument("--count", type=int, default=20, help="how many random programs")
    a.add_argument("--minutes", type=float, help="go on for so long instead")
    a.add_argument("--without", default="", help=f"leave out, by commas: {', '.join(sorted(FEATURES))}")
    a.add_argument("--shrink", type=float, default=60, help="seconds for making a failure smaller")
    a.add_argument("--keep", type=pathlib.Path, metavar="FOLDER", help="write failing programs, made smaller, to this folder")
    o = a.parse_args()
    end, first, invalid, folder = o.minutes and time.monotonic() + 60 * o.minutes, o.seed or 1, [], c.scratch()
    for path in sorted((here / "found").glob("*.mod")) if o.seed is None else []:
        text = report(folder, f"found {path.stem}", "", 1, Found(path), o)
        c.check(text is None, text) if text else None
    seed = first
    flags = f" --without {o.without}" if o.without else ""
    while time.monotonic() < end if end else seed < first + o.count:
        program = Generator(seed, set(FEATURES) - set(o.without.split(","))).program()
        invalid.append(report(folder, f"program {seed}", f"--seed {seed} --count 1{flags}", seed, program, o))
        seed += 1
    invalid = [i for i in invalid if i]
    refused = [i for i in invalid if not i.endswith("ill-conditioned")]
    print(f"{seed - first} random programs, {len(invalid) - len(refused)} of them ill-conditioned, {len(refused)} that PyTorch refuses")
    for i in refused:
        print(f"refused by PyTorch: {i}")
    c.check(10 * len(refused) <= max(20, seed - first), "the generator makes programs that PyTorch accepts")
    c.finish()


main()
