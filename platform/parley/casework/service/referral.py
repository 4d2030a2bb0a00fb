"""What the provider does before a meeting: acknowledge, ask, signpost, step back, tell the council, end."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.change_over import TAKEN_UP
from parley.casework.clocks import response_clock
from parley.casework.domain import Attention, CaseState, Channel, ClockCode, CloseReason, ReferralState, Viewer
from parley.casework.models import Case, Referral
from parley.casework.service.people import bodies_to_invite, invite_by
from parley.casework.service.record import Act, begin_act, worklist_entry
from parley.casework.timeline import Happening, ProviderNotice
from parley.db.events import announce
from parley.jobs.service import enqueue
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict, NotFound
from parley.policy.domain import Policy

DELIVER = "casework.deliver_referral"


def refer(act: Act) -> None:
    """Hand the case to its provider: the referral row and the job that delivers it, in this transaction."""
    referral = Referral(
        authority_id=act.case.authority_id,
        case_id=act.case.id,
        provider_id=act.case.provider_id,
        state=ReferralState.PENDING,
        made_at=act.at,
    )
    act.session.add(referral)
    enqueue(
        act.session,
        DELIVER,
        lock=f"case:{act.case.id}",
        authority_id=act.case.authority_id,
        case_id=act.case.id,
        referral_id=referral.id,
    )


def acknowledge(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    take: bool = False,
) -> Case:
    """Record that the provider has the request and takes it up; with ``take`` the actor becomes its coordinator.

    A case that was taken over stays where it stands. Commits. Raises Conflict when it was done already.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    referral, entry = current_referral(session, act.case), worklist_entry(session, act.case)
    if act.case.state not in TAKEN_UP or referral.acknowledged_at is not None:
        act.move(CaseState.ACKNOWLEDGED)
    referral.acknowledged_at = at
    if entry.attention is Attention.DELIVERY:
        # Its people read it here, so whatever kept the plugin from delivering it no longer matters.
        referral.state, entry.attention = ReferralState.SUBMITTED, None
    if take:
        entry.coordinator_id = actor.identity_id
    act.meet(ClockCode.ACKNOWLEDGE_BY)
    act.happened(Happening.ACKNOWLEDGED)
    session.commit()
    return act.case


def tell_council(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, case_id: uuid.UUID, policy: Policy
) -> Case:
    """Record that the provider told the council of the request: from now on the council sees its open side. Commits.

    The provider's own act (seed page): nothing else shows a case to its council. ``policy`` is the version the case
    began under. Raises Conflict when the case is not acknowledged, or the council was told already.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    act.require_going_on()
    act.case.council_told_at = act.case.council_told_at or at
    act.move(CaseState.COUNCIL_TOLD)
    act.meet(ClockCode.TELL_COUNCIL_BY)
    act.start([response_clock(ClockCode.ANSWER_BY, policy, london_date(at))])
    for body in bodies_to_invite(session, act.case):
        invite_by(act, body, policy)
    act.happened(Happening.COUNCIL_TOLD)
    session.commit()
    return act.case


def signpost(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    contacts: Sequence[str],
) -> Case:
    """Close a request for which another way is the right one. Commits.

    ``contacts`` are the keys of the policy's contacts that the family is told of, in order; they are kept with what
    happened, as to_1, to_2 and so on. Possible until the council was told; afterwards a case ends by withdrawal or by
    what the parties say.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    if act.case.council_told_at is not None:
        raise Conflict("The council has been told of this request, so it can no longer be signposted.", code="told")
    act.move(CaseState.CLOSED, because=CloseReason.SIGNPOSTED)
    act.stop_all()
    current_referral(session, act.case).state = ReferralState.ENDED
    told = {f"to_{number}": key for number, key in enumerate(contacts, 1)}
    act.happened(Happening.SIGNPOSTED, subject_id=act.case.id, **told)
    session.commit()
    return act.case


def report_conflict_of_interest(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, case_id: uuid.UUID
) -> Case:
    """Record that the provider cannot act independently in this case; its administrator sees it. Commits."""
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    _require_open(act.case)
    entry = worklist_entry(session, act.case)
    if entry.attention is Attention.CONFLICT_OF_INTEREST:
        raise Conflict("A conflict of interest is recorded already; your administrator sees it.", code="recorded")
    current_referral(session, act.case).state = ReferralState.NEEDS_ATTENTION
    entry.attention = Attention.CONFLICT_OF_INTEREST
    act.happened(Happening.CONFLICT_OF_INTEREST)
    session.commit()
    return act.case


def end_without_meeting(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, case_id: uuid.UUID
) -> Case:
    """Close a case that cannot go on because a needed party said no or those left do not wish to. Commits."""
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    act.move(CaseState.CLOSED, because=CloseReason.NOT_PROCEEDING)
    act.stop_all()
    current_referral(session, act.case).state = ReferralState.ENDED
    act.happened(Happening.CLOSED, reason=CloseReason.NOT_PROCEEDING.value)
    session.commit()
    return act.case


def referral_submitted(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    provider_reference: str | None,
    notice: ProviderNotice | None,
) -> None:
    """Record that the provider's plugin took the referral, and announce the mail it asks for. Commits.

    Doing so twice changes nothing.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    referral = current_referral(session, act.case)
    if referral.state in {ReferralState.PENDING, ReferralState.NEEDS_ATTENTION}:
        if notice is not None:
            announce(session, notice)
        referral.state = ReferralState.SUBMITTED
        referral.submitted_at = at
        referral.provider_reference = provider_reference
        referral.last_error = None
        entry = worklist_entry(session, act.case)
        if entry.attention is Attention.DELIVERY:
            entry.attention = None
        act.happened(Happening.SUBMITTED_TO_PROVIDER)
    session.commit()


def referral_failed(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    error: str,
    for_good: bool,
) -> None:
    """Record why the referral could not be handed over; ``for_good`` when it will not be tried again. Commits.

    ``error`` is a code. The family's request is safe either way: the provider's people find it in their list.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    referral = current_referral(session, act.case)
    referral.last_error = error
    if for_good and referral.state is ReferralState.PENDING:
        referral.state = ReferralState.NEEDS_ATTENTION
        worklist_entry(session, act.case).attention = Attention.DELIVERY
        act.happened(Happening.DELIVERY_NEEDS_ATTENTION, error=error)
    session.commit()


def current_referral(session: Session, case: Case) -> Referral:
    """Return the case's newest referral. Raises NotFound while it waits for a young person and has none."""
    referral = newest_referral(session, case)
    if referral is None:
        raise NotFound
    return referral


def newest_referral(session: Session, case: Case) -> Referral | None:
    """Return the case's newest referral, None for a request that was never sent to a provider."""
    return session.scalar(
        select(Referral)
        .where(Referral.authority_id == case.authority_id, Referral.case_id == case.id)
        .order_by(Referral.made_at.desc(), Referral.id.desc())
        .limit(1)
    )


def keep_out_of_sight(act: Act) -> None:
    """Leave a request that was never sent to its provider as it stood in that provider's list, where nobody sees such a
    one, in the caller's transaction. One that the provider wrote down for a caller it knows, and sees how it stands."""
    if act.case.channel is not Channel.PHONE:
        worklist_entry(act.session, act.case).state = CaseState.WAITING_FOR_YOUNG_PERSON


def _require_open(case: Case) -> None:
    if case.state is CaseState.CLOSED:
        raise Conflict("This case is closed.", code="closed")
