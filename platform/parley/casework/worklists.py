"""A provider's list over all councils that commission it, and what it knows of a case beside the case itself."""

import dataclasses
import datetime as dt
import enum
import functools
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, false, func, or_, select, tuple_
from sqlalchemy.orm import Session

from parley.casework.domain import Attention, CaseState, Channel, ClockBasis, ClockCode, PassedOnBecause
from parley.casework.lists import Page, due_date, paged
from parley.casework.models import Child, FormerHolding, WorklistEntry
from parley.db.reading import Reading
from parley.db.sealed import realm_keys, search_fingerprints
from parley.identity.models import Identity
from parley.kernel.clock import london_date
from parley.kernel.errors import NotFound
from parley.tenancy.models import LocalAuthority, Provider

#: Whose next step is to acknowledge or to tell the council: what a provider can be late with at the start.
_BEFORE_TOLD = (CaseState.SENT, CaseState.ACKNOWLEDGED)

#: Joins the coordinator of a case.
_COORDINATES = (Identity.realm_id == WorklistEntry.provider_id) & (Identity.id == WorklistEntry.coordinator_id)


class Worklist(enum.StrEnum):
    """The ways provider staff look at their cases."""

    OPEN = "open"
    NEW = "new"
    MINE = "mine"
    LATE = "late"
    CLOSED = "closed"


class WorklistRow(NamedTuple):
    """A case in a provider's list, over all councils that commission it."""

    authority_id: uuid.UUID
    case_id: uuid.UUID
    reference: str
    child_name: str
    state: CaseState
    channel: Channel
    received_at: dt.datetime
    next_due_on: dt.date | None
    next_due_code: ClockCode | None
    next_due_basis: ClockBasis | None
    attention: Attention | None
    coordinator_id: uuid.UUID | None
    coordinator: str
    """What the coordinator is called; "" when nobody took the case or their sign-in gives no name."""


class FormerRow(NamedTuple):
    """A case that a provider had: what its own record of it says."""

    authority_id: uuid.UUID
    case_id: uuid.UUID
    reference: str
    child_name: str
    held_from: dt.datetime
    held_until: dt.datetime
    because: PassedOnBecause


