"""Time: stored in UTC, shown in Europe/London, and always handed in."""

import datetime as dt
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    """Where the present comes from."""

    def now(self) -> dt.datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> dt.datetime:
        """Return the present moment, aware, in UTC."""
        return dt.datetime.now(dt.UTC)


class FixedClock:
    """A clock that stands still until it is moved: for tests, replays and demonstrations."""

    def __init__(self, at: dt.datetime) -> None:
        """Stand at ``at``, which must be aware."""
        if at.tzinfo is None:
            raise ValueError("a clock needs an aware datetime")
        self._at = at.astimezone(dt.UTC)

    def now(self) -> dt.datetime:
        """Return the moment the clock stands at, in UTC."""
        return self._at

    def advance(self, by: dt.timedelta) -> None:
        """Move the clock forward (or, with a negative ``by``, back)."""
        self._at += by


def london(moment: dt.datetime) -> dt.datetime:
    """Return the same moment as people in England read it."""
    return moment.astimezone(LONDON)


def london_date(moment: dt.datetime) -> dt.date:
    """Return the calendar date in England at ``moment``; near midnight it differs from the date in UTC."""
    return london(moment).date()
