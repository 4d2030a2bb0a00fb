"""What every question of a request has in common."""

import datetime as dt
from typing import Any

from parley.web.fields import DateField, NotAfter
from parley.web.forms import BaseForm

#: Room for a story, and not for a file of one.
LONG, MEDIUM, SHORT = 5000, 1500, 300


class StepForm(BaseForm):
    """A question of a request. ``today`` is the date in England, after which no answer about the past may lie."""

    today: dt.date = dt.date.max

    def require(self, name: str, message: str) -> bool:
        """Put ``message`` beside the field ``name`` unless it was answered or has an error already; return success."""
        asked = self._fields[name]
        if not asked.data and not asked.errors:
            asked.errors = [message]
        return not asked.errors

    def raw_names(self) -> list[str]:
        """Return the names under which the browser sends this form's answers."""
        names = []
        for asked in self:
            is_date = isinstance(asked, DateField)
            names += [f"{asked.name}-{part}" for part in ("day", "month", "year")] if is_date else [asked.name]
        return names


class PastDate(NotAfter):
    """Refuses a date after the form's own today."""

    def __init__(self, message: str) -> None:
        """Take the message to show."""
        super().__init__(lambda: dt.date.max, message)

    def __call__(self, form: Any, field: Any) -> None:
        """Compare with the form's today."""
        self.latest = lambda: form.today
        super().__call__(form, field)
