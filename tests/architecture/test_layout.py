"""Where files lie and how large they grow."""

import ast
import pathlib

import pytest

ROOT = pathlib.Path(__file__).parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 40

#: Names under which anything may be put, so that sooner or later everything is.
NAMELESS = frozenset({"utils", "util", "helpers", "common", "manager", "managers", "misc"})


def _sources(*tops: str) -> list[pathlib.Path]:
    found = [path for top in tops for path in (ROOT / top).rglob("*.py") if "node_modules" not in path.parts]
    return sorted(path for path in found if "build" not in path.parts)


def _named(path: pathlib.Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_source_root_is_not_a_package() -> None:
    """With an ``__init__.py`` it would shadow the standard library's ``platform``, and gunicorn would not start."""
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_no_test_folder_is_called_like_the_standard_library() -> None:
    assert not list((ROOT / "tests").rglob("platform"))


@pytest.mark.parametrize("path", _sources("platform", "plugins", "tests"), ids=_named)
def test_no_file_is_longer_than_a_person_reads(path: pathlib.Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines < LONGEST_FILE


@pytest.mark.parametrize("path", _sources("platform", "plugins"), ids=_named)
def test_no_function_is_longer_than_a_screen(path: pathlib.Path) -> None:
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = {node.name: _lines(node) for node in functions if _lines(node) >= LONGEST_FUNCTION}
    assert long == {}


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines the body has, its docstring not counted: saying more about it does not make it longer."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", _sources("platform", "plugins", "tests"), ids=_named)
def test_every_file_has_a_name_that_says_what_is_in_it(path: pathlib.Path) -> None:
    assert not NAMELESS & {path.stem, *(parent.name for parent in path.relative_to(ROOT).parents)}


@pytest.mark.parametrize("path", _sources("platform"), ids=_named)
def test_every_module_says_what_it_is(path: pathlib.Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
