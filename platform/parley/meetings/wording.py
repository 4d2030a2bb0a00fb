"""A meeting in plain words, the same for every side. Pure."""

from collections.abc import Mapping

from parley.casework.request import MeetingMode
from parley.meetings.domain import AskedBy, MeetingState, Need, Period, Registration, SlotAnswer
from parley.meetings.views import MediatorView, SupporterView
from parley.web.formatting import clock_time, long_date, weekday_date

#: A state in a few words, and its tone (``components/status.html``).
STATES: Mapping[MeetingState, tuple[str, str]] = {
    MeetingState.PROPOSED: ("Times suggested", "waiting"),
    MeetingState.FIXED: ("Fixed", "good"),
    MeetingState.MOVED: ("To be moved: other times suggested", "waiting"),
    MeetingState.HELD: ("Held", "good"),
    MeetingState.CANCELLED: ("Cancelled", "neutral"),
}

MODES: Mapping[MeetingMode, str] = {
    MeetingMode.IN_PERSON: "In person",
    MeetingMode.VIDEO: "By video",
    MeetingMode.PHONE: "By phone",
    MeetingMode.SEPARATE_ROOMS: "In person, in separate rooms",
}

ANSWERS: Mapping[SlotAnswer, str] = {
    SlotAnswer.CAN: "I can come",
    SlotAnswer.IF_NEEDED: "Only if needed",
    SlotAnswer.CANNOT: "I cannot come",
}

ASKED_BY: Mapping[AskedBy, str] = {
    AskedBy.FAMILY: "The family",
    AskedBy.LOCAL_AUTHORITY: "The council",
    AskedBy.SETTING: "The school or setting",
    AskedBy.ICB: "The NHS body",
    AskedBy.PROVIDER: "You, the provider, or the mediator",
}

NEEDS: Mapping[Need, str] = {
    Need.ACCESS: "What they need to take part",
    Need.WAIT_APART: "To wait apart from the others",
    Need.ATTEND_APART: "To take part apart from the others",
}

#: The same to the person whose need it is.
OWN_NEEDS: Mapping[Need, str] = {
    Need.ACCESS: "What you need to take part",
    Need.WAIT_APART: "To wait apart from the others",
    Need.ATTEND_APART: "To take part apart from the others",
}


def period_words(period: Period) -> str:
    """Return a time in words: Tuesday 8 December 2026, 10am to midday."""
    return f"{weekday_date(period.day)}, {clock_time(period.begins_at)} to {clock_time(period.ends_at)}"


def register_words(registration: Registration) -> str:
    """Return a register entry in words."""
    if not registration.body or not registration.number:
        return "No register entry"
    until = f", until {long_date(registration.until)}" if registration.until else ", without a date until when"
    return f"{registration.body}, number {registration.number}{until}"


def mediator_words(mediator: MediatorView) -> str:
    """Return who leads a meeting, with their register entry."""
    return f"{mediator.name} ({register_words(mediator.registration)})"


def supporter_words(supporter: SupporterView) -> str:
    """Return who supports somebody of the family as far as the reader may know."""
    if not supporter.name:
        return "A supporter comes with the family"
    relation = f" ({supporter.relation})" if supporter.relation else ""
    return f"{supporter.name}{relation} comes to support the family"
