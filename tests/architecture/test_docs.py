"""What the documentation names is there."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PACKAGE = ROOT / "platform" / "parley"
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])

#: In backticks, with a slash in it and nothing to be filled in: a path of the repository, or of the package.
NAMED = re.compile(r"`([\w.-]+(?:/[\w.-]+)+/?)`")
LINKED = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")

#: Paths that are not of the repository: of a deployment, of a run, or of an example to be made.
ELSEWHERE = frozenset(
    {
        "run/plugins.sock",
        "keys/logins.json",
        "keys/roles.json",
        "tenants/exampleshire/",
        ".../outcomes/",
        ".bench/latest.json",
    }
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: pathlib.Path) -> None:
    links = LINKED.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_is_named_exists(page: pathlib.Path) -> None:
    named = set(NAMED.findall(page.read_text(encoding="utf-8"))) - ELSEWHERE
    assert sorted(path for path in named if not any((top / path).exists() for top in (ROOT, PACKAGE))) == []


def test_every_package_is_on_the_map() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    page = (ROOT / "docs" / "code.md").read_text(encoding="utf-8")
    assert sorted(name for name in packages if f"`{name}`" not in page) == []


def test_decisions_are_numbered_one_after_the_other_and_say_their_number() -> None:
    """Two people who write one at once both take the next number."""
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(page.name.partition("-")[0]) for page in decisions] == list(range(1, len(decisions) + 1))
    for number, page in enumerate(decisions, 1):
        assert page.read_text().startswith(f"# {number}. ")
