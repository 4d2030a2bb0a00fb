"""What changed between two documents of a policy, key by key, as people read it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from parley.policy.evidence import WITHOUT_VALUE

#: What names an entry of a list of tables, the first that it has; without one its place does.
_NAMES = (
    "id",
    "code",
    "number",
    "phone",
    "email",
    "url",
    "said",
    "title",
    "name",
    "about",
    "label",
    "provider",
    "contact",
)
_MISSING = frozenset(status.value for status in WITHOUT_VALUE)


@dataclass(frozen=True, slots=True)
class Change:
    """One key that is another: what it was (None: it was not there) and what it is (None: it is gone)."""

    key: str
    was: str | None
    now: str | None


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every key in which two documents differ, in the order of the later one, then what is gone."""
    was, now = dict(_leaves(before, "")), dict(_leaves(after, ""))
    keys = [*now, *(key for key in was if key not in now)]
    return tuple(Change(key, was.get(key), now.get(key)) for key in keys if was.get(key) != now.get(key))


def _leaves(node: Any, key: str) -> Iterator[tuple[str, str]]:
    """Each value with its key; a value that says for itself how it is known is told with that."""
    if isinstance(node, Mapping) and ("value" in node or "status" in node):
        yield key, _marked(node)
    elif isinstance(node, Mapping):
        for name, value in node.items():
            yield from _leaves(value, f"{key}.{name}" if key else name)
    elif isinstance(node, list) and node and all(isinstance(item, Mapping) for item in node):
        for place, item in enumerate(node, start=1):
            yield from _leaves(item, f"{key}[{_name(item, place)}]")
    else:
        yield key, _text(node)


def _name(table: Mapping[str, Any], place: int) -> str:
    return next((str(table[name]) for name in _NAMES if isinstance(table.get(name), str)), str(place))


def _marked(node: Mapping[str, Any]) -> str:
    said = [_text(node["value"])] if "value" in node else []
    known = ", ".join(f"{name}: {node[name]}" for name in ("status", "source", "note") if name in node)
    return " ".join([*said, f"({known})"] if known else said)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    text = str(value)
    return text if text in _MISSING or not isinstance(value, str) else f"“{text}”" if " " in text else text
