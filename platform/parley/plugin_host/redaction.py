"""Take out of text what must not reach a log: a call's secrets, and what looks like a person's particulars.

This is a second net. Names and free text cannot be recognised; the first net is that plugins are given nothing
personal at all.
"""

import re
from collections.abc import Iterable

_PATTERNS = (
    (re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)+"), "[mailbox]"),
    (re.compile(r"(?i)(bearer|basic)\s+[\w.~+/=-]{6,}"), r"\1 [secret]"),
    (re.compile(r"(?<![\w-])(\+44|0)[ -]?\d(?:[ -]?\d){8,9}(?![\w-])"), "[number]"),
    (re.compile(r"(?<![\w-])\d{3}[ ]\d{3}[ ]\d{4}(?![\w-])"), "[number]"),
    (re.compile(r"(?i)\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b"), "[postcode]"),
)

#: Shorter values would be taken out of ordinary words.
_SHORTEST_SECRET = 6


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` without ``secrets`` (six characters or more), mailboxes, telephone numbers and postcodes."""
    for secret in sorted((s for s in secrets if len(s) >= _SHORTEST_SECRET), key=len, reverse=True):
        text = text.replace(secret, "[secret]")
    for pattern, shown in _PATTERNS:
        text = pattern.sub(shown, text)
    return text
