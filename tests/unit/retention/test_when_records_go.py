"""When what is kept of a closed case goes: by part, by holder, by their own time, and never while it is held."""

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.db.base import Controller, RecordClass
from parley.kernel.periods import Period, Unit, parse_period
from parley.retention.domain import PARTS, PROVIDERS_PARTS, ClosedCase, Part, due_parts, goes_on
from parley.retention.schemas import periods_of

CLOSED = dt.date(2026, 11, 24)

days = st.dates(min_value=dt.date(2020, 1, 1), max_value=dt.date(2040, 12, 31))
parts = st.sampled_from(list(Part))
periods = st.builds(
    Period, st.integers(min_value=1, max_value=120), st.sampled_from([Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS])
)
stated = st.dictionaries(parts, periods)


def closed(
    on: dt.date = CLOSED,
    *,
    held: bool = False,
    gone: frozenset[Part] = frozenset(),
    times: dict[Part, Period] | None = None,
) -> ClosedCase:
    return ClosedCase(
        id=uuid.UUID(int=1), reference="EXA-2026-00001", closed_on=on, held=held, gone=gone, periods=times or {}
    )


@pytest.mark.parametrize(
    ("part", "day"),
    [
        (Part.COMPARTMENT, dt.date(2027, 11, 25)),
        (Part.LIST_ENTRY, dt.date(2029, 11, 25)),
        (Part.OPEN_RECORD, dt.date(2032, 11, 25)),
        (Part.CONCERNS, dt.date(2051, 11, 25)),
    ],
)
def test_where_nobody_says_otherwise_our_own_times_count(part: Part, day: dt.date) -> None:
    assert goes_on(part, CLOSED, {}, ()) == day
    assert part not in due_parts(closed(), day - dt.timedelta(days=1), ())
    assert part in due_parts(closed(), day, ())


@pytest.mark.parametrize(
    ("written", "closed_on", "day"),
    [
        ("6 months", dt.date(2026, 8, 31), dt.date(2027, 3, 1)),  # clamped to 28 February, kept through it
        ("1 year", dt.date(2028, 2, 29), dt.date(2029, 3, 1)),
        ("30 days", dt.date(2026, 12, 2), dt.date(2027, 1, 2)),
    ],
)
def test_it_is_kept_through_the_whole_of_the_last_day(written: str, closed_on: dt.date, day: dt.date) -> None:
    assert goes_on(Part.OPEN_RECORD, closed_on, {Part.OPEN_RECORD: parse_period(written)}, ()) == day


def test_each_part_has_its_class_and_its_holder() -> None:
    kept = {part: (one.record_class, one.controller) for part, one in PARTS.items()}
    assert kept == {
        Part.COMPARTMENT: (RecordClass.COMPARTMENT, Controller.PROVIDER),
        Part.CONCERNS: (RecordClass.COMPARTMENT, Controller.PROVIDER),
        Part.OPEN_RECORD: (RecordClass.CASE, Controller.AUTHORITY),
        Part.LIST_ENTRY: (RecordClass.CASE, Controller.PROVIDER),
    }


def test_a_provider_says_its_own_times_and_never_the_councils() -> None:
    profile = {"retention": {"compartment": "6 months", "concerns": None, "list_entry": "2 years"}}
    assert periods_of(profile) == {
        Part.COMPARTMENT: Period(6, Unit.MONTHS),
        Part.LIST_ENTRY: Period(2, Unit.YEARS),
    }
    assert Part.OPEN_RECORD not in PROVIDERS_PARTS
    assert periods_of({}) == periods_of({"retention": None}) == {}


@given(part=parts, on=days, times=stated)
def test_nothing_goes_on_the_day_it_is_closed_or_before(part: Part, on: dt.date, times: dict[Part, Period]) -> None:
    assert goes_on(part, on, times, ()) > on


@given(part=parts, on=days, later=st.integers(min_value=0, max_value=2000), times=stated)
def test_what_is_closed_later_goes_no_earlier(part: Part, on: dt.date, later: int, times: dict[Part, Period]) -> None:
    assert goes_on(part, on, times, ()) <= goes_on(part, on + dt.timedelta(days=later), times, ())


@given(part=parts, on=days, period=periods, more=st.integers(min_value=1, max_value=50))
def test_a_longer_time_keeps_it_longer(part: Part, on: dt.date, period: Period, more: int) -> None:
    longer = Period(period.count + more, period.unit)
    assert goes_on(part, on, {part: period}, ()) < goes_on(part, on, {part: longer}, ())


@given(on=days, today=days, times=stated, gone=st.frozensets(parts))
def test_what_is_held_never_goes_and_nothing_goes_twice(
    on: dt.date, today: dt.date, times: dict[Part, Period], gone: frozenset[Part]
) -> None:
    assert due_parts(closed(on, held=True, gone=gone, times=times), today, ()) == frozenset()
    assert not due_parts(closed(on, gone=gone, times=times), today, ()) & gone


@given(on=days, today=days, later=st.integers(min_value=0, max_value=2000), times=stated)
def test_what_is_due_stays_due_until_it_went(
    on: dt.date, today: dt.date, later: int, times: dict[Part, Period]
) -> None:
    case = closed(on, times=times)
    assert due_parts(case, today, ()) <= due_parts(case, today + dt.timedelta(days=later), ())


@given(one=parts, on=days, today=days, times=stated, period=periods)
def test_one_holders_time_moves_no_others_clock(
    one: Part, on: dt.date, today: dt.date, times: dict[Part, Period], period: Period
) -> None:
    before = due_parts(closed(on, times=times), today, ())
    after = due_parts(closed(on, times={**times, one: period}), today, ())
    assert before - {one} == after - {one}
