"""A council's and a family's lists of cases: one indexed query a page, however many cases there are.

A provider's list is read by ``worklists``, one case by ``queries``.
"""

import dataclasses
import datetime as dt
import enum
import functools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Date, Integer, Select, Uuid, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from parley.casework.domain import NEVER, Capacity, CaseState, ClockCode, CouncilList, PartyKind
from parley.casework.models import Case, Party, PartyMember
from parley.db.sealed import search_fingerprint

Row = TypeVar("Row")

PAGE = 25

#: How far the counts beside the names of lists go: a bounded walk along an index, however long the list.
COUNTED_UP_TO = 100

#: Due dates by which the council is asked for its own answer.
ASKED_FOR = (ClockCode.ANSWER_BY, ClockCode.HOLDING_UNTIL)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseRow:
    """A case in a council's list."""

    id: uuid.UUID
    reference: str
    child_name: str
    state: CaseState
    state_since: dt.datetime
    told_at: dt.datetime | None
    next_due_on: dt.date | None
    next_due_code: ClockCode | None
    assigned_id: uuid.UUID | None
    areas: tuple[str, ...]
    against: tuple[str, ...]

    @property
    def waits_for_council(self) -> bool:
        """Tell whether the council's own answer is asked for."""
        return self.state is CaseState.COUNCIL_TOLD and self.next_due_code in ASKED_FOR


@dataclasses.dataclass(frozen=True, kw_only=True)
class OwnCaseRow:
    """A case in a family's own list."""

    id: uuid.UUID
    reference: str
    child_name: str
    state: CaseState
    sent_at: dt.datetime
    capacity: Capacity


class Inbox(enum.StrEnum):
    """The ways an officer looks at the council's cases."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    TEAM = "team"
    DUE = "due"
    CLOSED = "closed"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Page:
    """Where a page of a list begins: after the row with this due date and id; both None for the first page."""

    after_due: dt.date | None = None
    after_id: uuid.UUID | None = None
    size: int = PAGE

    @property
    def parameters(self) -> dict[str, Any]:
        """What ``paged`` leaves to be filled in."""
        return {"after_due": self.after_due or NEVER, "after_id": self.after_id, "most": self.size + 1}


def council_inbox(
    session: Session,
    *,
    authority_id: uuid.UUID,
    inbox: Inbox,
    officer_id: uuid.UUID,
    on: dt.date,
    page: Page,
) -> Sequence[CaseRow]:
    """Return one page of the council's cases of which it was told, by next due date, closed ones newest first; one row
    more than the page holds when there are further ones. ``on`` is the last day that the list of due cases looks at."""
    statement = _inbox_page(inbox, goes_on=page.after_id is not None)
    asked = {"authority_id": authority_id, "officer_id": officer_id, "on": on} | page.parameters
    return _case_rows(session, statement, asked)


def council_counts(
    session: Session, *, authority_id: uuid.UUID, officer_id: uuid.UUID, on: dt.date
) -> dict[Inbox, int]:
    """Return how many cases are the officer's, nobody's, and due by ``on``, each counted up to COUNTED_UP_TO."""
    row = session.execute(_counts(), {"authority_id": authority_id, "officer_id": officer_id, "on": on}).one()
    return {Inbox(name): count for name, count in row._mapping.items()}


def next_to_answer(session: Session, *, authority_id: uuid.UUID, officer_id: uuid.UUID) -> uuid.UUID | None:
    """Return the case that the officer answers next: of their own the first due, else of those that are nobody's."""
    for inbox in (Inbox.MINE, Inbox.UNASSIGNED):
        found = session.scalar(
            _inbox(inbox)
            .with_only_columns(Case.id)
            .where(Case.state == CaseState.COUNCIL_TOLD, Case.next_due_code == ClockCode.ANSWER_BY)
            .order_by(Case.next_due_on, Case.id)
            .limit(1),
            {"authority_id": authority_id, "officer_id": officer_id},
        )
        if found is not None:
            return found
    return None


def search_council(session: Session, *, authority_id: uuid.UUID, text: str) -> Sequence[CaseRow]:
    """Return the council's cases whose reference, child's full name or own number is ``text`` (case and spaces aside).

    Names and numbers are sealed, so only whole ones are found.
    """
    wanted = " ".join(text.split())
    if not wanted:
        return []
    found = (
        select(Case)
        .where(Case.authority_id == authority_id, Case.listed != CouncilList.UNTOLD)
        .where(
            or_(
                Case.reference == wanted.upper(),
                Case.child_fingerprint == search_fingerprint(session, authority_id, "case.child_name", wanted),
                Case.council_number_fingerprint
                == search_fingerprint(session, authority_id, "case.council_number", wanted),
            )
        )
        .order_by(Case.id.desc())
        .limit(PAGE)
    )
    return _case_rows(session, found)


