#!/usr/bin/env bash
# Run every check and every suite of tests, time each, and fail if any failed. What `make test` and .ci/run call.
# All of them run even when one fails, so that one look shows everything that is wrong.
set -uo pipefail
cd "$(dirname "$0")/.."
# Else each of the many programs that tests start would compile all of Parley again.
unset PYTHONDONTWRITEBYTECODE
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
tests integration tests/integration -n 2 -m "not alone"
# One at a time: these measure how long something takes.
tests alone tests/integration -m alone
# Tests that share something long in the making are marked as a group, which one of the two has to itself.
tests web tests/web -n 2 --dist loadgroup
for plugin in plugins/*/; do
    tests "$(basename "$plugin")" "${plugin}tests"
done
# A file at a time, for what its tests share is long in the making; each of the two has a demonstration of its own.
tests end-to-end tests/e2e -n 2 --dist loadfile

printf '\n== All suites, %d s\n' "$SECONDS"
printf '%s\n' "${report[@]}"
exit "$failed"
