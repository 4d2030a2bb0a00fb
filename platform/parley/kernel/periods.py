"""Lengths of time in a stated unit, as laws, councils and contracts write them. Standard library only."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from parley.kernel import calendar


class Unit(StrEnum):
    """What a period is counted in."""

    WORKING_DAYS = "working days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in a stated unit."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        """`1 working day`, `6 weeks`."""
        return f"{self.count} {self.unit.value if self.count != 1 else self.unit.value[:-1]}"

    def after(self, day: date, holidays: Collection[date]) -> date:
        """The date this long after `day`; `holidays` matter only for working days."""
        match self.unit:
            case Unit.WORKING_DAYS:
                return calendar.add_working_days(day, self.count, holidays)
            case Unit.DAYS:
                return date.fromordinal(day.toordinal() + self.count)
            case Unit.WEEKS:
                return calendar.add_weeks(day, self.count)
            case Unit.MONTHS:
                return calendar.add_months(day, self.count)
            case Unit.YEARS:
                return calendar.add_months(day, 12 * self.count)

    def before(self, day: date, holidays: Collection[date]) -> date:
        """The date this long before `day`."""
        return Period(-self.count, self.unit).after(day, holidays)


_UNITS = {unit.value: unit for unit in Unit} | {unit.value[:-1]: unit for unit in Unit}
_WRITTEN = re.compile(r"([1-9][0-9]{0,3}) ([a-z ]+)")


def parse_period(written: str) -> Period:
    """Return the period that reads `5 working days`, `1 month`. Raises ValueError for anything else."""
    match = _WRITTEN.fullmatch(written)
    if match is None or match[2] not in _UNITS:
        raise ValueError(f"{written!r} is not a period")
    return Period(int(match[1]), _UNITS[match[2]])
