"""Councils are data. Where the code knew one by name, a ninth could not be added by configuration alone."""

import ast
import pathlib
import re
from collections.abc import Iterator

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PLATFORM = ROOT / "platform" / "parley"
COUNCILS = sorted(path.parent.name for path in (ROOT / "tenants").glob("*/policy.toml"))
NAMED = re.compile("|".join(rf"\b{re.escape(council)}\b" for council in COUNCILS), re.IGNORECASE)

#: Where councils may be named, and why. Nothing there runs for a real council.
EXAMPLES = {
    "demonstration": "makes the cases of a demonstration, at councils that it names",
    "web/styleguide.py": "specimens of components, in development only",
    "web/templates/styleguide": "specimens of components, in development only",
}


def _named(path: pathlib.Path) -> str:
    return str(path.relative_to(PLATFORM))


def _files(ending: str) -> list[pathlib.Path]:
    return sorted(path for path in PLATFORM.rglob(f"*{ending}") if not _named(path).startswith(tuple(EXAMPLES)))


def _texts(source: str) -> Iterator[tuple[int, str]]:
    """Every name and text that a module works with. Docstrings and comments are for people, and left out."""
    tree = ast.parse(source)
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value
        elif isinstance(node, ast.Name | ast.Attribute):
            yield node.lineno, node.id if isinstance(node, ast.Name) else node.attr


def _found(source: str) -> list[tuple[int, str]]:
    return [(line, text) for line, text in _texts(source) if NAMED.search(text.replace("_", "-"))]


def test_there_are_councils_to_look_for_and_the_examples_are_where_they_are_said_to_be() -> None:
    assert len(COUNCILS) >= 8
    assert [name for name in EXAMPLES if not (PLATFORM / name).exists()] == []


@pytest.mark.parametrize("path", _files(".py"), ids=_named)
def test_no_module_knows_a_council(path: pathlib.Path) -> None:
    assert _found(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", _files(".html"), ids=_named)
def test_no_template_knows_a_council(path: pathlib.Path) -> None:
    spoken = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert NAMED.findall(spoken) == []


@pytest.mark.parametrize(
    "source",
    [
        'if authority.slug == "derby":\n    pass',
        'RULES = {"west-northamptonshire": 1}',
        "def rutland():\n    return Leicester",
        'policy["Derby City Council"]',
    ],
)
def test_the_search_finds_a_council(source: str) -> None:
    assert _found(source)


def test_the_search_leaves_explanations_alone() -> None:
    assert _found('"""As Derby has it."""\n# Derby\n') == []
