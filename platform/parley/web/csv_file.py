"""Tables as CSV files that open in a spreadsheet and compute nothing there. Pure."""

import csv
import io
from collections.abc import Iterable

#: What programs that open a table take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_text(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return the table as CSV (RFC 4180), with a line of ``columns`` first; None is an empty field."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(_safe(value) for value in row)
    return file.getvalue()


def _safe(value: object) -> str:
    """Return a value as text that no program takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
