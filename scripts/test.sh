#!/usr/bin/env bash
# Sets up a Debian 12 machine, builds everything and runs every test: units and fuzz tests (GoogleTest, ctest), IR tests (lit),
# numerics against PyTorch. The last line is "N passed, N failed"; exit 1 when something failed.
#   scripts/test.sh           all
#   scripts/test.sh --quick   without the runtime-only build and the PyTorch comparison
set -uo pipefail
cd "$(dirname "$0")/.."
quick=0
[ "${1:-}" = --quick ] && quick=1

passed=0 failed=0
count() { # NAME PASSED FAILED
  echo "== $1: $2 passed, $3 failed"
  passed=$((passed + $2)) failed=$((failed + $3))
}
finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ] || exit 1
  exit 0
}
# Runs a command as one test.
check() { # NAME COMMAND...
  local name=$1
  shift
  if "$@"; then count "$name" 1 0; else count "$name" 0 1; fi
}
# Runs a build folder's ctest and counts its tests from its own summary.
run_ctest() { # NAME FOLDER
  local log
  log=$(mktemp)
  ctest --test-dir "$2" --output-on-failure -j2 --timeout 600 2>&1 | tee "$log"
  local line total bad
  line=$(grep -E '^[0-9]+% tests passed' "$log" | tail -1)
  rm -f "$log"
  if [ -z "$line" ]; then count "$1" 0 1; return; fi
  bad=$(sed -E 's/.*, ([0-9]+) tests failed out of ([0-9]+).*/\1/' <<<"$line")
  total=$(sed -E 's/.*, ([0-9]+) tests failed out of ([0-9]+).*/\2/' <<<"$line")
  count "$1" $((total - bad)) "$bad"
}
# Runs a Python script that ends with "N passed, N failed".
run_python() { # NAME SCRIPT ARGS...
  local name=$1 log line
  shift
  log=$(mktemp)
  .venv/bin/python "$@" 2>&1 | tee "$log"
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -1)
  rm -f "$log"
  if [ -z "$line" ]; then count "$name" 0 1; return; fi
  read -r p _ f _ <<<"$line"
  count "$name" "$p" "$f"
}

if [ "$quick" = 1 ]; then scripts/setup.sh; else scripts/setup.sh --tests; fi || { echo "set-up failed"; count setup 0 1; finish; }

cmake --preset dev >build.log 2>&1 && cmake --build build >>build.log 2>&1 || { tail -40 build.log; count build 0 1; finish; }
count build 1 0
check "model weights" scripts/fetch-minilm.sh build/minilm
run_ctest "unit, fuzz and IR tests" build
check "formatting" scripts/check-format.sh

if [ "$quick" = 0 ]; then
  for t in test/cli/*.py test/reference/*.py test/numerics/*.py; do
    run_python "${t#test/}" "$t"
  done
  run_python "random programs" test/volume/volume.py --count 15 --shrink 20
  # The runtime alone, with the system's compiler and no LLVM in sight.
  if cmake --preset runtime-only >build-runtime.log 2>&1 && cmake --build build-runtime >>build-runtime.log 2>&1; then
    run_ctest "runtime without a compiler" build-runtime
  else
    tail -40 build-runtime.log
    count "runtime-only build" 0 1
  fi
fi
finish
