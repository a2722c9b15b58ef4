#!/usr/bin/env bash
# Installs what modc needs on a Debian 12 machine. scripts/demo.sh and scripts/test.sh call it; calling it twice does no harm.
#   scripts/setup.sh            compiler, runtime, command line tools
#   scripts/setup.sh --tests    also the Python environment .venv that the numeric tests compare with (PyTorch, CPU)
#   scripts/setup.sh --bench    also the peers of the benchmark (ONNX Runtime, OpenVINO) in .venv
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(build-essential git ca-certificates cmake ninja-build ccache lld-22 clang-22 clang-format-22 clang-tidy-22 llvm-22-dev
          llvm-22-tools libmlir-22-dev mlir-22-tools libgtest-dev libgmock-dev nlohmann-json3-dev libfmt-dev libxxhash-dev
          libcli11-dev zlib1g-dev libzstd-dev libpng-dev libsndfile1-dev libsamplerate0-dev pkg-config python3 python3-venv)
missing=()
for p in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing+=("$p")
done
if ((${#missing[@]})); then
  sudo=
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "setup: need root (or sudo) to install: ${missing[*]}" >&2; exit 1; }
    sudo=sudo
  fi
  echo "setup: installing ${missing[*]}"
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# A Python environment of our own, made by the system's python: nothing is installed outside the checkout.
ensure_venv() {
  [ -x .venv/bin/python ] || /usr/bin/python3 -m venv .venv
}
pip_install() {
  .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"
}
case "${1:-}" in
  "") ;;
  --tests)
    ensure_venv
    .venv/bin/python -c 'import torch, numpy, safetensors, tokenizers; assert torch.__version__.startswith("2.13.0")' 2>/dev/null ||
      pip_install -r test/requirements.txt
    ;;
  --bench)
    ensure_venv
    pip_install -r bench/requirements.txt
    ;;
  *) echo "setup: unknown option $1 (--tests, --bench)" >&2; exit 1 ;;
esac
