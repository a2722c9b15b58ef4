#!/usr/bin/env bash
# Fails when a C++ file is not as clang-format writes it. scripts/check-format.sh --fix writes it so.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=(--dry-run -Werror)
[ "${1:-}" = --fix ] && mode=(-i)
git ls-files '*.cpp' '*.h' '*.hpp' '*.c' | grep -v -e '^bench/limits.c$' | xargs -r clang-format-22 "${mode[@]}"
