"""The log of safeguarding concerns: written from a case by whoever works on it, read by the provider's named lead.

Whoever writes cannot read it back, and nobody else at the provider can read it at all. It is a record for the lead, and
no way to get help: a page that leads here says whom to ring first.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.compartment.domain import Told, message_problems
from parley.compartment.models import SafeguardingConcern
from parley.compartment.record import act_in_case
from parley.db.session import scope_of
from parley.jobs.service import enqueue
from parley.kernel.errors import Invalid, NotFound
from parley.kernel.ids import new_id

#: A job of notifications: tells the provider's lead that there is a concern, and neither what nor in which case.
TELL_OF_CONCERN = "notifications.tell_of_concern"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConcernEntry:
    """A line of the log: which case, when, by whom, whom they had told, and whether the lead has taken it up."""

    id: uuid.UUID
    authority_id: uuid.UUID
    case_id: uuid.UUID
    author_id: uuid.UUID
    told: Told
    raised_at: dt.datetime
    taken_up_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Concern:
    """A concern as the lead reads it."""

    entry: ConcernEntry
    body: str


def raise_concern(session: Session, *, actor: Actor, at: dt.datetime, body: str, told: Told) -> uuid.UUID:
    """Write a concern about the open case into its provider's log, and have its lead told that there is one; return its
    id. Commits.

    Raises Invalid for an empty or overlong text, Refused outside a case.
    """
    if found := message_problems(body):
        raise Invalid(found)
    act = act_in_case(session, actor=actor, at=at)
    act.ensure_case_key()
    concern = SafeguardingConcern(
        provider_id=act.realm_id,
        authority_id=act.authority_id,
        case_id=act.case_id,
        author_id=act.person_id,
        told=told,
        body=body.strip(),
        raised_at=at,
    )
    session.add(concern)
    _record(session, actor, at, "concern.raise", concern)
    enqueue(session, TELL_OF_CONCERN, authority_id=act.authority_id, provider_id=act.realm_id, notice_id=new_id())
    session.commit()
    return concern.id


def log(session: Session) -> Sequence[ConcernEntry]:
    """Return the provider's log, what nobody has taken up first, then the newest. For its lead."""
    rows = session.scalars(
        select(SafeguardingConcern).order_by(
            SafeguardingConcern.taken_up_at.is_not(None), SafeguardingConcern.raised_at.desc()
        )
    )
    return [_entry(row) for row in rows]


def read(session: Session, *, actor: Actor, at: dt.datetime, concern_id: uuid.UUID) -> Concern:
    """Return one concern in the case of the scope, recorded as read. Commits. Raises NotFound."""
    row = _row(session, concern_id)
    found = Concern(entry=_entry(row), body=row.body)
    _record(session, actor, at, "concern.read", row)
    session.commit()
    return found


def take_up(session: Session, *, actor: Actor, at: dt.datetime, concern_id: uuid.UUID) -> None:
    """Record that the lead has taken a concern up; what is done about it stands elsewhere. Commits. Once."""
    row = _row(session, concern_id)
    if row.taken_up_at is None:
        row.taken_up_at, row.taken_up_by = at, actor.identity_id
        _record(session, actor, at, "concern.take_up", row)
    session.commit()


def _row(session: Session, concern_id: uuid.UUID) -> SafeguardingConcern:
    scope = scope_of(session)
    row = session.scalar(
        select(SafeguardingConcern).where(
            SafeguardingConcern.id == concern_id,
            SafeguardingConcern.authority_id == scope.authority_id,
            SafeguardingConcern.case_id == scope.case_id,
        )
    )
    if row is None:
        raise NotFound
    return row


def _entry(row: SafeguardingConcern) -> ConcernEntry:
    return ConcernEntry(
        id=row.id,
        authority_id=row.authority_id,
        case_id=row.case_id,
        author_id=row.author_id,
        told=row.told,
        raised_at=row.raised_at,
        taken_up_at=row.taken_up_at,
    )


def _record(session: Session, actor: Actor, at: dt.datetime, action: str, concern: SafeguardingConcern) -> None:
    audit.record(
        session,
        at=at,
        actor=actor,
        action=action,
        realm_id=scope_of(session).realm_id,
        subject_id=concern.id,
        case_id=concern.case_id,
        codes={"authority": str(concern.authority_id)},
    )
