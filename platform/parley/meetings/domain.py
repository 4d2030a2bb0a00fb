"""What a meeting is, how it may move, and what must be true of its times and places. Pure."""

import dataclasses
import datetime as dt
import enum
import uuid
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from parley.casework.domain import PartyKind
from parley.casework.request import MeetingMode, Safety
from parley.kernel.clock import LONDON, london, london_date
from parley.kernel.errors import Conflict
from parley.law.deadlines import meeting_notice_by
from parley.law.domain import LawVersion
from parley.law.holidays import bank_holidays_around


class MeetingState(enum.StrEnum):
    """Where a meeting stands."""

    PROPOSED = "proposed"
    """Times were suggested; people say which they can do."""
    FIXED = "fixed"
    MOVED = "moved"
    """It was fixed, that time no longer holds, and people are asked about others."""
    HELD = "held"
    CANCELLED = "cancelled"


#: Every move a meeting may make.
MOVES: Mapping[MeetingState, frozenset[MeetingState]] = {
    MeetingState.PROPOSED: frozenset({MeetingState.FIXED, MeetingState.CANCELLED}),
    MeetingState.FIXED: frozenset({MeetingState.MOVED, MeetingState.HELD, MeetingState.CANCELLED}),
    MeetingState.MOVED: frozenset({MeetingState.FIXED, MeetingState.CANCELLED}),
    MeetingState.HELD: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}

#: A case has at most one meeting in these states; the database holds that too.
OPEN_STATES = (MeetingState.PROPOSED, MeetingState.FIXED, MeetingState.MOVED)

#: In which people are asked which times they can do.
ASKING_STATES = (MeetingState.PROPOSED, MeetingState.MOVED)


def require_move(before: MeetingState, after: MeetingState) -> None:
    """Raise Conflict unless a meeting in ``before`` may move to ``after``."""
    if after not in MOVES[before]:
        raise Conflict(
            "This meeting has changed since the page was opened. Open it again to see how it stands now.",
            code="meeting-moved-on",
        )


class SlotAnswer(enum.StrEnum):
    """What a person says to a suggested time."""

    CAN = "can"
    CANNOT = "cannot"
    IF_NEEDED = "if_needed"
    """They can, and would rather not."""


class AskedBy(enum.StrEnum):
    """At whose wish a meeting is moved or cancelled; counted, so that nobody has to guess who postpones."""

    FAMILY = "family"
    LOCAL_AUTHORITY = "local_authority"
    SETTING = "setting"
    ICB = "icb"
    PROVIDER = "provider"


class Need(enum.StrEnum):
    """Something a person needs in order to take part; the provider ticks whether it is met."""

    ACCESS = "access"
    """What they wrote themselves: an interpreter, breaks, a ramp."""
    WAIT_APART = "wait_apart"
    ATTEND_APART = "attend_apart"


@dataclasses.dataclass(frozen=True, kw_only=True, order=True)
class Period:
    """From ``begins_at`` to ``ends_at``, both aware. Two that only touch do not overlap."""

    begins_at: dt.datetime
    ends_at: dt.datetime

    def overlaps(self, other: "Period") -> bool:
        """Tell whether there is a moment in both."""
        return self.begins_at < other.ends_at and other.begins_at < self.ends_at

    @property
    def day(self) -> dt.date:
        """The day in England on which it begins."""
        return london_date(self.begins_at)


def period_on(day: dt.date, begins: dt.time, ends: dt.time) -> Period:
    """Return the period between two times of one day as clocks in England show them, BST or GMT."""
    return Period(begins_at=moment_on(day, begins), ends_at=moment_on(day, ends))


def moment_on(day: dt.date, time: dt.time) -> dt.datetime:
    """Return the moment at which clocks in England show ``time`` on ``day``, in UTC."""
    return dt.datetime.combine(day, time, tzinfo=LONDON).astimezone(dt.UTC)


#: A meeting is two to three hours (send-law.md section 4a); what lies far outside is a slip of the pen.
SHORTEST, LONGEST = dt.timedelta(minutes=15), dt.timedelta(hours=10)
FURTHEST = dt.timedelta(days=366)

MOST_SLOTS = 4

