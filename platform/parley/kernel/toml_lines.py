"""Where in a TOML text a key stands, so that a person who made a mistake is led to it."""

from collections.abc import Iterator, Mapping
from re import compile as pattern

KeyPath = tuple[str | int, ...]

_HEADER = pattern(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = pattern(r"^\s*([A-Za-z0-9_-]+)\s*=")


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
