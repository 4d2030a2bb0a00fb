"""What is wrong with a policy file, told so that the person who wrote it can mend it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from re import compile as pattern

from parley.kernel.configuration import ConfigurationError, ConfigurationProblem

KeyPath = tuple[str | int, ...]

_HEADER = pattern(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = pattern(r"^\s*([A-Za-z0-9_-]+)\s*=")


@dataclass(frozen=True, kw_only=True)
class PolicyProblem(ConfigurationProblem):
    """One fault of a policy file, with its line, or None if unknown."""

    line: int | None = None

    def __str__(self) -> str:
        """One line for a terminal or a log."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.key}: found {self.found}; allowed: {self.allowed}"


class PolicyProblems(ConfigurationError):
    """A policy that cannot be used, with every problem at once, in the order of the file."""

    def __init__(self, problems: Iterable[PolicyProblem]) -> None:
        """Keep `problems` by line."""
        self.by_line = tuple(sorted(problems, key=lambda problem: (problem.line or 0, problem.key)))
        super().__init__(self.by_line)


def dotted(path: KeyPath) -> str:
    """A path as it reads in the file: `areas.listed[2].stages`, entries counted from 1."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{part}" if text else part
    return text or "the file"


def found_at(document: object, path: KeyPath) -> str:
    """What stands at `path`, shortened; `nothing` where there is no such key."""
    for part in path:
        if isinstance(document, Mapping) and part in document:
            document = document[part]
        elif isinstance(document, list) and isinstance(part, int) and part < len(document):
            document = document[part]
        else:
            return "nothing"
    text = "a table" if isinstance(document, Mapping) else repr(document)
    return text if len(text) <= 80 else f"{text[:77]}..."


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line, counted from 1, on which each key or table header of a TOML text stands.

    Good enough to point a person to the place; keys inside inline tables are found by the line they are on.
    """
    return dict(_scan(text))


def _scan(text: str) -> Iterator[tuple[KeyPath, int]]:
    table: KeyPath = ()
    counters: dict[KeyPath, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            names = tuple(part.strip().strip("\"'") for part in header[2].split("."))
            table = _placed(names, counters)
            if header[1] == "[[":
                counters[table] = counters.get(table, -1) + 1
                table = (*table, counters[table])
            yield table, number
        elif key := _KEY.match(line):
            yield (*table, key[1]), number


def _placed(names: tuple[str, ...], counters: Mapping[KeyPath, int]) -> KeyPath:
    """`names` with the index of the current entry after every array of tables on the way, the last name apart."""
    path: KeyPath = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counters:
            path = (*path, counters[path])
    return (*path, names[-1])


def line_of(path: KeyPath, lines: Mapping[KeyPath, int]) -> int | None:
    """The line of `path`, or of the nearest thing around it."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None
