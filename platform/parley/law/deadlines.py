"""The dates that run whatever a family asks for. Pure; months are calendar months, clamped.

The day on the letter counts as the day it was sent. Disagreement resolution moves none of these.
"""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from functools import lru_cache

from parley.law.domain import LawVersion, Limit, Stage


class DeadlineName(StrEnum):
    """What has to be done by the date."""

    ADVISER_BY = "adviser_by"
    APPEAL_BY = "appeal_by"
    COMMENTS_BY = "comments_by"
    DISCRIMINATION_CLAIM_BY = "discrimination_claim_by"
    COUNCILS_OWN = "councils_own"
    """A date that a council tells families to keep, beside the law's; it brings a label of its own."""


class DeadlineState(StrEnum):
    """Whether the date has gone by."""

    OPEN = "open"
    PASSED = "passed"
    UNKNOWN = "unknown"


def state_of(due: date | None, on: date) -> DeadlineState:
    """Open up to and including the day itself; unknown without a date."""
    if due is None:
        return DeadlineState.UNKNOWN
    return DeadlineState.OPEN if on <= due else DeadlineState.PASSED


def due(limit: Limit, start: date, law: LawVersion, holidays: Collection[date] = ()) -> date:
    """The last day under one of the law's limits, counted from `start`."""
    return law.limits[limit].due(start, holidays)


@lru_cache(maxsize=4096)
def adviser_by(letter: date, law: LawVersion) -> date:
    """The last day to contact the mediation adviser, counted from the letter."""
    return due(Limit.CONTACT_ADVISER, letter, law)


@lru_cache(maxsize=4096)
def appeal_by(letter: date, certificate: date | None, law: LawVersion) -> date:
    """The last day to appeal: counted from the letter or from the certificate, whichever is later."""
    from_letter = due(Limit.APPEAL_FROM_LETTER, letter, law)
    if certificate is None:
        return from_letter
    return max(from_letter, due(Limit.APPEAL_FROM_CERTIFICATE, certificate, law))


def safe_placement_appeal_by(letter: date, law: LawVersion) -> date:
    """The day to plan for when only the school named is in dispute, where no certificate is needed.

    A certificate, if one is obtained all the same, is not counted on: that it lengthens the time here is
    not verified.
    """
    return appeal_by(letter, None, law)


def earliest_comments_by(draft_sent: date, law: LawVersion) -> date:
    """The earliest day on which the time to comment on a draft plan can end."""
    return due(Limit.DRAFT_COMMENTS, draft_sent, law)


def meeting_notice_by(meeting: date, law: LawVersion, holidays: Collection[date]) -> date:
    """The last day to tell the family of a mediation meeting's date and place."""
    return due(Limit.MEDIATION_NOTICE, meeting, law, holidays)


def decision_due(stage: Stage, since: date, law: LawVersion) -> date | None:
    """The day by which the council should have decided, at a stage that began on `since`.

    None where no verified limit exists for the stage.
    """
    limit = law.stages[stage].decides
    return None if limit is None else due(limit, since, law)
