"""Lengths of time in a stated unit, as laws, councils and contracts write them. Standard library only."""

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
