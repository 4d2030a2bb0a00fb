"""Statutory dates, worked out by hand."""

from datetime import date

import pytest

from parley.law import deadlines
from parley.law.deadlines import DeadlineState
from parley.law.domain import Limit, Stage
from parley.law.holidays import bank_holidays_around, england_bank_holidays
from parley.law.versions import law_on

LAW = law_on(date(2026, 11, 24))


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("letter", "certificate", "adviser", "appeal"),
    [
        ("2026-11-24", None, "2027-01-24", "2027-01-24"),
        ("2026-10-01", None, "2026-12-01", "2026-12-01"),
        ("2026-12-31", None, "2027-02-28", "2027-02-28"),
        ("2027-12-31", None, "2028-02-29", "2028-02-29"),
        ("2026-12-30", None, "2027-02-28", "2027-02-28"),
        ("2026-12-28", None, "2027-02-28", "2027-02-28"),
        ("2026-08-31", None, "2026-10-31", "2026-10-31"),
        ("2026-07-31", None, "2026-09-30", "2026-09-30"),
        ("2028-02-29", None, "2028-04-29", "2028-04-29"),
        ("1999-03-15", None, "1999-05-15", "1999-05-15"),
        # A certificate within the first month does not lengthen anything.
        ("2026-10-01", "2026-10-20", "2026-12-01", "2026-12-01"),
        ("2026-10-01", "2026-11-01", "2026-12-01", "2026-12-01"),
        # One from later on does.
        ("2026-10-01", "2026-11-02", "2026-12-01", "2026-12-02"),
        ("2026-10-01", "2026-12-01", "2026-12-01", "2027-01-01"),
        ("2026-10-31", "2026-12-31", "2026-12-31", "2027-01-31"),
        ("2026-11-30", "2027-01-30", "2027-01-30", "2027-02-28"),
        ("2027-11-30", "2028-01-30", "2028-01-30", "2028-02-29"),
        ("2026-11-30", "2027-01-31", "2027-01-30", "2027-02-28"),
    ],
)
def test_adviser_and_appeal_dates_are_counted_in_calendar_months(letter, certificate, adviser, appeal):
    assert deadlines.adviser_by(day(letter), LAW) == day(adviser)
    assert deadlines.appeal_by(day(letter), day(certificate), LAW) == day(appeal)


def test_an_appeal_about_the_school_alone_is_planned_for_two_months_from_the_letter():
    assert deadlines.safe_placement_appeal_by(date(2026, 10, 1), LAW) == date(2026, 12, 1)


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
    ("asked", "due"),
    [
        ("2026-11-24", "2026-11-27"),
        ("2026-11-27", "2026-12-02"),
        ("2026-12-23", "2026-12-30"),
        ("2026-12-24", "2026-12-31"),
        ("2027-03-24", "2027-03-31"),
        ("2026-05-01", "2026-05-07"),
    ],
)
def test_a_certificate_is_due_three_working_days_after_the_family_says_no(asked, due):
    asked_on = day(asked)
    assert deadlines.due(Limit.CERTIFICATE_WITHOUT_MEDIATION, asked_on, LAW, bank_holidays_around(asked_on)) == day(due)


@pytest.mark.parametrize(
    ("meeting", "notice"),
    [("2026-11-30", "2026-11-23"), ("2026-12-30", "2026-12-21"), ("2027-04-01", "2027-03-23")],
)
def test_notice_of_a_meeting_is_five_working_days_before_it(meeting, notice):
    meeting_on = day(meeting)
    assert deadlines.meeting_notice_by(meeting_on, LAW, bank_holidays_around(meeting_on)) == day(notice)


def test_time_to_comment_on_a_draft_is_at_least_fifteen_days():
    assert deadlines.earliest_comments_by(date(2026, 11, 24), LAW) == date(2026, 12, 9)
    assert deadlines.earliest_comments_by(date(2028, 2, 20), LAW) == date(2028, 3, 6)


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
