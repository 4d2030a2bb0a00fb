"""The quarters that figures are counted by, and the financial years they make up. Pure.

Councils' contracts and budgets run from 1 April; the quarters of that year and of the calendar year begin on the same
four days, so that a quarter serves both. A year is summed up in one way only, because sums that overlap tell more than
each of them does.
"""

import dataclasses
import datetime as dt

#: The month with which a financial year of local government begins.
APRIL = 4
MONTHS = 3


@dataclasses.dataclass(frozen=True, order=True)
class Quarter:
    """Three months of the calendar in England, from the first day of January, April, July or October."""

    begins: dt.date

    def __post_init__(self) -> None:
        """Raise ValueError for a day on which no quarter begins."""
        if self.begins.day != 1 or (self.begins.month - 1) % MONTHS:
            raise ValueError(f"no quarter begins on {self.begins}")

    @property
    def ends(self) -> dt.date:
        """The last day that belongs to it."""
        return self.following.begins - dt.timedelta(days=1)

    @property
    def following(self) -> "Quarter":
        """The quarter after it."""
        return quarter_of(self.begins + dt.timedelta(days=31 * MONTHS))

    @property
    def year(self) -> int:
        """The financial year it belongs to, named by the calendar year in which that begins."""
        return self.begins.year if self.begins.month >= APRIL else self.begins.year - 1

    def is_over(self, on: dt.date) -> bool:
        """Tell whether its last day is past on the London date ``on``."""
        return on > self.ends

    def is_final(self, on: dt.date) -> bool:
        """Tell whether it is counted no more on ``on``: what is put right late has had a whole quarter for it."""
        return self.following.is_over(on)

    def touches(self, starts_on: dt.date | None, ends_on: dt.date | None) -> bool:
        """Tell whether a contract between these days (both included, None: open) runs on any day of it."""
        return (starts_on is None or starts_on <= self.ends) and (ends_on is None or ends_on >= self.begins)


def quarter_of(day: dt.date) -> Quarter:
    """Return the quarter that a London date lies in."""
    return Quarter(day.replace(month=day.month - (day.month - 1) % MONTHS, day=1))


def quarters_of_year(year: int) -> tuple[Quarter, ...]:
    """Return the four quarters of the financial year that begins in April of ``year``."""
    found = [Quarter(dt.date(year, APRIL, 1))]
    while len(found) < 12 // MONTHS:
        found.append(found[-1].following)
    return tuple(found)


def quarters_between(first: Quarter, last: Quarter) -> tuple[Quarter, ...]:
    """Return every quarter from ``first`` to ``last``, both included."""
    found = [first]
    while found[-1] < last:
        found.append(found[-1].following)
    return tuple(found)
