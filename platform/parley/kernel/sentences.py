"""Names and words in sentences. Standard library only."""

from collections.abc import Iterable


def capitalised(text: str) -> str:
    """Return ``text`` with a capital at its beginning, and the rest as it was: "a parent, Derby" keeps its Derby."""
    return text[:1].upper() + text[1:]


def listed(names: Iterable[str], joined: str = "and") -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``; nothing for no name."""
    *first, last = tuple(names) or ("",)
    return f"{', '.join(first)} {joined} {last}" if first else last