#: Between these hours, as clocks in England show them, a meeting begins; outside them somebody mistook the half of day.
EARLIEST_START, LATEST_START = dt.time(7), dt.time(21)


def slot_problems(slots: Sequence[Period], now: dt.datetime) -> dict[str, list[str]]:
    """Return what is wrong with suggested times: "slot_0", "slot_1" ... (or "slots") to messages for people."""
    if not slots:
        return {"slots": ["Suggest at least one time"]}
    if len(slots) > MOST_SLOTS:
        return {"slots": [f"Suggest at most {MOST_SLOTS} times"]}
    found: dict[str, list[str]] = {}
    for index, slot in enumerate(slots):
        problem = period_problem(slot, now)
        if problem is None and any(slot.overlaps(earlier) for earlier in slots[:index]):
            problem = "This time overlaps another one that you suggest"
        if problem is not None:
            found[f"slot_{index}"] = [problem]
    return found


def period_problem(period: Period, now: dt.datetime) -> str | None:
    """Return what is wrong with a time for a meeting, or None."""
    length = period.ends_at - period.begins_at
    if length <= dt.timedelta(0):
        return "The meeting must end after it begins"
    if not SHORTEST <= length <= LONGEST:
        return "The meeting must last between 15 minutes and 10 hours"
    if not EARLIEST_START <= london(period.begins_at).time() <= LATEST_START:
        return "The meeting must begin between 7am and 9pm"
    if period.begins_at <= now:
        return "The time must be in the future"
    if period.begins_at - now > FURTHEST:
        return "The time must be within the coming year"
    return None


def notice_is_short(meeting_on: dt.date, told_on: dt.date, law: LawVersion) -> bool:
    """Tell whether a family told on ``told_on`` of a meeting on ``meeting_on`` (London dates) hears of it too late.

    For mediation a family is told the date and place at least 5 working days before, unless it waives that (Code
    11.26-11.38, conduct). The service keeps to the same for disagreement resolution.
    """
    return told_on > meeting_notice_by(meeting_on, law, bank_holidays_around(meeting_on))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Registration:
    """A mediator's entry in a register of SEND mediators: whose register, under what number, until when."""

    body: str
    number: str
    until: dt.date | None

    def is_valid_on(self, day: dt.date) -> bool:
        """Tell whether the entry is complete and has not run out on ``day``."""
        return bool(self.body and self.number and self.until is not None and self.until >= day)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """Where a meeting is: ``place`` in words (an address, a room, how the call is made), ``link`` for video."""

    place: str = ""
    link: str = dataclasses.field(default="", repr=False)


@dataclasses.dataclass(frozen=True, kw_only=True)
class OwnPlace:
    """What is different for one person: when they arrive (as clocks in England show it), where, by which link."""

    arrives: dt.time | None = None
    place: str = ""
    link: str = dataclasses.field(default="", repr=False)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Places:
    """Where everybody goes, and what is different for whom (by member id)."""

    common: Place
    own: Mapping[uuid.UUID, OwnPlace] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Invitee:
    """Somebody who is to come, what they asked for to be safe, and who supports them, as they said in the request."""

    member_id: uuid.UUID
    name: str
    party: PartyKind
    safety: Safety
    needs: str = ""
    supporter: str = ""

    @property
    def asked_for(self) -> tuple[Need, ...]:
        """What they need, in the order in which it is shown."""
        wanted = {
            Need.ACCESS: bool(self.needs.strip()),
            Need.WAIT_APART: self.safety.wait_apart,
            Need.ATTEND_APART: self.safety.attend_apart,
        }
        return tuple(need for need, asked in wanted.items() if asked)


#: Ways to meet in which people are under one roof.
IN_ONE_HOUSE = frozenset({MeetingMode.IN_PERSON, MeetingMode.SEPARATE_ROOMS})


def own_field(member_id: uuid.UUID) -> str:
    """Return the name under which problems with one person's own place are reported."""
    return f"own_{member_id}"