@dataclasses.dataclass(frozen=True, kw_only=True)
class SameChild:
    """Another case of the provider's that may be about the same child."""

    authority_id: uuid.UUID
    case_id: uuid.UUID
    reference: str
    council: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Desk:
    """What a provider's staff know of a case beside the case: whose it is among them, and what lies next to it."""

    council: str
    council_mailbox: str
    """Where the council's team is mailed; "" where it gave no mailbox."""
    provider: str
    attention: Attention | None
    coordinator_id: uuid.UUID | None
    coordinator: str
    """What the coordinator is called; "" when nobody took the case or their sign-in gives no name."""
    same_child: tuple[SameChild, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CouncilCounts:
    """How many of one council's cases a provider holds: open, new, late, and in want of attention."""

    authority_id: uuid.UUID
    open: int
    new: int
    late: int
    attention: int


def provider_worklist(
    session: Session,
    *,
    provider_id: uuid.UUID,
    worklist: Worklist,
    coordinator_id: uuid.UUID | None,
    on: dt.date,
    page: Page,
    authority_id: uuid.UUID | None = None,
) -> Sequence[WorklistRow]:
    """Return one page of the provider's cases over all councils (or one), by next due date, closed ones newest first;
    one row more than the page holds when there are further ones."""
    reading = _worklist_page(
        worklist, size=page.size, of_one=authority_id is not None, goes_on=page.after_id is not None
    )
    asked = {"provider_id": provider_id, "coordinator_id": coordinator_id, "on": on, "authority_id": authority_id}
    return _rows(session, provider_id, reading.rows(session, asked | page.parameters))


@functools.cache
def _worklist_page(worklist: Worklist, *, size: int, of_one: bool, goes_on: bool) -> Reading[Any]:
    """Return one page of a list, put together once and filled in each time; ``of_one`` narrows it to a council."""
    held = _held(bindparam("provider_id")).where(WorklistEntry.is_open.is_(worklist is not Worklist.CLOSED))
    if of_one:
        held = held.where(WorklistEntry.authority_id == bindparam("authority_id"))
    match worklist:
        case Worklist.NEW:
            held = held.where(WorklistEntry.state == CaseState.SENT)
        case Worklist.MINE:
            held = held.where(WorklistEntry.coordinator_id == bindparam("coordinator_id"))
        case Worklist.LATE:
            held = held.where(WorklistEntry.next_due_on < bindparam("on"))
        case Worklist.OPEN | Worklist.CLOSED:
            pass
    # Nothing is due in a closed case and ids follow the time: the same index read backwards gives the newest first.
    closed = worklist is Worklist.CLOSED
    due, key = WorklistEntry.next_due_on, WorklistEntry.case_id
    return Reading(_shown(paged(held, due, key, size=size, goes_on=goes_on, newest_first=closed)))


def late_to_begin(session: Session, *, provider_id: uuid.UUID, on: dt.date, most: int) -> Sequence[WorklistRow]:
    """Return the cases not acknowledged, or of which the council was not told, in time; the latest first."""
    late = _held(provider_id).where(
        WorklistEntry.is_open, WorklistEntry.state.in_(_BEFORE_TOLD), WorklistEntry.next_due_on < on
    )
    late = late.order_by(WorklistEntry.next_due_on, WorklistEntry.case_id).limit(most)
    return _rows(session, provider_id, session.execute(_shown(late)))


def in_want_of_attention(session: Session, *, provider_id: uuid.UUID, most: int) -> Sequence[WorklistRow]:
    """Return the cases with a conflict of interest or a failed delivery, the oldest first."""
    marked = _held(provider_id).where(WorklistEntry.attention.is_not(None))
    oldest = marked.order_by(WorklistEntry.case_id).limit(most)
    return _rows(session, provider_id, session.execute(_shown(oldest)))


def counts_by_council(session: Session, *, provider_id: uuid.UUID, on: dt.date) -> Sequence[CouncilCounts]:
    """Return, for each council of which the provider holds open cases, how many there are."""
    held = _held(provider_id).where(WorklistEntry.is_open).subquery()
    is_late = (held.c.state.in_(_BEFORE_TOLD)) & (held.c.next_due_on < on)
    rows = session.execute(
        select(
            held.c.authority_id,
            func.count().label("open"),
            func.count().filter(held.c.state == CaseState.SENT).label("new"),
            func.count().filter(is_late).label("late"),
            func.count().filter(held.c.attention.is_not(None)).label("attention"),
        ).group_by(held.c.authority_id)
    )
    return [CouncilCounts(**row._mapping) for row in rows]


def on_the_desk(session: Session, *, provider_id: uuid.UUID, authority_id: uuid.UUID, case_id: uuid.UUID) -> Desk:
    """Return what the provider knows of a case beside the case, in one statement (two while its key is renewed).

    Raises NotFound for a case it does not hold.
    Only the provider learns of another case with the same child's name and date of birth: two requests about one child
    stay two cases, and neither family hears of the other.
    """
    child = _same_child(session, provider_id, authority_id, case_id)
    rows = session.execute(_desk_rows(provider_id, authority_id, case_id, child)).all()
    own = next((row for row in rows if row[0].case_id == case_id), None)
    if own is None:
        raise NotFound
    entry, council, mailbox, provider, coordinator = own
    return Desk(
        council=council,
        council_mailbox=mailbox or "",
        provider=provider,
        attention=entry.attention,
        coordinator_id=entry.coordinator_id,
        coordinator=coordinator.shown_as if coordinator else "",
        same_child=tuple(
            SameChild(
                authority_id=other.authority_id, case_id=other.case_id, reference=other.reference, council=its_council
            )
            for other, its_council, _mailbox, _provider, _coordinator in rows
            if other.case_id != case_id
        ),
    )


def _same_child(
    session: Session, provider_id: uuid.UUID, authority_id: uuid.UUID, case_id: uuid.UUID
) -> ColumnElement[bool]:
    """Return the condition that a row of the provider's list is about the case's child.

    While the provider's key is renewed others have it under the other version, so it is made under both.
    """
    this = select(WorklistEntry.child_fingerprint).where(
        WorklistEntry.provider_id == provider_id,
        WorklistEntry.authority_id == authority_id,
        WorklistEntry.case_id == case_id,
    )
    if len(realm_keys(session, provider_id).versions) == 1:
        # One value: within an OR, IN of a query has PostgreSQL look through all of the provider's cases.
        return WorklistEntry.child_fingerprint == this.scalar_subquery()
    row = session.execute(
        this.with_only_columns(WorklistEntry.name_sealed, Child.id, Child.date_of_birth_sealed).join(
            Child, (Child.authority_id == WorklistEntry.authority_id) & (Child.case_id == WorklistEntry.case_id)
        )
    ).first()
    if row is None:
        return false()
    name = WorklistEntry.name.opener(session, provider_id)(case_id, row.name_sealed)
    born = Child.date_of_birth.opener(session, authority_id)(row.id, row.date_of_birth_sealed)
    known = search_fingerprints(session, provider_id, "provider_worklist.child", f"{name}|{born or None}")
    return WorklistEntry.child_fingerprint.in_(known)


def _desk_rows(
    provider_id: uuid.UUID, authority_id: uuid.UUID, case_id: uuid.UUID, child: ColumnElement[bool]
) -> Select[WorklistEntry, str, str | None, str, Identity | None]:
    """Return the case's own row and those of the same ``child``: each with council, mailbox, provider, coordinator."""
    return (
        _held(provider_id)
        .add_columns(LocalAuthority.name, LocalAuthority.profile["team_mailbox"].astext, Provider.name, Identity)
        .join(LocalAuthority, LocalAuthority.id == WorklistEntry.authority_id)
        .join(Provider, Provider.id == WorklistEntry.provider_id)
        .outerjoin(Identity, _COORDINATES)
        .where(
            or_(
                # With its council, or PostgreSQL looks through all of the provider's cases for the id.
                (WorklistEntry.authority_id == authority_id) & (WorklistEntry.case_id == case_id),
                child,
            )
        )
        .order_by(WorklistEntry.case_id)
    )


def passed_on(
    session: Session, *, provider_id: uuid.UUID, most: int, one: tuple[uuid.UUID, uuid.UUID] | None = None
) -> Sequence[FormerRow]:
    """Return the cases that the provider had and another took over, the newest first (provider's scope).

    ``one`` narrows them to a council's one case, by the ids of both.
    """
    name = FormerHolding.name.opener(session, provider_id)
    narrowed = [tuple_(FormerHolding.authority_id, FormerHolding.case_id) == one] if one else []
    rows = session.execute(
        select(
            FormerHolding.authority_id,
            FormerHolding.case_id,
            FormerHolding.reference,
            FormerHolding.name_sealed,
            FormerHolding.held_from,
            FormerHolding.held_until,
            FormerHolding.because,
        )
        .where(FormerHolding.provider_id == provider_id, *narrowed)
        .order_by(FormerHolding.held_until.desc(), FormerHolding.case_id)
        .limit(most)
    )
    return [
        FormerRow(
            authority_id=row.authority_id,
            case_id=row.case_id,
            reference=row.reference,
            child_name=name(row.case_id, row.name_sealed),
            held_from=row.held_from,
            held_until=row.held_until,
            because=row.because,
        )
        for row in rows
    ]


def open_cases(session: Session, *, provider_id: uuid.UUID, authority_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Return the ids of the provider's open cases of one council, the oldest first."""
    held = _held(provider_id).where(WorklistEntry.authority_id == authority_id, WorklistEntry.is_open)
    return session.scalars(held.with_only_columns(WorklistEntry.case_id).order_by(WorklistEntry.case_id)).all()


def handed_over(session: Session, *, provider_id: uuid.UUID, authority_id: uuid.UUID) -> Sequence[tuple[str, dt.date]]:
    """Return the references of one council's cases that went to another provider after an early end, and the London
    date of each, in that order: of the provider's own record, without a name."""
    rows = session.execute(
        select(FormerHolding.reference, FormerHolding.held_until)
        .where(
            FormerHolding.provider_id == provider_id,
            FormerHolding.authority_id == authority_id,
            FormerHolding.because == PassedOnBecause.CONTRACT_ENDED,
        )
        .order_by(FormerHolding.held_until, FormerHolding.case_id)
    )
    return [(row.reference, london_date(row.held_until)) for row in rows]


def rows_of(
    session: Session, *, provider_id: uuid.UUID, cases: Iterable[tuple[uuid.UUID, uuid.UUID]]
) -> dict[uuid.UUID, WorklistRow]:
    """Return the rows of these cases by their id, of those that the provider holds; each is asked for by the ids of its
    council and its own, which is how they are indexed."""
    wanted = _held(provider_id).where(tuple_(WorklistEntry.authority_id, WorklistEntry.case_id).in_(list(cases)))
    rows = _rows(session, provider_id, session.execute(_shown(wanted)))
    return {row.case_id: row for row in rows}


def _held(provider_id: uuid.UUID | BindParameter[uuid.UUID]) -> Select[WorklistEntry]:
    """Return the rows of cases that the provider holds and its staff may look at.

    A request that waits for a young person's own yes has not been sent on, so nobody looks at it, but for one that the
    provider itself wrote down for a caller.
    """
    return select(WorklistEntry).where(
        WorklistEntry.provider_id == provider_id,
        WorklistEntry.held_until.is_(None),
        or_(WorklistEntry.state != CaseState.WAITING_FOR_YOUNG_PERSON, WorklistEntry.channel == Channel.PHONE),
    )


def _shown(entries: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Narrow ``entries`` to the columns that a list shows, with who coordinates each."""
    return entries.outerjoin(Identity, _COORDINATES).with_only_columns(
        WorklistEntry.authority_id,
        WorklistEntry.case_id,
        WorklistEntry.reference,
        WorklistEntry.name_sealed,
        WorklistEntry.state,
        WorklistEntry.channel,
        WorklistEntry.received_at,
        WorklistEntry.next_due_on,
        WorklistEntry.next_due_code,
        WorklistEntry.next_due_basis,
        WorklistEntry.attention,
        WorklistEntry.coordinator_id,
        Identity.shown_as_sealed,
    )


def _rows(session: Session, provider_id: uuid.UUID, rows: Iterable[Any]) -> list[WorklistRow]:
    name = WorklistEntry.name.opener(session, provider_id)
    # A few coordinators have all the cases.
    coordinator = functools.cache(Identity.shown_as.opener(session, provider_id))
    return [
        WorklistRow(
            authority_id=row.authority_id,
            case_id=row.case_id,
            reference=row.reference,
            child_name=name(row.case_id, row.name_sealed),
            state=row.state,
            channel=row.channel,
            received_at=row.received_at,
            next_due_on=due_date(row.next_due_on),
            next_due_code=row.next_due_code,
            next_due_basis=row.next_due_basis,
            attention=row.attention,
            coordinator_id=row.coordinator_id,
            coordinator=coordinator(row.coordinator_id, row.shown_as_sealed),
        )
        for row in rows
    ]
