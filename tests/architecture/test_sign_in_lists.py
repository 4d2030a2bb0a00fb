"""Every module of the OpenID Foundation's relying-party suite is on the page; each that applies is named by a test."""

import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2]
PAGE = ROOT / "docs" / "sign-in.md"
ROW = re.compile(r"^\| (`(?:oidcc|fapi2)-.*?) \| (.*?) \| (.*?) \|$", re.MULTILINE)
NOT_TESTED = "not applicable"

#: Modules of the suite, as counted in its own list of November 2026.
MODULES = 57


def _rows() -> list[tuple[list[str], str, str]]:
    found = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return [(re.findall(r"`([^`]+)`", ids), here, why) for ids, here, why in found]


def _tests() -> str:
    files = (path for path in (ROOT / "tests").rglob("*.py") if path != pathlib.Path(__file__))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_module_of_the_suite_is_listed_once() -> None:
    ids = [name for names, _, _ in _rows() for name in names]
    assert len(ids) == len(set(ids))
    assert len([name for name in ids if name.startswith("oidcc-")]) == MODULES


def test_every_id_that_applies_is_named_by_a_test_that_is_there() -> None:
    tests = _tests()
    for ids, here, why in _rows():
        if here == NOT_TESTED:
            assert "`test_" not in why, f"{ids}: a test is named, so it applies"
            continue
        (named,) = re.findall(r"`(test_\w+)`", why)
        assert f"def {named}(" in tests, f"{ids}: no test is called {named}"
        spellings = [spelling for name in ids for spelling in (f'"{name}"', f"def test_{name.replace('-', '_')}_")]
        assert any(spelling in tests for spelling in spellings), f"{ids}: no test names it"
