"""What one person sees of a meeting: plain frozen data, made by ``queries`` for one viewer. Pure.

Who comes besides, where they go and what they answered is in the provider's view alone; what a viewer may not see is
not in the view at all.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping

from parley.casework.domain import Capacity, PartyKind, Viewer
from parley.casework.request import MeetingMode
from parley.meetings.domain import (
    ASKING_STATES,
    OPEN_STATES,
    Invitee,
    MeetingState,
    Need,
    Period,
    Registration,
    SlotAnswer,
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class SlotView:
    """A suggested time, and what those people answered whom the viewer may know of (by member id)."""

    id: uuid.UUID
    period: Period
    answers: Mapping[uuid.UUID, SlotAnswer]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SupporterView:
    """Who supports somebody of the family. ``name`` is "" where the viewer may only know that somebody does."""

    name: str
    relation: str
    shared: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class NeedView:
    """What a person needs; ``words`` are their own, "" for waiting or attending apart."""

    need: Need
    words: str
    met: bool | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class AttendeeView:
    """One person's own place in a meeting: when and where they go. Times are None while nothing is fixed."""

    member_id: uuid.UUID
    name: str
    party: PartyKind
    capacity: Capacity
    identity_id: uuid.UUID | None
    invitee: Invitee = dataclasses.field(repr=False)
    arrives_at: dt.datetime | None
    ends_at: dt.datetime | None
    place: str
    link: str = dataclasses.field(repr=False)
    has_own_arrival: bool
    has_own_place: bool
    supporter: SupporterView | None
    brings: str
    needs: tuple[NeedView, ...]
    attended: bool | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class MediatorView:
    """Who leads the meeting, with their entry in a register as it stood when they were assigned."""

    id: uuid.UUID
    name: str
    registration: Registration


@dataclasses.dataclass(frozen=True, kw_only=True)
class MeetingView:
    """A case's newest meeting as ``viewer`` sees it.

    ``people`` are those whose place in it the viewer may know: everybody for the provider, their own for a council,
    oneself otherwise. ``supporters`` are those of the family as the other sides may know of them. ``place`` and
    ``link`` are common to all, and in the provider's view alone: others read their own.
    """

    viewer: Viewer
    id: uuid.UUID
    state: MeetingState
    mode: MeetingMode
    period: Period | None
    place: str
    link: str = dataclasses.field(repr=False)
    for_everybody: str
    mediator: MediatorView | None
    slots: tuple[SlotView, ...]
    people: tuple[AttendeeView, ...]
    supporters: tuple[SupporterView, ...]
    notice_waived: bool
    decision_maker_present: bool | None
    version: int

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be held."""
        return self.state in OPEN_STATES

    @property
    def asks(self) -> bool:
        """Tell whether people are asked which times they can do."""
        return self.state in ASKING_STATES

    def person(self, member_id: uuid.UUID) -> AttendeeView | None:
        """Return one person's place in it, if the viewer may know it."""
        return next((person for person in self.people if person.member_id == member_id), None)


@dataclasses.dataclass(frozen=True, kw_only=True)
class MeetingInShort:
    """That there is a meeting, for the page of the case: where it stands, and its day if one is fixed.

    The hour is not in it: somebody who arrives apart from the others reads their own, and no other.
    """

    state: MeetingState
    day: dt.date | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class MediatorRecord:
    """A mediator in the provider's own list."""

    id: uuid.UUID
    name: str
    identity_id: uuid.UUID | None
    registration: Registration
    retired: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class HeldMeeting:
    """A meeting that was held: when, led by whom, and which people of which parties were there."""

    id: uuid.UUID
    period: Period
    mediator_id: uuid.UUID | None
    attended: Mapping[uuid.UUID, uuid.UUID]
    """Member id to party id."""
    decision_maker_present: bool