def own_cases(session: Session, *, authority_id: uuid.UUID, identity_id: uuid.UUID) -> Sequence[OwnCaseRow]:
    """Return the cases in whose family party the signed-in person is, newest first."""
    rows = session.execute(
        select(Case, PartyMember.capacity)
        .join(PartyMember, (PartyMember.authority_id == Case.authority_id) & (PartyMember.case_id == Case.id))
        .join(Party, (Party.authority_id == PartyMember.authority_id) & (Party.id == PartyMember.party_id))
        .where(
            Case.authority_id == authority_id,
            PartyMember.identity_id == identity_id,
            PartyMember.left_at.is_(None),
            Party.kind == PartyKind.FAMILY,
        )
        .order_by(Case.sent_at.desc())
    )
    return [
        OwnCaseRow(
            id=case.id,
            reference=case.reference,
            child_name=case.child_name,
            state=case.state,
            sent_at=case.sent_at,
            capacity=capacity,
        )
        for case, capacity in rows
    ]


# What follows is put together once and filled in each time: a list is a council's most opened page, and putting its
# statement together takes longer than PostgreSQL takes to answer it.


@functools.cache
def _inbox_page(inbox: Inbox, *, goes_on: bool) -> Select[Case]:
    """Return one page of a list, the first or a further one."""
    cases = _inbox(inbox)
    # Nothing binds the council in a closed case; ids follow the time, so that the newest come first.
    return paged(cases, Case.next_due_on, Case.id, goes_on=goes_on, newest_first=inbox is Inbox.CLOSED)


@functools.cache
def _counts() -> Select[Any]:
    counted = {
        inbox: select(func.count()).select_from(
            _inbox(inbox).with_only_columns(Case.id).limit(COUNTED_UP_TO).subquery()
        )
        for inbox in (Inbox.MINE, Inbox.UNASSIGNED, Inbox.DUE)
    }
    return select(*(count.scalar_subquery().label(inbox.value) for inbox, count in counted.items()))


def _inbox(inbox: Inbox) -> Select[Case]:
    listed = CouncilList.CLOSED if inbox is Inbox.CLOSED else CouncilList.OPEN
    cases = select(Case).where(Case.authority_id == bindparam("authority_id"), Case.listed == listed)
    match inbox:
        case Inbox.MINE:
            return cases.where(Case.assigned_id == bindparam("officer_id"))
        case Inbox.UNASSIGNED:
            return cases.where(Case.assigned_id.is_(None))
        case Inbox.DUE:
            return cases.where(Case.next_due_on <= bindparam("on"))
        case Inbox.TEAM | Inbox.CLOSED:
            return cases


def paged(
    statement: Select[Row],
    due: InstrumentedAttribute[dt.date],
    key: InstrumentedAttribute[uuid.UUID],
    *,
    goes_on: bool,
    newest_first: bool = False,
) -> Select[Row]:
    """Return ``statement`` in order of due date and id, or the other way round; where it ``goes_on``, after a row.

    ``Page.parameters`` fill it in.
    """
    place, after = tuple_(due, key), tuple_(bindparam("after_due", type_=Date), bindparam("after_id", type_=Uuid))
    if goes_on:
        statement = statement.where(place < after if newest_first else place > after)
    order = (due.desc(), key.desc()) if newest_first else (due, key)
    return statement.order_by(*order).limit(bindparam("most", type_=Integer))


def due_date(due_on: dt.date) -> dt.date | None:
    """Return a stored due date, or None for what has none."""
    return None if due_on == NEVER else due_on


def _case_rows(session: Session, statement: Select[Case], asked: Mapping[str, Any] | None = None) -> list[CaseRow]:
    return [
        CaseRow(
            id=case.id,
            reference=case.reference,
            child_name=case.child_name,
            state=case.state,
            state_since=case.state_since,
            told_at=case.council_told_at,
            next_due_on=due_date(case.next_due_on),
            next_due_code=case.next_due_code,
            assigned_id=case.assigned_id,
            areas=tuple(case.areas),
            against=tuple(case.against),
        )
        for case in session.scalars(statement, asked)
    ]
