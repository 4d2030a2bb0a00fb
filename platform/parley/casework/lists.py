"""A council's lists of cases: one indexed query a page, however many cases there are.

A provider's list is read by ``worklists``, a family's by ``own_cases``, one case by ``queries``.
"""

import dataclasses
import datetime as dt
import enum
import functools
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Date, Label, Select, Text, Uuid, bindparam, cast, func, literal_column, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from parley.casework.domain import NEVER, CaseState, ClockCode, CouncilList
from parley.casework.models import Case
from parley.db.reading import Reading
from parley.db.sealed import search_fingerprints
from parley.eligibility.queries import KeptFacts
from parley.identity.models import Identity

PAGE = 25

#: How far the counts beside the names of lists go: a bounded walk along an index, however long the list.
COUNTED_UP_TO = 100

#: Due dates by which the council is asked for its own answer.
ASKED_FOR = (ClockCode.ANSWER_BY, ClockCode.HOLDING_UNTIL)


class CaseRow(NamedTuple):
    """A case in a council's list. ``assigned_name`` is "" when nobody has it or their sign-in gives no name."""

    id: uuid.UUID
    reference: str
    child_name: str
    state: CaseState
    told_at: dt.datetime | None
    next_due_on: dt.date | None
    next_due_code: ClockCode | None
    assigned_id: uuid.UUID | None
    assigned_name: str
    policy_version_id: uuid.UUID
    areas: tuple[str, ...]
    against: tuple[str, ...]


class InboxPage(NamedTuple):
    """A page of a council's list, with how many cases the lists of COUNTED hold, each counted up to COUNTED_UP_TO."""

    rows: Sequence[CaseRow]
    counts: Mapping["Inbox", int]


class Inbox(enum.StrEnum):
    """The ways an officer looks at the council's cases."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    TEAM = "team"
    DUE = "due"
    CLOSED = "closed"


#: The lists whose length stands beside their names.
COUNTED = (Inbox.MINE, Inbox.UNASSIGNED, Inbox.DUE)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Page:
    """Where a page of a list begins: after the row with this due date and id; both None for the first page."""

    after_due: dt.date | None = None
    after_id: uuid.UUID | None = None
    size: int = PAGE

    @property
    def parameters(self) -> dict[str, Any]:
        """What ``paged`` leaves to be filled in."""
        return {"after_due": self.after_due or NEVER, "after_id": self.after_id}


def stands(state: CaseState, due_code: ClockCode | None) -> CaseState:
    """Return the state that a list shows: a case on hold waits for its young person, which is all that is next in it.

    ``due_code`` is what is next due of the case, as kept with it.
    """
    return CaseState.WAITING_FOR_YOUNG_PERSON if due_code is ClockCode.YOUNG_PERSON_BY else state


def waits_for_council(state: CaseState, due_code: ClockCode | None) -> bool:
    """Tell whether the council's own answer is asked for."""
    return state is CaseState.COUNCIL_TOLD and due_code in ASKED_FOR


def council_inbox(
    session: Session,
    *,
    authority_id: uuid.UUID,
    inbox: Inbox,
    officer_id: uuid.UUID,
    on: dt.date,
    page: Page,
) -> InboxPage:
    """Return one page of the council's cases of which it was told, by next due date, closed ones newest first; one row
    more than the page holds when there are further ones. ``on`` is the last day that the list of due cases looks at."""
    reading = _inbox_page(inbox, size=page.size, goes_on=page.after_id is not None)
    asked = {"authority_id": authority_id, "officer_id": officer_id, "on": on}
    rows = reading.rows(session, asked | page.parameters)
    # Every row brings the same counts, so that a page is one round trip; only an empty one asks for them apart.
    counted = rows[0] if rows else _counts().rows(session, asked)[0]
    return InboxPage(
        rows=_case_rows(session, authority_id, rows),
        counts={inbox: getattr(counted, _count_of(inbox)) for inbox in COUNTED},
    )


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
                Case.child_fingerprint.in_(search_fingerprints(session, authority_id, "case.child_name", wanted)),
                Case.council_number_fingerprint.in_(
                    search_fingerprints(session, authority_id, "case.council_number", wanted)
                ),
            )
        )
        .order_by(Case.id.desc())
        .limit(PAGE)
    )
    return _case_rows(session, authority_id, session.execute(_shown(found)))


