#!/usr/bin/env bash
# The main job, on a Debian 12 machine and nothing else: installs what is needed, builds, compiles the sentence model, and
# answers questions over the text that the example ships.
#   scripts/demo.sh [QUESTION...]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
cmake --preset release -B build >/dev/null
cmake --build build --target modc mod-opt modrun search

scripts/fetch-minilm.sh build/minilm
build/bin/modc examples/semantic-search/minilm.mod -o build/minilm.so

if (($#)); then
  build/bin/search --artifact build/minilm.so --model-dir build/minilm "$@"
else
  build/bin/search --artifact build/minilm.so --model-dir build/minilm \
    "Which animals live in the sea?" "How do vaccines work?" "What should I cook tonight?"
fi
