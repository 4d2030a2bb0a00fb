"""When a date is brought to mind, and when it was missed; whom mail may reach."""

import datetime as dt

import pytest

from parley.casework.domain import CaseState, ClockCode, CloseReason
from parley.kernel.ids import new_id
from parley.law.holidays import bank_holidays_around
from parley.notifications.domain import ClockFacts, ClockNoticeKind, is_missed, may_email, reminder_due, still_reminds

DUE = dt.date(2026, 12, 20)
LONG_AGO = dt.date(2026, 10, 1)


def due(
    days_before: int,
    *,
    started_on: dt.date = LONG_AGO,
    said: set[ClockNoticeKind] | None = None,
    code: ClockCode = ClockCode.APPEAL_BY,
    due_on: dt.date = DUE,
) -> str | None:
    clock = ClockFacts(
        id=new_id(), case_id=new_id(), code=code, binds="family", due_on=due_on, started_on=started_on, running=True
    )
    today = due_on - dt.timedelta(days=days_before)
    return reminder_due(clock, today=today, said=frozenset(said or ()), holidays=bank_holidays_around(today))


@pytest.mark.parametrize(
    ("days_before", "kind"),
    [
        (15, None),
        (14, "in_14_days"),
        (9, "in_14_days"),
        (4, "in_14_days"),
        (3, "in_3_days"),
        (0, "in_3_days"),
        (-1, None),
    ],
)
def test_a_date_is_brought_to_mind_14_and_3_days_before(days_before: int, kind: str | None) -> None:
    assert due(days_before) == kind


def test_each_reminder_is_given_once() -> None:
    assert due(13, said={ClockNoticeKind.IN_14_DAYS}) is None
    assert due(3, said={ClockNoticeKind.IN_14_DAYS}) == "in_3_days"
    assert due(2, said={ClockNoticeKind.IN_3_DAYS}) is None


def test_what_the_confirmation_has_just_said_is_not_said_again() -> None:
    assert due(10, started_on=DUE - dt.timedelta(days=10)) is None
    assert due(14, started_on=DUE - dt.timedelta(days=14)) is None
    assert due(3, started_on=DUE - dt.timedelta(days=10)) == "in_3_days"
    assert due(1, started_on=DUE - dt.timedelta(days=2)) is None


@pytest.mark.parametrize(
    ("due_on", "days_before"),
    [
        (dt.date(2026, 12, 11), 3),  # a Friday: Tuesday
        (dt.date(2026, 12, 9), 5),  # a Wednesday, and three days before is a Sunday: Friday
        (dt.date(2026, 12, 31), 7),  # three days before is the day in place of Boxing Day: Christmas Eve
    ],
)
def test_of_what_was_agreed_people_are_reminded_on_a_working_day(due_on: dt.date, days_before: int) -> None:
    said = {ClockNoticeKind.IN_14_DAYS}
    assert due(days_before + 1, code=ClockCode.ACTION_BY, due_on=due_on, said=said) is None
    assert due(days_before, code=ClockCode.ACTION_BY, due_on=due_on, said=said) == "in_3_days"


def test_what_was_agreed_is_brought_to_mind_until_the_case_is_closed() -> None:
    assert still_reminds(ClockCode.ACTION_BY, CaseState.OUTCOME_RECORDED, None)
    assert still_reminds(ClockCode.ACTION_BY, CaseState.AGREED, None)
    assert not any(still_reminds(ClockCode.ACTION_BY, CaseState.CLOSED, reason) for reason in CloseReason)


def test_dates_in_law_are_brought_to_mind_after_a_no_but_not_when_the_matter_is_settled() -> None:
    assert still_reminds(ClockCode.APPEAL_BY, CaseState.COUNCIL_TOLD, None)
    assert still_reminds(ClockCode.APPEAL_BY, CaseState.CLOSED, CloseReason.NOT_PROCEEDING)
    assert still_reminds(ClockCode.APPEAL_BY, CaseState.CLOSED, CloseReason.SIGNPOSTED)
    assert not still_reminds(ClockCode.APPEAL_BY, CaseState.CLOSED, CloseReason.WITHDRAWN)
    assert not still_reminds(ClockCode.APPEAL_BY, CaseState.CLOSED, CloseReason.COMPLETED)


def test_a_clock_is_missed_when_its_last_day_is_over() -> None:
    assert not is_missed(ClockCode.ANSWER_BY, DUE, DUE)
    assert is_missed(ClockCode.ANSWER_BY, DUE, DUE + dt.timedelta(days=1))
    assert not is_missed(ClockCode.APPEAL_BY, DUE, DUE + dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("safety", "allowed"),
    [
        ({}, True),
        ({"safe_ways": []}, True),
        ({"safe_ways": ["email", "phone"]}, True),
        ({"safe_ways": ["phone"]}, False),
        ({"safe_ways": None}, False),
        ({"safe_ways": "email"}, False),
    ],
)
def test_safety_wishes_decide_whether_mail_may_be_sent(safety: dict[str, object], allowed: bool) -> None:
    assert may_email(safety) is allowed
