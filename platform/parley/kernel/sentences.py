"""Names and words at the beginning of a sentence."""


def capitalised(text: str) -> str:
    """Return ``text`` with a capital at its beginning, and the rest as it was: "a parent, Derby" keeps its Derby."""
    return text[:1].upper() + text[1:]
