"""Messages: who can get one, how each person is reached, when a date is brought to mind. Pure."""

import dataclasses
import datetime as dt
import enum
import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from parley.casework.domain import Capacity, CaseState, ClockCode, CloseReason, PartyKind
from parley.kernel.calendar import add_working_days, is_working_day


class RecipientKind(enum.StrEnum):
    """To whom a message goes."""

    FAMILY = "family"
    """The people in the family's own party of this case. Never another parent: that one has no place in it."""
    YOUNG_PERSON = "young_person"
    """The young person among them, where something is theirs alone; otherwise they hear what the family hears."""
    COUNCIL = "council"
    """The council's team, by its mailbox."""
    INVITED = "invited"
    """The people of a school or health body who were invited."""
    PROVIDER = "provider"
    """The provider's coordinators, by their mailbox."""
    ADMINISTRATOR = "administrator"
    """Who answers for the provider's work as a whole, by the same mailbox."""
    SAFEGUARDING_LEAD = "safeguarding_lead"
    """Whom the provider named to read concerns, by a mailbox of their own."""


class MessageChannel(enum.StrEnum):
    """How a message reaches its person."""

    EMAIL = "email"
    TASK = "task"
    """A coordinator tells them, by phone or as they asked."""


class NotificationState(enum.StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED_FOR_GOOD = "failed_for_good"
    CANCELLED = "cancelled"
    """The person left the case, or asked to be reached otherwise, before it was sent."""


class TaskReason(enum.StrEnum):
    """Why a person has to be told by a coordinator."""

    NO_EMAIL = "no_email"
    NOT_BY_EMAIL = "not_by_email"
    """Their safety wishes do not name e-mail."""
    MAIL_FAILED = "mail_failed"


class Trouble(enum.StrEnum):
    """What operators see counted, by council and day."""

    MAIL_FAILED = "mail_failed"
    CLOCK_MISSED = "clock_missed"


class ClockNoticeKind(enum.StrEnum):
    """What was already said of a clock; each once."""

    IN_14_DAYS = "in_14_days"
    IN_3_DAYS = "in_3_days"
    MISSED = "missed"


#: Days before a date at which it is brought to mind, most urgent first.
REMINDERS = {3: ClockNoticeKind.IN_3_DAYS, 14: ClockNoticeKind.IN_14_DAYS}

#: Dates that the family is reminded of: those the law sets, which Parley neither stops nor extends.
STATUTORY = frozenset({ClockCode.ADVISER_BY, ClockCode.APPEAL_BY})

#: Dates of which whoever they bind is reminded on a working day: what was agreed at a meeting.
AGREED = frozenset({ClockCode.ACTION_BY})

#: Dates by which a family is asked to say something that is theirs to say.
ASKED = frozenset({ClockCode.CHOOSE_BY})

REMINDED = STATUTORY | AGREED | ASKED

#: No reminder is further ahead: the first one, and the longest run of days on which nobody works.
FURTHEST_REMINDER = dt.timedelta(days=max(REMINDERS) + 7)

#: Clocks that somebody misses. The family's own dates in law are not among them: whether a family contacted an adviser
#: or appealed is never reported here, so to call them missed would be a guess. A meeting's day is not a deadline, and
#: neither is the one on which a choice passes to the young person.
MISSABLE = frozenset(ClockCode) - STATUTORY - {ClockCode.MEETING_ON, ClockCode.OWN_CHOICE_ON}

#: Closed for these reasons, the family said itself that the matter is over.
_SETTLED = frozenset({CloseReason.COMPLETED, CloseReason.WITHDRAWN})

EMAIL_WAY = "email"


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What messages need to know of a case."""

    authority_id: uuid.UUID
    id: uuid.UUID
    provider_id: uuid.UUID
    reference: str
    state: CaseState
    council_knows: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClockFacts:
    """What messages need to know of a clock; dates are London dates."""

    id: uuid.UUID
    case_id: uuid.UUID
    code: ClockCode
    binds: str
    due_on: dt.date
    started_on: dt.date
    running: bool
    party_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of a case: their wishes as stored, and whether they confirmed who they are.

    ``left``: they, or their side, no longer take part. ``own_yes_awaited``: the case waits for a young person's own
    yes, and they are that person.
    """

    member_id: uuid.UUID
    party: PartyKind
    party_id: uuid.UUID
    capacity: Capacity
    email: str = dataclasses.field(repr=False)
    safety: Mapping[str, Any] = dataclasses.field(repr=False)
    confirmed: bool
    left: bool
    own_yes_awaited: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody to be told. ``address`` is empty, and ``by_hand`` says why, when a coordinator has to."""

    kind: RecipientKind
    member_id: uuid.UUID | None = None
    address: str = dataclasses.field(default="", repr=False)
    by_hand: TaskReason | None = None


def recipient_of(kind: RecipientKind, person: Person) -> Recipient:
    """Return how ``person`` is told: as their contact and their safety wishes say."""
    by_hand = None
    if not person.email:
        by_hand = TaskReason.NO_EMAIL
    elif not may_email(person.safety):
        by_hand = TaskReason.NOT_BY_EMAIL
    return Recipient(kind=kind, member_id=person.member_id, address="" if by_hand else person.email, by_hand=by_hand)


def organisation(kind: RecipientKind, mailbox: str | None) -> Recipient:
    """Return how an organisation is told: at its mailbox, or by phone when none is known."""
    return Recipient(kind=kind, address=mailbox or "", by_hand=None if mailbox else TaskReason.NO_EMAIL)


def people_told(kind: RecipientKind, people: Iterable[Person], *, young_person_apart: bool = False) -> list[Recipient]:
    """Return who of ``people`` are the recipients of ``kind``.

    ``young_person_apart``: there is a message of the young person's own. Until a young person has said yes to a
    request, or that it goes on, they hear nothing but that question. Of a school or health body, only who confirmed
    their mailbox hears.
    """
    found = []
    for person in people:
        is_young = person.capacity is Capacity.YOUNG_PERSON
        apart = is_young and (young_person_apart or person.own_yes_awaited)
        match kind:
            case RecipientKind.FAMILY:
                told = person.party is PartyKind.FAMILY and not apart
            case RecipientKind.YOUNG_PERSON:
                told = person.party is PartyKind.FAMILY and is_young
            case RecipientKind.INVITED:
                told = person.party in {PartyKind.SETTING, PartyKind.ICB} and person.confirmed
            case _:
                told = False
        if told and not person.left:
            found.append(recipient_of(kind, person))
    return found


def may_email(safety: Mapping[str, Any]) -> bool:
    """Tell whether a person's safety wishes allow e-mail: they name no ways at all, or e-mail among them.

    What cannot be read as a list of ways forbids it: a coordinator then decides.
    """
    ways = safety.get("safe_ways", [])
    return isinstance(ways, list) and (not ways or EMAIL_WAY in ways)


def reminder_due(
    clock: ClockFacts, *, today: dt.date, said: frozenset[ClockNoticeKind], holidays: Collection[dt.date]
) -> ClockNoticeKind | None:
    """Return the reminder of a date that is to be sent on ``today``, or None. All dates are London dates.

    Of what was agreed, it comes on the last working day before if its own day is none (``holidays`` are England's). A
    reminder whose day was missed is made up for until the date itself; one that a more urgent one has overtaken is
    not, and neither is one whose day was not after the clock's start: the confirmation said it then.
    """
    if today > clock.due_on:
        return None
    for days, kind in REMINDERS.items():
        remind_on = clock.due_on - dt.timedelta(days=days)
        if clock.code in AGREED and not is_working_day(remind_on, holidays):
            remind_on = add_working_days(remind_on, -1, holidays)
        if remind_on <= today:
            return kind if kind not in said and remind_on > clock.started_on else None
    return None


def still_reminds(code: ClockCode, state: CaseState, reason: CloseReason | None) -> bool:
    """Tell whether a date is still brought to mind: those in law run on when a case is closed without being settled."""
    if code not in STATUTORY:
        return state is not CaseState.CLOSED
    return state is not CaseState.CLOSED or reason not in _SETTLED


def is_missed(code: ClockCode, due_on: dt.date, today: dt.date) -> bool:
    """Tell whether a running clock was missed: its last day is over."""
    return code in MISSABLE and today > due_on
