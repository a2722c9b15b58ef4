"""What the numeric tests share: the tools, calling them, counting."""
import atexit
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
BIN = pathlib.Path(os.environ.get("MODC_BIN", ROOT / "build" / "bin"))
sys.path.insert(0, str(ROOT / "bench"))

passed = failed = 0


def check(ok, what):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    print("ok  " if ok else "FAIL", what, flush=True)
    return ok


def finish():
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed != 0)


def tool(name, *args, env=None):
    """Runs build/bin/NAME; raises with its stderr when it fails."""
    r = subprocess.run([str(BIN / name), *map(str, args)], capture_output=True, text=True, env={**os.environ, **(env or {})})
    if r.returncode:
        raise RuntimeError(f"{name} {' '.join(map(str, args))}: exit {r.returncode}\n{r.stderr}")
    return r.stdout


def scratch():
    """A folder that is gone when the script ends."""
    folder = tempfile.mkdtemp(prefix="modc-numerics-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return pathlib.Path(folder)


def run_artifact(artifact, export, weights, inputs, folder, threads=1, env=None, extra=()):
    """modrun on numpy inputs; returns the outputs by name."""
    return _run("modrun", [artifact, "--threads", threads], export, weights, inputs, folder, env, extra)


def run_interpreter(source, export, weights, inputs, folder, extra=()):
    """The reference interpreter on numpy inputs; returns the outputs by name."""
    return _run("modc", [source, "--target", "interpret"], export, weights, inputs, folder, None, extra)


def _run(name, head, export, weights, inputs, folder, env, extra):
    import numpy as np
    from safetensors.numpy import load_file
    args = [*head, "--model", export, "--weights", weights]
    for key, value in inputs.items():
        path = folder / f"{key}.npy"
        np.save(path, value)
        args += ["--input", f"{key}={path}"]
    out = folder / "out.safetensors"
    tool(name, *args, "--output", out, *extra, env=env)
    return load_file(out)
