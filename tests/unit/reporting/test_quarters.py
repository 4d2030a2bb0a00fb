"""Quarters and years, worked out by hand."""

import datetime as dt

import pytest

from parley.kernel.clock import london_date
from parley.reporting.domain.quarters import Quarter, quarter_of, quarters_between, quarters_of_year

D = dt.date


@pytest.mark.parametrize(
    ("day", "begins", "ends", "year"),
    [
        (D(2026, 1, 1), D(2026, 1, 1), D(2026, 3, 31), 2025),
        (D(2026, 3, 31), D(2026, 1, 1), D(2026, 3, 31), 2025),
        (D(2026, 4, 1), D(2026, 4, 1), D(2026, 6, 30), 2026),
        (D(2026, 6, 30), D(2026, 4, 1), D(2026, 6, 30), 2026),
        (D(2026, 7, 1), D(2026, 7, 1), D(2026, 9, 30), 2026),
        (D(2026, 11, 24), D(2026, 10, 1), D(2026, 12, 31), 2026),
        (D(2026, 12, 31), D(2026, 10, 1), D(2026, 12, 31), 2026),
        (D(2028, 2, 29), D(2028, 1, 1), D(2028, 3, 31), 2027),
    ],
)
def test_the_quarter_of_a_day(day: dt.date, begins: dt.date, ends: dt.date, year: int) -> None:
    quarter = quarter_of(day)
    assert (quarter.begins, quarter.ends, quarter.year) == (begins, ends, year)


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        # In summer midnight in England is 23:00 UTC: the last hour of the 31st in UTC is the next quarter's already.
        (dt.datetime(2026, 6, 30, 22, 59, 59, tzinfo=dt.UTC), D(2026, 4, 1)),
        (dt.datetime(2026, 6, 30, 23, 0, tzinfo=dt.UTC), D(2026, 7, 1)),
        (dt.datetime(2026, 9, 30, 23, 30, tzinfo=dt.UTC), D(2026, 10, 1)),
        (dt.datetime(2026, 3, 31, 23, 30, tzinfo=dt.UTC), D(2026, 4, 1)),
        # In winter it is midnight.
        (dt.datetime(2026, 12, 31, 23, 59, tzinfo=dt.UTC), D(2026, 10, 1)),
        (dt.datetime(2027, 1, 1, 0, 0, tzinfo=dt.UTC), D(2027, 1, 1)),
    ],
)
def test_a_quarter_begins_at_midnight_in_england(moment: dt.datetime, begins: dt.date) -> None:
    assert quarter_of(london_date(moment)) == Quarter(begins)


def test_a_financial_year_is_four_quarters_from_april() -> None:
    assert [quarter.begins for quarter in quarters_of_year(2026)] == [
        D(2026, 4, 1),
        D(2026, 7, 1),
        D(2026, 10, 1),
        D(2027, 1, 1),
    ]
    assert {quarter.year for quarter in quarters_of_year(2026)} == {2026}


def test_quarters_follow_each_other() -> None:
    first, last = Quarter(D(2025, 10, 1)), Quarter(D(2026, 4, 1))
    assert quarters_between(first, last) == (first, Quarter(D(2026, 1, 1)), last)
    assert quarters_between(last, last) == (last,)


@pytest.mark.parametrize(
    ("on", "is_over", "is_final"),
    [
        (D(2026, 9, 30), False, False),
        (D(2026, 10, 1), True, False),
        (D(2026, 12, 31), True, False),
        (D(2027, 1, 1), True, True),
    ],
)
def test_a_quarter_is_over_after_its_last_day_and_final_a_quarter_later(
    on: dt.date, is_over: bool, is_final: bool
) -> None:
    quarter = Quarter(D(2026, 7, 1))
    assert (quarter.is_over(on), quarter.is_final(on)) == (is_over, is_final)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "touches"),
    [
        (None, None, True),
        (D(2026, 9, 30), None, True),
        (D(2026, 10, 1), None, False),
        (None, D(2026, 7, 1), True),
        (None, D(2026, 6, 30), False),
        (D(2026, 8, 1), D(2026, 8, 1), True),
    ],
)
def test_a_contract_runs_in_a_quarter_of_which_it_has_a_day(
    starts_on: dt.date | None, ends_on: dt.date | None, touches: bool
) -> None:
    assert Quarter(D(2026, 7, 1)).touches(starts_on, ends_on) is touches


@pytest.mark.parametrize("day", [D(2026, 4, 2), D(2026, 5, 1)])
def test_no_quarter_begins_in_between(day: dt.date) -> None:
    with pytest.raises(ValueError, match="no quarter begins"):
        Quarter(day)
