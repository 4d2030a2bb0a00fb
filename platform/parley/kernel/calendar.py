"""Dates the way English law counts them. Pure arithmetic over `datetime.date`; standard library only.

Bank holidays come in as an argument, because they are data of a place and a year (see `parley.law.holidays`).
"""

from calendar import isleap
from collections.abc import Collection
from datetime import date, timedelta

SATURDAY = 5
FRIDAY = 4
FEBRUARY = 2
JUNE = 6
SEPTEMBER = 9
SHORT_MONTHS = (4, 6, 9, 11)
SCHOOL_LEAVING_AGE = 16


def days_in_month(year: int, month: int) -> int:
    """The number of days in a month of the Gregorian calendar."""
    if month == FEBRUARY:
        return 29 if isleap(year) else 28
    return 30 if month in SHORT_MONTHS else 31


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` calendar months later (earlier if negative).

    Where that month is too short the last day of it counts: 31 August + 6 months is 28 or 29 February.
    """
    index = day.year * 12 + (day.month - 1) + months
    year, month = divmod(index, 12)
    month += 1
    return date(year, month, min(day.day, days_in_month(year, month)))


def add_weeks(day: date, weeks: int) -> date:
    """The same day of the week, `weeks` weeks later."""
    return day + timedelta(weeks=weeks)


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """True unless the day is a Saturday, a Sunday or one of `holidays`."""
    return day.weekday() < SATURDAY and day not in holidays


def add_working_days(day: date, count: int, holidays: Collection[date]) -> date:
    """The date `count` working days after `day`, or before it if `count` is negative.

    The start day itself never counts, whether or not it is a working day. With a count of 0 the day
    comes back unchanged.
    """
    step = timedelta(days=1 if count > 0 else -1)
    remaining = abs(count)
    while remaining:
        day += step
        if is_working_day(day, holidays):
            remaining -= 1
    return day


def working_days_between(start: date, end: date, holidays: Collection[date]) -> int:
    """How many working days lie after `start`, up to and including `end`; negative if `end` is earlier.

    The inverse of `add_working_days` for any `end` that is a working day.
    """
    if end < start:
        return -working_days_between(end - timedelta(days=1), start - timedelta(days=1), holidays)
    span = (end - start).days
    return sum(is_working_day(start + timedelta(days=offset), holidays) for offset in range(1, span + 1))


def school_year_starts(day: date) -> date:
    """The 1 September on which the school year holding `day` began."""
    return date(day.year if day.month >= SEPTEMBER else day.year - 1, SEPTEMBER, 1)


def school_year_ends(day: date) -> date:
    """The 31 August on which the school year holding `day` ends."""
    return date(school_year_starts(day).year + 1, SEPTEMBER, 1) - timedelta(days=1)


def last_friday_of_june(year: int) -> date:
    """The school leaving date of that year (Education (School Leaving Date) Order 1997)."""
    last = date(year, JUNE, 30)
    return last - timedelta(days=(last.weekday() - FRIDAY) % 7)


def birthday(born: date, age: int) -> date:
    """The day on which someone born on `born` turns `age`; born on 29 February, 1 March in other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def age_on(born: date, day: date) -> int:
    """Age in whole years on `day`. Raises ValueError if `day` is before the birth."""
    if day < born:
        raise ValueError(f"{day} is before the date of birth")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def compulsory_school_age_ends(born: date) -> date:
    """The last Friday in June of the school year in which they turn 16 (Education Act 1996, section 8).

    Not the sixteenth birthday: born in July they are still 15 on that day, born in September nearly 17.
    """
    return last_friday_of_june(school_year_ends(birthday(born, SCHOOL_LEAVING_AGE)).year)
