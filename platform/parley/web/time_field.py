"""A field that reads a time of day as people write it."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from wtforms.validators import StopValidation

from parley.web.fields import TextField, clean_text

#: 9am, 9.30, 09:30, 2:15 pm. A bare figure could be morning or afternoon, and is not guessed at.
_TIME = re.compile(r"^(?P<hour>\d{1,2})(?:[.:](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?$", re.IGNORECASE)
_WORDS = {"midday": dt.time(12), "noon": dt.time(12), "12 noon": dt.time(12)}


class TimeField(TextField):
    """A time of day in one box. ``data`` is a time or None; what was typed is shown again when it cannot be read."""

    data: Any

    def __init__(self, label: str, validators: Iterable[Callable[..., None]] = (), **kwargs: Any) -> None:
        """Ask in a narrow box; a time is never something a browser knows of a person."""
        super().__init__(
            label,
            validators,
            **{"max_length": 20, "autocomplete": "off", "spellcheck": False, "width": "govuk-input--width-5", **kwargs},
        )

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was typed; it is judged in ``pre_validate``."""
        self.data = read_time(clean_text(str(valuelist[0]))) if valuelist else None

    @property
    def shown(self) -> str:
        """Return what was typed, else the time as 10:30."""
        if self.raw_data:
            return clean_text(str(self.raw_data[0]))
        return f"{self.data:%H:%M}" if isinstance(self.data, dt.time) else ""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not a time."""
        if self.data is None and self.shown:
            raise StopValidation("Enter a time, such as 10:30am or 14:15")


def read_time(typed: str) -> dt.time | None:
    """Return the time that ``typed`` means, or None when it means none."""
    plain = " ".join(typed.casefold().split())
    if plain in _WORDS:
        return _WORDS[plain]
    match = _TIME.match(plain)
    if match is None or not (match["minute"] or match["half"]):
        return None
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), (match["half"] or "")[:1]
    if minute > 59 or hour > (12 if half else 23) or (half and hour == 0):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return dt.time(hour, minute)
