"""How dates, times, phone numbers and counts are written."""

import datetime as dt

import pytest

from parley.web import formatting

TODAY = dt.date(2026, 11, 24)


def test_a_date_is_written_without_a_leading_nought() -> None:
    assert formatting.long_date(dt.date(2026, 3, 7)) == "7 March 2026"
    assert formatting.short_date(dt.date(2026, 3, 7)) == "7 Mar 2026"
    assert formatting.weekday_date(TODAY) == "Tuesday 24 November 2026"


def test_a_moment_late_in_the_evening_of_utc_is_the_next_day_in_a_london_summer() -> None:
    moment = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)
    assert formatting.long_date(moment) == "1 July 2026"
    assert formatting.date_time(moment) == "1 July 2026 at 12:30am"


@pytest.mark.parametrize(
    ("hour", "minute", "written"),
    [(0, 0, "midnight"), (0, 5, "12:05am"), (9, 30, "9:30am"), (12, 0, "midday"), (12, 1, "12:01pm"), (14, 0, "2pm")],
)
def test_times_of_day(hour: int, minute: int, written: str) -> None:
    assert formatting.clock_time(dt.time(hour, minute)) == written


@pytest.mark.parametrize(
    ("days", "written"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (3, "in 3 days"),
        (-2, "2 days ago"),
        (52, "in 52 days"),
        (-731, "731 days ago"),
        (-732, "more than 2 years ago"),
        (-10_069, "more than 27 years ago"),
        (1_100, "in more than 3 years"),
    ],
)
def test_how_far_off_a_date_is(days: int, written: str) -> None:
    assert formatting.relative_days(TODAY + dt.timedelta(days=days), TODAY) == written


@pytest.mark.parametrize(
    ("number", "shown", "href"),
    [
        ("+448000644488", "0800 064 4488", "tel:+448000644488"),
        ("01332 293111", "01332 293111", "tel:+441332293111"),
        ("+35312345678", "+353 1 234 5678", "tel:+35312345678"),
        ("999", "999", "tel:999"),
        ("116123", "116123", "tel:116123"),
        ("ring the school", "ring the school", "tel:"),
    ],
)
def test_phone_numbers(number: str, shown: str, href: str) -> None:
    assert formatting.phone_display(number) == shown
    assert formatting.phone_href(number) == href


def test_counts_carry_their_noun() -> None:
    assert formatting.plural(1, "case") == "1 case"
    assert formatting.plural(0, "case") == "0 cases"
    assert formatting.plural(1200, "person", "people") == "1,200 people"


@pytest.mark.parametrize(
    ("octets", "written"),
    [(1, "1 byte"), (820, "820 bytes"), (14_200, "14 KB"), (2_500_000, "2.5 MB"), (30_000_000, "30 MB")],
)
def test_sizes_of_files(octets: int, written: str) -> None:
    assert formatting.file_size(octets) == written


def test_a_time_element_escapes_its_text() -> None:
    assert formatting.time_element(TODAY, "<b>") == '<time datetime="2026-11-24">&lt;b&gt;</time>'
