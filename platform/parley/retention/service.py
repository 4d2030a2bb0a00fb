"""Holding a case against disposal, and disposing of what is due. Each is one transaction, which it commits."""

import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.casework.service import disposal as casework
from parley.compartment import disposal as compartment
from parley.identity.clearing import delete_people
from parley.kernel.errors import Conflict, NotFound
from parley.retention import queries
from parley.retention.domain import PARTS, SIGN_IN, ClosedCase, Part
from parley.retention.models import Disposal, LegalHold


def place_hold(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, reference: str, by: str, reason: str
) -> None:
    """Keep everything of the case called ``reference`` until the hold is lifted. Commits.

    ``by`` is the account that does it. Raises NotFound, and Conflict if it is held already.
    """
    case_id = _case(session, authority_id, reference)
    if _running(session, authority_id, case_id) is not None:
        raise Conflict(f"{reference} is held already; see `parley retention holds`.", code="held")
    hold = LegalHold(authority_id=authority_id, case_id=case_id, placed_at=at, placed_by=by, reason=reason)
    session.add(hold)
    audit.record(
        session,
        at=at,
        actor=actor,
        action="legal_hold.place",
        realm_id=authority_id,
        subject_id=hold.id,
        case_id=case_id,
    )
    session.commit()


def lift_hold(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, reference: str, by: str, reason: str
) -> None:
    """Let a held case's records go when they are due, which may be the next night. Commits.

    Raises NotFound, and Conflict if it is not held.
    """
    case_id = _case(session, authority_id, reference)
    hold = _running(session, authority_id, case_id)
    if hold is None:
        raise Conflict(f"{reference} is not held; see `parley retention holds`.", code="not-held")
    hold.lifted_at, hold.lifted_by, hold.lift_reason = at, by, reason
    audit.record(
        session,
        at=at,
        actor=actor,
        action="legal_hold.lift",
        realm_id=authority_id,
        subject_id=hold.id,
        case_id=case_id,
    )
    session.commit()


def dispose(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case: ClosedCase,
    parts: Collection[Part],
) -> None:
    """Delete ``parts`` of a case, in its scope of disposal; an audit event with codes says that they went. Commits.

    The case's key is destroyed with the last that it seals. Raises Conflict, and deletes nothing, where the database
    does not let the case go: it was held, or opened again, a moment ago.
    """
    # Whoever places a hold meanwhile waits here, and finds what is left.
    if not casework.lock_entry(session, authority_id, case.id):
        raise Conflict(f"{case.reference} may not be disposed of now.", code="not-disposable")
    going = set(parts)
    if Part.COMPARTMENT in going:
        compartment.delete_confidential(session, authority_id, case.id)
    if Part.CONCERNS in going:
        compartment.delete_concerns(session, authority_id, case.id)
    has_concerns = compartment.has_concerns(session, authority_id, case.id)
    if Part.COMPARTMENT in going | case.gone and not has_concerns:
        compartment.destroy_key(session, authority_id, case.id)
    if Part.OPEN_RECORD in going:
        casework.delete_case(session, authority_id, case.id)
    if Part.LIST_ENTRY in going:
        casework.empty_entry(session, authority_id, case.id)
    gone = case.gone | going
    for part in sorted(going):
        codes = {"part": part.value, "class": PARTS[part].record_class.value, "holder": PARTS[part].controller.value}
        audit.record(
            session,
            at=at,
            actor=actor,
            action="retention.dispose",
            realm_id=authority_id,
            subject_id=case.id,
            case_id=case.id,
            codes=codes,
        )
    if gone | ({Part.CONCERNS} if not has_concerns else set()) == set(Part):
        casework.delete_entry(session, authority_id, case.id)
    else:
        went = [{"part": part, "closed_on": case.closed_on, "at": at} for part in going]
        session.execute(insert(Disposal), [{"authority_id": authority_id, "case_id": case.id, **one} for one in went])
    session.commit()


def forget_people(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, ids: Collection[uuid.UUID]
) -> int:
    """Delete those of ``ids`` whom nothing knows any more, in the scope of disposal; return how many went. Commits."""
    count = delete_people(session, authority_id, ids)
    if count:
        codes: dict[str, str | int] = {
            "part": "sign_in",
            "class": SIGN_IN.record_class.value,
            "holder": SIGN_IN.controller.value,
            "count": count,
        }
        audit.record(
            session,
            at=at,
            actor=actor,
            action="retention.dispose",
            realm_id=authority_id,
            subject_id=authority_id,
            codes=codes,
        )
    session.commit()
    return count


def _case(session: Session, authority_id: uuid.UUID, reference: str) -> uuid.UUID:
    case_id = queries.case_called(session, authority_id, reference)
    if case_id is None:
        raise NotFound(f"This council has no case {reference}, or nothing is left of it.", code="no-case")
    return case_id


def _running(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> LegalHold | None:
    return session.scalar(
        select(LegalHold)
        .where(LegalHold.authority_id == authority_id, LegalHold.case_id == case_id, LegalHold.lifted_at.is_(None))
        .with_for_update()
    )
