"""Who at the provider looks after a case, and who looked at it."""

import datetime as dt
import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.casework.domain import Attention, CaseState, ReferralState, Viewer
from parley.casework.models import Case, WorklistEntry
from parley.casework.service.record import Act, case_for_update, worklist_entry
from parley.casework.service.referral import current_referral
from parley.db.session import scope_of
from parley.kernel.errors import Conflict

#: What a provider keeps of a case that it passed on, as its reading is recorded.
FORMER_HOLDING = "former_holding"

#: Whom of a family a council rings by itself, as its reading is recorded.
WHOM_TO_RING = "whom_to_ring"

#: A case in a hand-over report, as its reading is recorded.
HAND_OVER = "hand_over"


def record_read(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    what: str = "case",
) -> None:
    """Record that the actor opened a case that was just read for them. Commits.

    ``what`` is FORMER_HOLDING where it was what a provider keeps of a case that another has, WHOM_TO_RING where it was
    how to reach a family, and nothing of its request.
    """
    _read(session, actor, at, authority_id, case_id, what)
    session.commit()


def record_hand_over_read(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, case_ids: Iterable[uuid.UUID]
) -> None:
    """Record, for each case, that the actor read a hand-over report with it. Commits."""
    for case_id in case_ids:
        _read(session, actor, at, authority_id, case_id, HAND_OVER)
    session.commit()


def assign_coordinator(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    coordinator_id: uuid.UUID | None,
    instead_of: uuid.UUID | None,
) -> Case:
    """Give the case to one of the provider's staff (an identity of theirs), or back to nobody with None. Commits.

    ``instead_of`` is who had it when the page was opened: raises Conflict when that has changed since.
    """
    case = case_for_update(session, authority_id, case_id)
    entry = _entry(session, case)
    if entry.coordinator_id != instead_of:
        raise Conflict("Somebody else took or was given this case in the meantime.", code="taken")
    _hand_to(Act(session=session, case=case, actor=actor, by=Viewer.PROVIDER, at=at), entry, coordinator_id)
    session.commit()
    return case


def settle_conflict_of_interest(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    coordinator_id: uuid.UUID,
) -> Case:
    """Record that somebody who can act independently takes over a case with a conflict of interest. Commits.

    The administrator's act. Raises Conflict when none is recorded (any more).
    """
    case = case_for_update(session, authority_id, case_id)
    entry = _entry(session, case)
    if entry.attention is not Attention.CONFLICT_OF_INTEREST:
        raise Conflict("No conflict of interest is recorded in this case any more.", code="settled")
    entry.attention = None
    # A request that nobody acknowledged yet is acknowledged by whoever takes it; the referral itself arrived.
    current_referral(session, case).state = ReferralState.SUBMITTED
    act = Act(session=session, case=case, actor=actor, by=Viewer.PROVIDER, at=at)
    _hand_to(act, entry, coordinator_id)
    act.audited("conflict_settled")
    session.commit()
    return case


def _entry(session: Session, case: Case) -> WorklistEntry:
    """Return the case's row in the list as it stands now: a page may have read it before the case was locked."""
    entry = worklist_entry(session, case)
    session.refresh(entry)
    return entry


def _hand_to(act: Act, entry: WorklistEntry, coordinator_id: uuid.UUID | None) -> None:
    if act.case.state is CaseState.CLOSED:
        raise Conflict("This case is closed.", code="closed")
    entry.coordinator_id = coordinator_id
    act.audited("coordinator_assigned", coordinator=str(coordinator_id) if coordinator_id else "nobody")


def _read(
    session: Session, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, case_id: uuid.UUID, what: str
) -> None:
    audit.record(
        session,
        at=at,
        actor=actor,
        action=f"{what}.read",
        realm_id=scope_of(session).realm_id,
        subject_id=case_id,
        case_id=case_id,
        codes={"authority": str(authority_id)},
    )
