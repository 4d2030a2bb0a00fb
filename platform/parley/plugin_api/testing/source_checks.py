"""What a plugin's source may not do, read from its syntax trees: import the foreign, ask the machine for the time."""

import ast
import importlib.metadata
import pathlib
import re
import sys
from collections.abc import Iterator

PUBLIC_INTERFACE = "parley.plugin_api"

_CLOCK_READS = frozenset(
    {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
    | {"time.time", "time.time_ns", "time.monotonic", "time.localtime", "time.gmtime", "time.sleep"}
)


def foreign_imports(folder: pathlib.Path, *, package: str, distribution: str) -> list[str]:
    """Return "file:line module" for each import in ``folder`` that is none of these: the standard library, the plugin's
    own ``package``, ``parley.plugin_api``, and what ``distribution`` declares that it requires."""
    declared = {
        _normal(re.split(r"[^A-Za-z0-9._-]", line)[0]) for line in importlib.metadata.requires(distribution) or ()
    }
    providers = importlib.metadata.packages_distributions()
    found = []
    for path, tree in _trees(folder):
        for line, module in _imports(tree):
            top = module.partition(".")[0]
            if top == "parley":
                is_allowed = f"{module}.".startswith(f"{PUBLIC_INTERFACE}.")
            else:
                owners = {_normal(owner) for owner in providers.get(top, ())}
                is_allowed = top == package or top in sys.stdlib_module_names or bool(owners & declared)
            if not is_allowed:
                found.append(f"{path.name}:{line} {module}")
    return found


def clock_reads(folder: pathlib.Path) -> list[str]:
    """Return "file:line call" for each call that asks the machine for the time or sleeps; ``ctx.clock`` is for that."""
    return [
        f"{path.name}:{node.lineno} {name}"
        for path, tree in _trees(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for name in [".".join(ast.unparse(node.func).split(".")[-2:])]
        if name in _CLOCK_READS
    ]


def _trees(folder: pathlib.Path) -> Iterator[tuple[pathlib.Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            if node.module == "parley":
                yield from ((node.lineno, f"parley.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