# What follows is put together once and filled in each time: lists are a council's most opened pages.


@functools.cache
def _inbox_page(inbox: Inbox, *, size: int, goes_on: bool) -> Reading[Any]:
    """Return one page of a list, the first or a further one."""
    # Nothing binds the council in a closed case; ids follow the time, so that the newest come first.
    closed = inbox is Inbox.CLOSED
    page = paged(_inbox(inbox), Case.next_due_on, Case.id, size=size, goes_on=goes_on, newest_first=closed)
    return Reading(_shown(page).add_columns(*_count_columns()))


def _shown(cases: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Narrow ``cases`` to the columns that a list shows, with who has each: a case has more than twice as many."""
    return cases.outerjoin(
        Identity, (Identity.realm_id == Case.authority_id) & (Identity.id == Case.assigned_id)
    ).with_only_columns(
        Case.id,
        Case.reference,
        Case.child_name_sealed,
        Case.state,
        Case.council_told_at,
        Case.next_due_on,
        Case.next_due_code,
        Case.assigned_id,
        Identity.shown_as_sealed,
        Case.policy_version_id,
        cast(Case.areas, Text).label("areas"),
        cast(Case.against, Text).label("against"),
    )


@functools.cache
def _counts() -> Reading[Any]:
    return Reading(select(*_count_columns()))


def _count_columns() -> list[Label[int]]:
    counted = {
        inbox: select(func.count()).select_from(
            _inbox(inbox).with_only_columns(Case.id).limit(COUNTED_UP_TO).subquery()
        )
        for inbox in COUNTED
    }
    return [count.scalar_subquery().label(_count_of(inbox)) for inbox, count in counted.items()]


def _count_of(inbox: Inbox) -> str:
    return f"count_of_{inbox.value}"


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
    statement: Select[*tuple[Any, ...]],
    due: InstrumentedAttribute[dt.date],
    key: InstrumentedAttribute[uuid.UUID],
    *,
    size: int,
    goes_on: bool,
    newest_first: bool = False,
) -> Select[*tuple[Any, ...]]:
    """Return ``statement`` in order of due date and id, or the other way round; where it ``goes_on``, after a row.

    It brings one row more than ``size``. ``Page.parameters`` fill it in.
    """
    place, after = tuple_(due, key), tuple_(bindparam("after_due", type_=Date), bindparam("after_id", type_=Uuid))
    if goes_on:
        statement = statement.where(place < after if newest_first else place > after)
    order = (due.desc(), key.desc()) if newest_first else (due, key)
    # Written out: PostgreSQL plans a statement anew each time as long as it does not know how few rows are wanted.
    return statement.order_by(*order).limit(literal_column(str(size + 1)))


def due_date(due_on: dt.date) -> dt.date | None:
    """Return a stored due date, or None for what has none."""
    return None if due_on == NEVER else due_on


@functools.lru_cache(maxsize=1024)
def _codes(listed: str) -> tuple[str, ...]:
    """Read a list of codes, of which there are few."""
    return tuple(json.loads(listed))


def _case_rows(session: Session, authority_id: uuid.UUID, rows: Iterable[Any]) -> list[CaseRow]:
    child_name = Case.child_name.opener(session, authority_id)
    # A few officers have all the cases.
    assigned_name = functools.cache(Identity.shown_as.opener(session, authority_id))
    return [
        CaseRow(
            id=row.id,
            reference=row.reference,
            child_name=child_name(row.id, row.child_name_sealed),
            state=row.state,
            told_at=row.council_told_at,
            next_due_on=due_date(row.next_due_on),
            next_due_code=row.next_due_code,
            assigned_id=row.assigned_id,
            assigned_name=assigned_name(row.assigned_id, row.shown_as_sealed),
            policy_version_id=row.policy_version_id,
            areas=_codes(row.areas),
            against=_codes(row.against),
        )
        for row in rows
    ]


def kept_facts(session: Session, authority_id: uuid.UUID) -> list[KeptFacts]:
    """Return the facts of the council's cases, like ones together; nothing of who they are about."""
    rows = session.execute(
        select(Case.facts, Case.policy_version_id, func.count())
        .where(Case.authority_id == authority_id)
        .group_by(Case.facts, Case.policy_version_id)
    )
    return [KeptFacts(facts=facts, policy_version_id=version, count=count) for facts, version, count in rows]
