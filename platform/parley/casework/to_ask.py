"""What a provider is told of a request that still waits for a young person's own yes, and was made online.

Until that yes the request has not been sent to anybody. Where the young person can be asked by phone alone, or rings by
themselves, somebody has to speak with them: for that one purpose the provider is told who they are and how to reach
them, and nothing of what was asked, by whom, or about what.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from parley.casework.domain import Capacity, CaseState, Channel, ClockCode
from parley.casework.models import Case, CaseClock, PartyMember, WorklistEntry
from parley.kernel.errors import NotFound


@dataclasses.dataclass(frozen=True, kw_only=True)
class YoungPersonToAsk:
    """A young person whose own answer a request waits for; ``by`` is a London date."""

    authority_id: uuid.UUID
    case_id: uuid.UUID
    policy_version_id: uuid.UUID
    law_version: str
    member_id: uuid.UUID
    reference: str
    name: str
    phone: str
    sent_at: dt.datetime
    by: dt.date | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class WaitingRequest:
    """A request that waits, as a list or a search names it: whose yes, and where.

    ``is_sent``: the provider has it, and it is on hold.
    """

    authority_id: uuid.UUID
    case_id: uuid.UUID
    reference: str
    name: str
    is_sent: bool


def young_person_to_ask(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID) -> YoungPersonToAsk:
    """Return whom to ask in one open case. Raises NotFound for what the walls hide and for any other request."""
    found = session.execute(
        select(Case, PartyMember, CaseClock.due_on)
        .join(PartyMember, (PartyMember.authority_id == Case.authority_id) & (PartyMember.case_id == Case.id))
        .outerjoin(
            CaseClock,
            (CaseClock.authority_id == Case.authority_id)
            & (CaseClock.case_id == Case.id)
            & (CaseClock.code == ClockCode.YOUNG_PERSON_BY)
            & CaseClock.met_at.is_(None)
            & CaseClock.stopped_at.is_(None),
        )
        .where(
            Case.authority_id == authority_id,
            Case.id == case_id,
            Case.state == CaseState.WAITING_FOR_YOUNG_PERSON,
            Case.channel == Channel.ONLINE,
            PartyMember.capacity == Capacity.YOUNG_PERSON,
            PartyMember.left_at.is_(None),
        )
        .limit(1)
    ).one_or_none()
    if found is None:
        raise NotFound
    case, member, due_on = found
    return YoungPersonToAsk(
        authority_id=case.authority_id,
        case_id=case.id,
        policy_version_id=case.policy_version_id,
        law_version=case.law_version,
        member_id=member.id,
        reference=case.reference,
        name=member.name,
        phone=member.phone,
        sent_at=case.sent_at,
        by=due_on,
    )


def waiting_requests(
    session: Session, *, provider_id: uuid.UUID, case_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, WaitingRequest]:
    """Return, by id, those of the cases that wait for a young person and were made online (provider's scope)."""
    rows = session.scalars(_open(provider_id).where(_UNSENT, WorklistEntry.case_id.in_(list(case_ids))))
    return {row.case_id: _request(row) for row in rows}


def find_waiting(session: Session, *, provider_id: uuid.UUID, reference: str, name: str) -> WaitingRequest | None:
    """Return the request of this reference that waits for the young person of this full name, or None; one on hold too.

    Both have to fit, so that nobody finds out by trying who has asked.
    """
    waits = or_(_UNSENT, WorklistEntry.next_due_code == ClockCode.YOUNG_PERSON_BY)
    rows = session.scalars(_open(provider_id).where(waits, WorklistEntry.reference == reference.strip().upper()))
    return next((_request(row) for row in rows if _folded(row.name) == _folded(name)), None)


#: What was made online and has not been sent to anybody yet.
_UNSENT = and_(WorklistEntry.state == CaseState.WAITING_FOR_YOUNG_PERSON, WorklistEntry.channel == Channel.ONLINE)


def _open(provider_id: uuid.UUID) -> Select[WorklistEntry]:
    return select(WorklistEntry).where(
        WorklistEntry.provider_id == provider_id,
        WorklistEntry.held_until.is_(None),
        WorklistEntry.is_open,
    )


def _request(row: WorklistEntry) -> WaitingRequest:
    return WaitingRequest(
        authority_id=row.authority_id,
        case_id=row.case_id,
        reference=row.reference,
        name=row.name,
        is_sent=row.state is not CaseState.WAITING_FOR_YOUNG_PERSON,
    )


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
