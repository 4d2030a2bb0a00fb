"""Dates worked out by hand, with a paper calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.kernel import calendar

CHRISTMAS_2026 = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})
EASTER_2027 = frozenset({date(2027, 3, 26), date(2027, 3, 29)})


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-11-24", 2, "2027-01-24"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-12-30", 2, "2027-02-28"),
        ("2026-12-29", 2, "2027-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2028-02-29", 2, "2028-04-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-06-30", 2, "2026-08-30"),
        ("2026-07-31", 2, "2026-09-30"),
        ("2026-10-31", 1, "2026-11-30"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2027-01-24", -2, "2026-11-24"),
        ("2027-03-31", -1, "2027-02-28"),
        ("2026-05-05", 0, "2026-05-05"),
    ],
)
def test_calendar_months_keep_the_day_or_take_the_last_of_a_short_month(start, months, end):
    assert calendar.add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-24", 1, "2026-11-25"),
        ("2026-11-24", 3, "2026-11-27"),
        ("2026-11-24", 4, "2026-11-30"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-28", 1, "2026-11-30"),
        ("2026-11-29", 3, "2026-12-02"),
        ("2026-12-24", 1, "2026-12-29"),
        ("2026-12-23", 3, "2026-12-30"),
        ("2026-12-24", 5, "2027-01-05"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2027-03-25", 1, "2027-03-30"),
        ("2027-03-22", 5, "2027-03-31"),
        ("2026-11-30", -1, "2026-11-27"),
        ("2026-12-29", -1, "2026-12-24"),
        ("2026-11-28", 0, "2026-11-28"),
    ],
)
def test_working_days_leave_out_the_start_day_weekends_and_bank_holidays(start, count, end):
    holidays = CHRISTMAS_2026 | EASTER_2027
    assert calendar.add_working_days(date.fromisoformat(start), count, holidays) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-11-24", "2026-11-24", 0),
        ("2026-11-24", "2026-11-27", 3),
        ("2026-11-27", "2026-11-29", 0),
        ("2026-11-27", "2026-11-30", 1),
        ("2026-12-24", "2027-01-05", 5),
        ("2026-11-30", "2026-11-27", -1),
    ],
)
def test_working_days_between_two_dates(start, end, count):
    begin, finish = date.fromisoformat(start), date.fromisoformat(end)
    assert calendar.working_days_between(begin, finish, CHRISTMAS_2026) == count


@pytest.mark.parametrize(
    ("year", "friday"),
    [(2024, 28), (2025, 27), (2026, 26), (2027, 25), (2028, 30), (2029, 29), (2030, 28)],
)
def test_the_last_friday_of_june(year, friday):
    assert calendar.last_friday_of_june(year) == date(year, 6, friday)


@pytest.mark.parametrize(
    ("born", "ends"),
    [
        ("2010-07-15", "2026-06-26"),  # still 15 on that day
        ("2010-08-31", "2026-06-26"),  # the youngest of the school year
        ("2010-09-01", "2027-06-25"),  # the oldest of the next
        ("2010-06-26", "2026-06-26"),  # turns 16 on the very day
        ("2010-06-27", "2026-06-26"),
        ("2010-01-01", "2026-06-26"),
        ("2009-12-31", "2026-06-26"),
        ("2009-09-01", "2026-06-26"),
        ("2009-08-31", "2025-06-27"),
        ("2012-02-29", "2028-06-30"),
        ("2008-02-29", "2024-06-28"),
    ],
)
def test_compulsory_school_age_ends_on_the_last_friday_of_june_of_the_school_year_they_turn_16(born, ends):
    assert calendar.compulsory_school_age_ends(date.fromisoformat(born)) == date.fromisoformat(ends)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2001-11-24", "2026-11-24", 25),
        ("2001-11-25", "2026-11-24", 24),
        ("2004-02-29", "2029-02-28", 24),
        ("2004-02-29", "2029-03-01", 25),
        ("2026-11-24", "2026-11-24", 0),
    ],
)
def test_age_changes_on_the_birthday(born, on, age):
    assert calendar.age_on(date.fromisoformat(born), date.fromisoformat(on)) == age


def test_nobody_has_an_age_before_they_are_born():
    with pytest.raises(ValueError, match="before the date of birth"):
        calendar.age_on(date(2026, 11, 25), date(2026, 11, 24))


@pytest.mark.parametrize(
    ("day", "starts", "ends"),
    [
        ("2026-09-01", "2026-09-01", "2027-08-31"),
        ("2026-08-31", "2025-09-01", "2026-08-31"),
        ("2026-11-24", "2026-09-01", "2027-08-31"),
        ("2027-01-01", "2026-09-01", "2027-08-31"),
    ],
)
def test_the_school_year_runs_from_september_to_august(day, starts, ends):
    assert calendar.school_year_starts(date.fromisoformat(day)) == date.fromisoformat(starts)
    assert calendar.school_year_ends(date.fromisoformat(day)) == date.fromisoformat(ends)


days = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1))


@given(days, st.integers(-600, 600))
def test_adding_months_lands_in_the_right_month(day, months):
    later = calendar.add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@given(days, st.integers(1, 60))
def test_working_days_between_undoes_adding_them(day, count):
    later = calendar.add_working_days(day, count, CHRISTMAS_2026)
    assert calendar.working_days_between(day, later, CHRISTMAS_2026) == count


@given(days)
def test_school_age_ends_between_fifteen_and_a_half_and_seventeen(born):
    ends = calendar.compulsory_school_age_ends(born)
    assert ends.weekday() == 4
    assert calendar.birthday(born, 16) - timedelta(days=70) < ends < calendar.birthday(born, 17)


@given(days, st.integers(0, 30))
def test_the_birthday_is_the_first_day_of_that_age(born, age):
    day = calendar.birthday(born, age)
    assert calendar.age_on(born, day) == age
    if age:
        assert calendar.age_on(born, day - timedelta(days=1)) == age - 1
