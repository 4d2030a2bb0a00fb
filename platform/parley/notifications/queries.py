"""Reading messages for pages, and what messages need to know of cases.

What pages get shows no address and no name: those are on the case's own page.
"""

import dataclasses
import datetime as dt
import json
import uuid

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from parley.casework.domain import Capacity, CaseState, ClockCode
from parley.casework.models import Case, CaseClock, Party, PartyMember
from parley.casework.timeline import signposted_to
from parley.db.reading import Reading
from parley.kernel.clock import london_date
from parley.law.holidays import bank_holidays_around
from parley.meetings.calendar import FILE_NAME, calendar_file
from parley.meetings.queries import calendar_entry
from parley.notifications.decisions import MessageCode
from parley.notifications.domain import (
    FURTHEST_REMINDER,
    MISSABLE,
    REMINDED,
    CaseFacts,
    ClockFacts,
    ClockNoticeKind,
    NotificationState,
    Person,
    RecipientKind,
    Trouble,
    reminder_due,
    still_reminds,
)
from parley.notifications.mailer import CalendarFile
from parley.notifications.models import ClockNotice, Notification, TroubleCount
from parley.notifications.ways import WITH_CALENDAR
from parley.policy.domain import Contact
from parley.policy.queries import policy_of_version
from parley.web.formatting import phone_display


@dataclasses.dataclass(frozen=True, kw_only=True)
class MessageView:
    """A message of a case: what, to whom, and what became of it."""

    message: MessageCode
    recipient: RecipientKind
    member_id: uuid.UUID | None
    state: NotificationState
    created_at: dt.datetime
    sent_at: dt.datetime | None


def messages_of_case(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID) -> list[MessageView]:
    """Return the e-mails of one case, newest first, for the staff who look after it."""
    rows = session.scalars(
        select(Notification)
        .where(
            Notification.authority_id == authority_id,
            Notification.case_id == case_id,
            Notification.state != NotificationState.CANCELLED,
        )
        .order_by(Notification.created_at.desc())
    )
    return [
        MessageView(
            message=MessageCode(row.message),
            recipient=row.recipient,
            member_id=row.member_id,
            state=row.state,
            created_at=row.created_at,
            sent_at=row.sent_at,
        )
        for row in rows
    ]


def troubles_since(session: Session, day: dt.date) -> dict[tuple[uuid.UUID, Trouble], int]:
    """Return how often each thing went wrong at each council since the London date ``day`` (operator's scope)."""
    rows = session.execute(
        select(TroubleCount.authority_id, TroubleCount.trouble, func.sum(TroubleCount.count))
        .where(TroubleCount.on_date >= day)
        .group_by(TroubleCount.authority_id, TroubleCount.trouble)
    )
    return {(authority_id, trouble): int(count) for authority_id, trouble, count in rows}


