"""What is pure stays so: it speaks to nothing, and time, policy and ids come in as arguments."""

import ast
import pathlib
import sys
from collections.abc import Iterator

import pytest

PARLEY = pathlib.Path(__file__).parents[2] / "platform" / "parley"

#: What of the check keeps and forgets; the rest of it decides, and is pure.
KEEPING = frozenset({"jobs", "models", "queries", "service"})

#: Modules that may know of no database, no web and no clock.
PURE = sorted(
    {
        *PARLEY.rglob("domain.py"),
        *(PARLEY / "law").rglob("*.py"),
        *(PARLEY / "kernel").rglob("*.py"),
        *(PARLEY / "reporting" / "domain").rglob("*.py"),
        *(path for path in (PARLEY / "eligibility").rglob("*.py") if path.stem not in KEEPING),
    }
)

#: What none of them may import, at any depth of its name.
OUTSIDE = frozenset(
    {"alembic", "flask", "pluggy", "psycopg", "requests", "socket", "sqlalchemy", "werkzeug", "wtforms"}
)

#: Calls that ask the machine what time it is.
PRESENT = frozenset({"now", "utcnow", "today"})

#: Who may ask, and why. Everybody else is told.
WATCHES_THE_CLOCK = {
    "kernel/clock.py": "SystemClock is where the present comes from",
    "jobs/worker.py": "tells the queue when to try again",
    "notifications/mailer.py": "the Date of a mail is when it goes out",
    "plugin_host/child.py": "a plugin's own clock, in its own process",
    "plugin_host/gateway.py": "deadlines of calls to plugins are real time",
    "plugin_host/limits.py": "how much of such a deadline is left",
    "plugin_host/supervisor.py": "ends plugins that are past their deadline",
    "plugin_api/testing": "the kit for plugin authors runs plugins for real",
}


def _named(path: pathlib.Path) -> str:
    return str(path.relative_to(PARLEY))


def _tree(path: pathlib.Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(path: pathlib.Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def _present(path: pathlib.Path) -> list[int]:
    """Return the lines that ask for the present: ``datetime.now()``, ``dt.date.today()``; not ``clock.now()``."""
    calls = (node.func for node in ast.walk(_tree(path)) if isinstance(node, ast.Call))
    return [
        call.lineno
        for call in calls
        if isinstance(call, ast.Attribute)
        and call.attr in PRESENT
        and ast.unparse(call.value).rpartition(".")[2] in {"datetime", "date"}
    ]


@pytest.mark.parametrize("path", PURE, ids=_named)
def test_pure_modules_know_nothing_of_the_outside(path: pathlib.Path) -> None:
    assert [name for name in _imports(path) if name.partition(".")[0] in OUTSIDE] == []


@pytest.mark.parametrize("path", sorted((PARLEY / "kernel").rglob("*.py")), ids=_named)
def test_the_kernel_is_made_of_the_standard_library(path: pathlib.Path) -> None:
    foreign = [
        name
        for name in _imports(path)
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("parley.kernel")
    ]
    assert foreign == []


@pytest.mark.parametrize("path", sorted(PARLEY.rglob("*.py")), ids=_named)
def test_nobody_asks_the_machine_for_the_present_but_those_who_watch_it(path: pathlib.Path) -> None:
    name = _named(path)
    if any(name.startswith(watcher) for watcher in WATCHES_THE_CLOCK):
        return
    assert _present(path) == [], f"{name} asks for the present; take it as an argument, or a Clock"


def test_those_who_watch_the_clock_are_there() -> None:
    assert [name for name in WATCHES_THE_CLOCK if not (PARLEY / name).exists()] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import datetime as dt\ndt.datetime.now(dt.UTC)", [2]),
        ("from datetime import date\ndate.today()", [2]),
        ("import datetime\ndatetime.datetime.utcnow()", [2]),
        ("clock.now()\nruntime().clock.now()", []),
    ],
)
def test_the_search_finds_what_asks_for_the_present(tmp_path: pathlib.Path, source: str, found: list[int]) -> None:
    (tmp_path / "asks.py").write_text(source)
    assert _present(tmp_path / "asks.py") == found
