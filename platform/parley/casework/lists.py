"""A council's and a family's lists of cases: one indexed query a page, however many cases there are.

A provider's list is read by ``worklists``, one case by ``queries``.
"""

import dataclasses
import datetime as dt
import enum
import uuid
from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import Select, func, or_, select, tuple_
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
    cases = _inbox(authority_id, inbox, officer_id, on)
    if inbox is not Inbox.CLOSED:
        return _case_rows(session, paged(cases, Case.next_due_on, Case.id, page))
    # Nothing binds the council in a closed case; ids follow the time, so that the newest come first.
    if page.after_id is not None:
        cases = cases.where(tuple_(Case.next_due_on, Case.id) < tuple_(page.after_due or NEVER, page.after_id))
    return _case_rows(session, cases.order_by(Case.next_due_on.desc(), Case.id.desc()).limit(page.size + 1))


def council_counts(
    session: Session, *, authority_id: uuid.UUID, officer_id: uuid.UUID, on: dt.date
) -> dict[Inbox, int]:
    """Return how many cases are the officer's, nobody's, and due by ``on``, each counted up to COUNTED_UP_TO."""
    counted = {
        inbox: select(func.count()).select_from(
            _inbox(authority_id, inbox, officer_id, on).with_only_columns(Case.id).limit(COUNTED_UP_TO).subquery()
        )
        for inbox in (Inbox.MINE, Inbox.UNASSIGNED, Inbox.DUE)
    }
    row = session.execute(select(*(count.scalar_subquery().label(inbox.value) for inbox, count in counted.items())))
    return {Inbox(name): count for name, count in row.one()._mapping.items()}


def next_to_answer(session: Session, *, authority_id: uuid.UUID, officer_id: uuid.UUID) -> uuid.UUID | None:
    """Return the case that the officer answers next: of their own the first due, else of those that are nobody's."""
    for inbox in (Inbox.MINE, Inbox.UNASSIGNED):
        found = session.scalar(
            _inbox(authority_id, inbox, officer_id, NEVER)
            .with_only_columns(Case.id)
            .where(Case.state == CaseState.COUNCIL_TOLD, Case.next_due_code == ClockCode.ANSWER_BY)
            .order_by(Case.next_due_on, Case.id)
            .limit(1)
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


def _inbox(authority_id: uuid.UUID, inbox: Inbox, officer_id: uuid.UUID, on: dt.date) -> Select[Case]:
    listed = CouncilList.CLOSED if inbox is Inbox.CLOSED else CouncilList.OPEN
    cases = select(Case).where(Case.authority_id == authority_id, Case.listed == listed)
    match inbox:
        case Inbox.MINE:
            return cases.where(Case.assigned_id == officer_id)
        case Inbox.UNASSIGNED:
            return cases.where(Case.assigned_id.is_(None))
        case Inbox.DUE:
            return cases.where(Case.next_due_on <= on)
        case Inbox.TEAM | Inbox.CLOSED:
            return cases


def paged(
    statement: Select[Row], due: InstrumentedAttribute[dt.date], key: InstrumentedAttribute[uuid.UUID], page: Page
) -> Select[Row]:
    """Return ``statement`` in order of due date and id, from where ``page`` begins, with one row more than it holds."""
    if page.after_id is not None:
        statement = statement.where(tuple_(due, key) > tuple_(page.after_due or NEVER, page.after_id))
    return statement.order_by(due, key).limit(page.size + 1)


def due_date(due_on: dt.date) -> dt.date | None:
    """Return a stored due date, or None for what has none."""
    return None if due_on == NEVER else due_on


def _case_rows(session: Session, statement: Select[Case]) -> list[CaseRow]:
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
        for case in session.scalars(statement)
    ]