def case_facts(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> CaseFacts:
    """Return what messages need to know of the case, as it stands in this transaction."""
    case = session.get_one(Case, (authority_id, case_id))
    return CaseFacts(
        authority_id=case.authority_id,
        id=case.id,
        provider_id=case.provider_id,
        reference=case.reference,
        state=case.state,
        council_knows=case.council_told_at is not None,
    )


_PEOPLE = Reading(
    select(
        PartyMember.id,
        PartyMember.party_id,
        PartyMember.capacity,
        PartyMember.identity_id,
        PartyMember.email_sealed,
        PartyMember.safety_sealed,
        PartyMember.left_at,
        Party.kind,
        Party.removed_at,
        Party.may_be_invited,
        exists()
        .where(
            CaseClock.authority_id == PartyMember.authority_id,
            CaseClock.case_id == PartyMember.case_id,
            CaseClock.code == ClockCode.YOUNG_PERSON_BY,
            CaseClock.met_at.is_(None),
            CaseClock.stopped_at.is_(None),
        )
        .label("awaited"),
    )
    .join(Party, (Party.authority_id == PartyMember.authority_id) & (Party.id == PartyMember.party_id))
    .where(PartyMember.authority_id == bindparam("authority_id"), PartyMember.case_id == bindparam("case_id"))
    .order_by(PartyMember.id)
)


def people_of(session: Session, case: CaseFacts) -> list[Person]:
    """Return everybody who has, or had, a place in the case."""
    email = PartyMember.email.opener(session, case.authority_id)
    safety = PartyMember.safety.opener(session, case.authority_id)
    return [
        Person(
            member_id=row.id,
            party=row.kind,
            party_id=row.party_id,
            capacity=row.capacity,
            email=email(row.id, row.email_sealed),
            safety=_safety(safety(row.id, row.safety_sealed)),
            confirmed=row.identity_id is not None,
            left=row.left_at is not None or row.removed_at is not None or not row.may_be_invited,
            own_yes_awaited=(row.awaited or case.state is CaseState.WAITING_FOR_YOUNG_PERSON)
            and row.capacity is Capacity.YOUNG_PERSON,
        )
        for row in _PEOPLE.rows(session, {"authority_id": case.authority_id, "case_id": case.id})
    ]


def calendar_with(session: Session, message: Notification, *, url: str) -> CalendarFile | None:
    """Return the calendar entry that goes with ``message``: the reader's own, as it is now, if it changed with the news
    or since."""
    if message.member_id is None or MessageCode(message.message) not in WITH_CALENDAR:
        return None
    entry = calendar_entry(
        session, authority_id=message.authority_id, case_id=message.case_id, member_id=message.member_id, url=url
    )
    if entry is None or entry.changed_at < message.created_at:
        return None
    return CalendarFile(name=FILE_NAME, method=entry.method.value, content=calendar_file(entry))


def places_told_of(session: Session, message: Notification) -> tuple[str, ...]:
    """Return the places that the news behind ``message`` sends a family to, as published: name and ways to reach it."""
    keys = signposted_to(message.codes)
    if not keys:
        return ()
    case = session.get_one(Case, (message.authority_id, message.case_id))
    contacts = policy_of_version(session, case.authority_id, case.policy_version_id).contacts
    return tuple(_place(contacts[key]) for key in keys if key in contacts)


def _place(contact: Contact) -> str:
    # A way with a condition of use needs the page that explains it.
    ways = [way for way in contact.shown_ways if not way.use]
    reached = [phone_display(way.phone) if way.phone else way.email or way.url for way in ways]
    return f"{contact.name}: {', '.join(reached)}" if reached else contact.name


def running_dates(session: Session, case: CaseFacts) -> dict[ClockCode, dt.date]:
    """Return the due dates of the case that run now."""
    rows = session.execute(
        select(CaseClock.code, CaseClock.due_on).where(
            CaseClock.authority_id == case.authority_id,
            CaseClock.case_id == case.id,
            CaseClock.met_at.is_(None),
            CaseClock.stopped_at.is_(None),
        )
    )
    return {code: due_on for code, due_on in rows}


def clock_facts(session: Session, authority_id: uuid.UUID, clock_id: uuid.UUID) -> ClockFacts | None:
    """Return the clock as it stands in the database now, or None when there is none of that id."""
    clock = session.get(CaseClock, (authority_id, clock_id), populate_existing=True)
    return _clock_facts(clock) if clock is not None else None


def reminders_due(
    session: Session, *, authority_id: uuid.UUID, today: dt.date
) -> list[tuple[uuid.UUID, ClockNoticeKind]]:
    """Return the council's clocks that people are to be reminded of on the London date ``today``, and how."""
    rows = session.execute(
        select(CaseClock, Case.state, Case.close_reason)
        .join(Case, (Case.authority_id == CaseClock.authority_id) & (Case.id == CaseClock.case_id))
        .where(
            CaseClock.authority_id == authority_id,
            CaseClock.code.in_(REMINDED),
            CaseClock.due_on.between(today, today + FURTHEST_REMINDER),
            CaseClock.met_at.is_(None),
            CaseClock.stopped_at.is_(None),
        )
    ).all()
    said = _said(session, authority_id, [clock.id for clock, _, _ in rows])
    due, holidays = [], bank_holidays_around(today)
    for clock, state, reason in rows:
        facts = _clock_facts(clock)
        kind = reminder_due(facts, today=today, said=said.get(clock.id, frozenset()), holidays=holidays)
        if kind is not None and still_reminds(facts.code, state, reason):
            due.append((clock.id, kind))
    return due


def clocks_missed(session: Session, *, authority_id: uuid.UUID, today: dt.date) -> list[uuid.UUID]:
    """Return the council's running clocks whose last day is over and of which that was not said yet."""
    said = select(ClockNotice.clock_id).where(
        ClockNotice.authority_id == CaseClock.authority_id,
        ClockNotice.clock_id == CaseClock.id,
        ClockNotice.kind == ClockNoticeKind.MISSED,
    )
    return list(
        session.scalars(
            select(CaseClock.id)
            .join(Case, (Case.authority_id == CaseClock.authority_id) & (Case.id == CaseClock.case_id))
            .where(
                CaseClock.authority_id == authority_id,
                CaseClock.code.in_(MISSABLE),
                CaseClock.due_on < today,
                CaseClock.met_at.is_(None),
                CaseClock.stopped_at.is_(None),
                Case.state != CaseState.CLOSED,
                ~said.exists(),
            )
        )
    )


def stuck_since(session: Session, authority_id: uuid.UUID, before: dt.datetime) -> list[uuid.UUID]:
    """Return the messages that have waited since before ``before``: no job of theirs is left."""
    return list(
        session.scalars(
            select(Notification.id).where(
                Notification.authority_id == authority_id,
                Notification.state == NotificationState.WAITING,
                Notification.created_at < before,
            )
        )
    )


def _clock_facts(clock: CaseClock) -> ClockFacts:
    return ClockFacts(
        id=clock.id,
        case_id=clock.case_id,
        code=clock.code,
        binds=clock.binds,
        due_on=clock.due_on,
        started_on=london_date(clock.started_at),
        running=clock.met_at is None and clock.stopped_at is None,
        party_id=clock.party_id,
        member_id=clock.member_id,
    )


def _said(
    session: Session, authority_id: uuid.UUID, clock_ids: list[uuid.UUID]
) -> dict[uuid.UUID, frozenset[ClockNoticeKind]]:
    found: dict[uuid.UUID, frozenset[ClockNoticeKind]] = {}
    rows = session.execute(
        select(ClockNotice.clock_id, ClockNotice.kind).where(
            ClockNotice.authority_id == authority_id, ClockNotice.clock_id.in_(clock_ids)
        )
    )
    for clock_id, kind in rows:
        found[clock_id] = found.get(clock_id, frozenset()) | {kind}
    return found


def _safety(kept: str) -> dict[str, object]:
    if not kept:
        return {}
    try:
        wishes = json.loads(kept)
    except ValueError:
        wishes = None
    # Unreadable wishes are taken as the strictest: no e-mail.
    return wishes if isinstance(wishes, dict) else {"safe_ways": None}
