"""What the law's dates mean; the dates themselves are worked out in `worked_dates.toml`."""

from datetime import date

import pytest

from parley.law import deadlines
from parley.law.deadlines import DeadlineState
from parley.law.domain import Stage
from parley.law.holidays import england_bank_holidays
from parley.law.versions import law_on

LAW = law_on(date(2026, 11, 24))


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("due", "on", "state"),
    [
        ("2026-12-01", "2026-11-30", DeadlineState.OPEN),
        ("2026-12-01", "2026-12-01", DeadlineState.OPEN),
        ("2026-12-01", "2026-12-02", DeadlineState.PASSED),
        (None, "2026-12-02", DeadlineState.UNKNOWN),
    ],
)
def test_a_deadline_is_open_on_its_own_day(due, on, state):
    assert deadlines.state_of(day(due), day(on)) is state


@pytest.mark.parametrize(
    ("stage", "since", "due"),
    [
        (Stage.ASSESSMENT_REQUESTED, "2026-10-13", "2026-11-24"),
        (Stage.IN_REVIEW, "2026-09-01", "2026-11-24"),
        (Stage.IN_ASSESSMENT, "2026-09-01", None),
        (Stage.PLAN_IN_FORCE, "2026-09-01", None),
    ],
)
def test_a_decision_is_due_only_where_the_limit_is_verified(stage, since, due):
    assert deadlines.decision_due(stage, day(since), LAW) == day(due)


def test_england_has_its_substitute_bank_holidays():
    holidays = england_bank_holidays(2026, 2027)
    assert {date(2026, 12, 28), date(2027, 12, 27), date(2027, 12, 28), date(2027, 3, 29)} <= holidays
    assert date(2026, 1, 2) not in holidays  # Scotland's
