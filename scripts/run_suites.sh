#!/usr/bin/env bash
# Run every check and every suite of tests, time each, and fail if any failed. What `make test` and .ci/run call.
# All of them run even when one fails, so that one look shows everything that is wrong.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
report=()
failed=0

suite() {
    local name=$1 began=$SECONDS verdict=passed
    shift
    printf '\n== %s\n' "$name"
    if ! "$@"; then
        verdict=FAILED
        failed=1
    fi
    report+=("$(printf '%-14s %-7s %4d s' "$name" "$verdict" $((SECONDS - began)))")
}

tests() {
    local name=$1
    shift
    suite "$name" "$bin/pytest" -q "$@"
}

suite lint "$bin/ruff" check .
suite format "$bin/ruff" format --check .
suite types "$bin/mypy"
suite layers "$bin/lint-imports"
tests unit tests/unit -n 2
tests architecture tests/architecture
tests integration tests/integration -n 2 -m "not slow"
# One at a time: these measure how long a start takes.
tests starting tests/integration -m slow
tests web tests/web -n 2
for plugin in plugins/*/; do
    tests "$(basename "$plugin")" "${plugin}tests"
done
tests end-to-end tests/e2e

printf '\n== All suites, %d s\n' "$SECONDS"
printf '%s\n' "${report[@]}"
exit "$failed"