def place_problems(
    mode: MeetingMode, places: Places, invitees: Iterable[Invitee], period: Period
) -> dict[str, list[str]]:
    """Return what is wrong with the places of a meeting: field to messages for people.

    Who asked to wait apart needs a time or place of their own where people meet under one roof; who asked to attend
    apart needs a place, or a link, of their own in any case; in separate rooms everybody needs to know theirs.
    """
    found: dict[str, list[str]] = {}
    if mode is MeetingMode.VIDEO:
        if problem := _link_problem(places.common.link):
            found["link"] = [problem]
    elif not places.common.place.strip():
        found["place"] = [_PLACE_NEEDED[mode]]
    for invitee in invitees:
        problem = _own_problem(mode, places.own.get(invitee.member_id, OwnPlace()), invitee, period)
        if problem:
            found[own_field(invitee.member_id)] = [problem]
    return found


_PLACE_NEEDED = {
    MeetingMode.IN_PERSON: "Enter where the meeting is",
    MeetingMode.SEPARATE_ROOMS: "Enter where the meeting is",
    MeetingMode.PHONE: "Enter how the call is made, such as who rings whom",
}


def _link_problem(link: str) -> str | None:
    if not link.strip():
        return "Enter the link to the video meeting"
    address = urlsplit(link)
    is_usable = address.scheme == "https" and bool(address.hostname) and not any(map(str.isspace, link))
    return None if is_usable else "The link must begin with https:// and hold no spaces"


def _own_problem(mode: MeetingMode, own: OwnPlace, invitee: Invitee, period: Period) -> str | None:
    if own.link and (problem := _link_problem(own.link)):
        return problem
    if own.arrives is not None and not _is_near(own.arrives, period):
        return "The arrival time must be on the day, no earlier than three hours before and before the end"
    has_own_place = bool(own.link if mode is MeetingMode.VIDEO else own.place.strip())
    if invitee.safety.attend_apart and not has_own_place:
        what = "link" if mode is MeetingMode.VIDEO else "place"
        return f"{invitee.name} asked to take part apart from the others: enter a {what} of their own"
    if mode is MeetingMode.SEPARATE_ROOMS and not has_own_place:
        return f"Enter the room of {invitee.name}"
    is_apart = own.arrives is not None or has_own_place
    if invitee.safety.wait_apart and mode in IN_ONE_HOUSE and not is_apart:
        return f"{invitee.name} asked to wait apart from the others: enter a time or place of their own"
    return None


#: How long before the others somebody may be asked to arrive.
EARLIEST_ARRIVAL = dt.timedelta(hours=3)


def _is_near(arrives: dt.time, period: Period) -> bool:
    moment = moment_on(period.day, arrives)
    return period.begins_at - EARLIEST_ARRIVAL <= moment < period.ends_at


@dataclasses.dataclass(frozen=True, kw_only=True)
class ArrangementChanged:
    """Announced, in its transaction, when one person's own place in a fixed meeting changed and its day did not."""

    authority_id: uuid.UUID
    case_id: uuid.UUID
    meeting_id: uuid.UUID
    member_id: uuid.UUID
    at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlaceEnded:
    """Announced, in its transaction, when one person is no longer expected at a fixed meeting, which stands."""

    authority_id: uuid.UUID
    case_id: uuid.UUID
    meeting_id: uuid.UUID
    member_id: uuid.UUID
    at: dt.datetime


class CalendarMethod(enum.StrEnum):
    """What a calendar entry asks of the calendar that takes it (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def room_link(template: str, meeting_id: uuid.UUID, reader: str = "everybody") -> str:
    """Return the link to a video room of a meeting from a provider's template, in which {meeting} stands for its name.

    The name cannot be guessed, and somebody who takes part apart (``reader``) has a room of their own. Nothing is
    asked of the video service: its rooms open when somebody comes.
    """
    return template.replace("{meeting}", uuid.uuid5(meeting_id, f"room {reader}").hex)


def calendar_method(state: MeetingState) -> CalendarMethod | None:
    """Return what a calendar is told of a meeting in ``state`` that was fixed at some time; None before it is.

    A meeting whose time no longer holds is taken out until it has another; the same entry then comes back.
    """
    return {
        MeetingState.FIXED: CalendarMethod.REQUEST,
        MeetingState.HELD: CalendarMethod.REQUEST,
        MeetingState.MOVED: CalendarMethod.CANCEL,
        MeetingState.CANCELLED: CalendarMethod.CANCEL,
        MeetingState.PROPOSED: None,
    }[state]
