"""A period after and before a day, in each unit."""

from datetime import date

import pytest

from parley.kernel.periods import Period, Unit

CHRISTMAS_2026 = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        (Period(3, Unit.WORKING_DAYS), date(2026, 12, 24), date(2026, 12, 31)),
        (Period(15, Unit.DAYS), date(2026, 12, 24), date(2027, 1, 8)),
        (Period(6, Unit.WEEKS), date(2026, 12, 24), date(2027, 2, 4)),
        (Period(2, Unit.MONTHS), date(2026, 12, 31), date(2027, 2, 28)),
        (Period(6, Unit.YEARS), date(2024, 2, 29), date(2030, 2, 28)),
    ],
)
def test_a_period_ends_where_its_unit_says(period, start, end):
    assert period.after(start, CHRISTMAS_2026) == end


def test_a_period_may_be_counted_back():
    assert Period(5, Unit.WORKING_DAYS).before(date(2026, 12, 30), CHRISTMAS_2026) == date(2026, 12, 21)
    assert Period(1, Unit.MONTHS).before(date(2027, 3, 31), ()) == date(2027, 2, 28)


def test_a_period_in_words():
    assert str(Period(1, Unit.MONTHS)) == "1 month"
    assert str(Period(3, Unit.WORKING_DAYS)) == "3 working days"
