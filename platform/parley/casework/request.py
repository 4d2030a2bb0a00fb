"""A request as a family (or a coordinator for a caller) hands it in, and what must be true of it. Pure."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping
from typing import Any

from parley.casework.domain import Capacity, CaseState, PartyKind, StatementKind
from parley.kernel.calendar import age_on, compulsory_school_age_ends

#: The scheme covers children and young people from 0 to 25 (title of the SEND Code of Practice).
OLDEST = 25


#: What is wrong with the way to ask a young person that a parent gave.
NO_WAY_TO_ASK = "Give an email address or phone number of the young person: their own yes is needed"
NOT_THEIR_OWN = "Give the young person’s own email address or phone number, not yours"


class MeetingMode(enum.StrEnum):
    """Ways to meet."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"
    SEPARATE_ROOMS = "separate_rooms"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Person:
    """A person as they give themselves: how they are called and how they can be reached."""

    name: str
    email: str = ""
    phone: str = ""

    @property
    def reachable(self) -> bool:
        """Tell whether there is any way to reach the person."""
        return bool(self.email or self.phone)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Safety:
    """What keeps the person safe. Only the provider sees it."""

    safe_ways: tuple[str, ...] = ()
    """Of "email", "phone", "text", "post"; empty when any way will do."""
    safe_times: str = ""
    must_not_learn: str = ""
    hide_address: bool = False
    wait_apart: bool = False
    attend_apart: bool = False

    def allows(self, *ways: str) -> bool:
        """Tell whether any of ``ways`` is safe; naming none at all leaves every way open."""
        return not self.safe_ways or not set(ways).isdisjoint(self.safe_ways)

    def as_json(self) -> dict[str, Any]:
        """Return plain data for sealing."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Safety":
        """Rebuild what ``as_json`` gave."""
        return cls(**{**data, "safe_ways": tuple(data.get("safe_ways", ()))})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Body:
    """A body the disagreement is with. ``may_be_invited`` is the family's own yes to asking it."""

    kind: PartyKind
    name: str = ""
    may_be_invited: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewRequest:
    """Everything a request holds when it is sent: the minimum of send-law.md section 4b.

    ``facts`` are derived facts of the assessment (codes, stage, areas), never names or a date of birth.
    ``shares`` names what the family shares with whom from the start; the provider sees all of it.
    """

    capacity: Capacity
    asker: Person
    child_name: str
    child_date_of_birth: dt.date | None
    child_address: str = ""
    setting: str = ""
    bodies: tuple[Body, ...] = ()
    areas: tuple[str, ...] = ()
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    decision_letter_date: dt.date | None = None
    certificate_date: dt.date | None = None
    knows_adviser_is_separate: bool = False
    story: str = ""
    wish: str = ""
    child_views: str = ""
    access_needs: str = ""
    meeting_modes: tuple[MeetingMode, ...] = ()
    availability: str = ""
    supporter: str = ""
    safety: Safety = Safety()
    shares: frozenset[tuple[StatementKind, PartyKind]] = frozenset()
    agrees_to_tell_council: bool = False
    young_person: Person | None = None
    alternative_person_statement: str = ""
    asked_as_question: bool = False
    phone_only: bool = False

    @property
    def needs_young_persons_yes(self) -> bool:
        """Tell whether the request was made by a parent, so that a young person's own yes may be needed."""
        return self.capacity is Capacity.PARENT_CARER

    def opening_state(self, on: dt.date) -> CaseState:
        """Return the state the case begins in: it waits where a young person's own yes is needed first.

        From the end of compulsory school age the rights are the young person's own (Children and Families Act 2014,
        section 83; Education Act 1996, section 8).
        """
        if self.needs_young_persons_yes and is_young_person(self.child_date_of_birth, on):
            return CaseState.WAITING_FOR_YOUNG_PERSON
        return CaseState.SENT


def is_young_person(born: dt.date | None, on: dt.date) -> bool:
    """Tell whether the rights are the young person's own on ``on``; False when the date of birth is unknown.

    Counted from the school leaving date itself, as the eligibility check counts: on that one day, asking the young
    person costs nothing, and not asking them might.
    """
    return born is not None and on >= own_choice_from(born)


def own_choice_from(born: dt.date) -> dt.date:
    """Return the day from which the choice is the young person's own: the last Friday in June of the school year in
    which they turn 16 (Children and Families Act 2014, section 83; Education Act 1996, section 8)."""
    return compulsory_school_age_ends(born)


def problems(request: NewRequest, on: dt.date) -> dict[str, list[str]]:
    """Return what keeps ``request`` from being sent on the London date ``on``: field to messages for people."""
    found: dict[str, list[str]] = {}
    for field, message in _problems(request, on):
        found.setdefault(field, []).append(message)
    return found


def _problems(request: NewRequest, on: dt.date) -> list[tuple[str, str]]:
    checks = [
        (not request.asker.name.strip(), "asker_name", "Enter your name"),
        (not request.asker.reachable, "contact", "Give an email address or a phone number, so that you can be reached"),
        (not request.child_name.strip(), "child_name", "Enter the name of the child or young person"),
        (request.child_date_of_birth is None, "child_date_of_birth", "Enter the date of birth"),
        (not request.bodies, "bodies", "Choose who the disagreement is with"),
        (not request.agrees_to_tell_council, "tell_council", "Tick the box to agree that your council is told"),
        (
            request.capacity is Capacity.ALTERNATIVE_PERSON and not request.alternative_person_statement.strip(),
            "alternative_person_statement",
            "Say on what ground you act for the young person",
        ),
        (
            request.decision_letter_date is not None and not request.knows_adviser_is_separate,
            "knows_adviser_is_separate",
            "Tick the box to show that you know this request does not contact the mediation adviser",
        ),
    ]
    found = [(field, message) for wrong, field, message in checks if wrong]
    return found + _date_problems(request, on) + _young_person_problems(request, on)


def _date_problems(request: NewRequest, on: dt.date) -> list[tuple[str, str]]:
    found = []
    born = request.child_date_of_birth
    if born is not None:
        if born > on:
            found.append(("child_date_of_birth", "The date of birth must be in the past"))
        elif age_on(born, on) > OLDEST:
            found.append(("child_date_of_birth", "This service is for children and young people up to 25"))
    for field, day in (
        ("decision_letter_date", request.decision_letter_date),
        ("certificate_date", request.certificate_date),
    ):
        if day is not None and day > on:
            found.append((field, "The date must be today or in the past"))
    return found


def _young_person_problems(request: NewRequest, on: dt.date) -> list[tuple[str, str]]:
    born = request.child_date_of_birth
    if request.opening_state(on) is not CaseState.WAITING_FOR_YOUNG_PERSON or (born and age_on(born, on) > OLDEST):
        return []
    if request.young_person is None or not request.young_person.reachable:
        return [("young_person", NO_WAY_TO_ASK)]
    if request.young_person.email and request.young_person.email.casefold() == request.asker.email.casefold():
        return [("young_person", NOT_THEIR_OWN)]
    return []
