"""Every date of `worked_dates.toml`, worked out by hand, against the code."""

import pathlib
import tomllib
from datetime import date
from typing import Any

import pytest

from parley.kernel import calendar
from parley.kernel.periods import Period, Unit
from parley.law import deadlines
from parley.law.domain import Limit, RightsHolder, is_over_age, is_young_person, rights_holder
from parley.law.holidays import bank_holidays_around
from parley.law.versions import law_on

LAW = law_on(date(2026, 11, 24))
TABLES = tomllib.loads(pathlib.Path(__file__).with_name("worked_dates.toml").read_text(encoding="utf-8"))

Row = dict[str, Any]


def rows(*names: str) -> list[Any]:
    """The worked rows of the tables `names`, each with its table's name."""
    return [pytest.param(name, row, id=_named(name, row)) for name in names for row in TABLES[name]["worked"]]


def _named(name: str, row: Row) -> str:
    return "-".join((name, *(str(value) for value in row.values() if isinstance(value, date))))


LIMITS = [name for name in TABLES if name in set(Limit)]


@pytest.mark.parametrize(("name", "row"), rows(*LIMITS))
def test_a_limit_of_the_law_ends_on_the_day_worked_out(name: str, row: Row) -> None:
    start = row["from"]
    assert deadlines.due(Limit(name), start, LAW, bank_holidays_around(start)) == row["due"]


@pytest.mark.parametrize(("name", "row"), rows("appeal_by"))
def test_the_last_day_to_appeal_is_the_later_of_two(name: str, row: Row) -> None:
    assert deadlines.appeal_by(row["letter"], row.get("certificate"), LAW) == row["due"]


@pytest.mark.parametrize(("name", "row"), rows("safe_placement_appeal_by"))
def test_an_appeal_about_the_school_alone_has_a_safe_day(name: str, row: Row) -> None:
    assert deadlines.safe_placement_appeal_by(row["letter"], LAW) == row["due"]


@pytest.mark.parametrize(("name", "row"), rows("period"))
def test_a_stated_period_ends_on_the_day_worked_out(name: str, row: Row) -> None:
    count, unit = row["length"].split(" ", 1)
    start = row["from"]
    assert Period(int(count), Unit(unit)).after(start, bank_holidays_around(start)) == row["due"]


@pytest.mark.parametrize(("name", "row"), rows("school_leaving_day"))
def test_rights_pass_on_the_school_leaving_day(name: str, row: Row) -> None:
    born, due = row["born"], row["due"]
    assert calendar.compulsory_school_age_ends(born) == due
    assert is_young_person(born, due, LAW)
    assert not is_young_person(born, date.fromordinal(due.toordinal() - 1), LAW)


@pytest.mark.parametrize(("name", "row"), rows("upper_age_day"))
def test_rights_end_on_the_birthday(name: str, row: Row) -> None:
    born, due = row["born"], row["due"]
    assert is_over_age(born, due, LAW)
    assert not is_over_age(born, date.fromordinal(due.toordinal() - 1), LAW)


@pytest.mark.parametrize(("name", "row"), rows("rights_holder"))
def test_one_of_three_holds_the_rights_on_a_day(name: str, row: Row) -> None:
    assert rights_holder(row["born"], row["on"], LAW) is RightsHolder(row["holder"])


def test_every_limit_of_the_law_has_a_date_worked_out_and_every_row_its_reason() -> None:
    assert set(LIMITS) == set(Limit)
    worked = [row for table in TABLES.values() for row in table["worked"]]
    assert len(worked) >= 60
    assert all(table["source"].startswith("send-law.md") for table in TABLES.values())
    assert all(row["why"] for row in worked)
