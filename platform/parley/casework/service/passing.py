"""A request that its provider cannot take: passed on, taken over by the next, or placed by the council.

The provider says so on its own login; whose the case becomes is settled on the council's, where its rule, its other
providers and their keys are.
"""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.allocation import Allocated, AllocatedBecause, Terms
from parley.casework.clocks import placing_clock, provider_clocks
from parley.casework.domain import CaseState, Channel, ClockCode, PassedOnBecause, ReferralState, Viewer
from parley.casework.models import Case, Child, FormerHolding, Referral, WorklistEntry
from parley.casework.service.allocating import give
from parley.casework.service.record import Act, begin_act, worklist_entry
from parley.casework.service.referral import current_referral, keep_out_of_sight, newest_referral, refer
from parley.casework.timeline import LET_GO_BY, TAKEN_BY, Happening
from parley.db.sealed import search_fingerprint
from parley.jobs.service import enqueue
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict, Invalid
from parley.policy.domain import Policy

#: A job of casework: finds the next provider, or asks the council for one.
FIND_NEXT = "casework.find_next_provider"


def pass_on(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    because: PassedOnBecause,
) -> Case:
    """Record that the provider cannot take the case; a job finds the next by the council's rule. Commits.

    Possible until the council was told; raises Conflict afterwards.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    act.require_going_on()
    act.move(CaseState.UNPLACED)
    referral = current_referral(session, act.case)
    referral.state, referral.passed_on_because = ReferralState.PASSED_ON, because
    worklist_entry(session, act.case).attention = None
    act.stop_all()
    codes = {"because": because.value, LET_GO_BY: str(act.case.provider_id)}
    act.happened(Happening.PASSED_ON, subject_id=referral.id, **codes)
    enqueue(
        session,
        FIND_NEXT,
        lock=f"case:{case_id}",
        authority_id=authority_id,
        case_id=case_id,
        referral_id=referral.id,
    )
    session.commit()
    return act.case


def send_elsewhere(act: Act) -> None:
    """Have another provider found for a request that was never sent to its own, whose contract is over: that one gets
    no new requests, and sees nothing of this one. In the caller's transaction; a job of the council's side goes on."""
    act.move(CaseState.UNPLACED)
    keep_out_of_sight(act)
    act.happened(Happening.SENT_ELSEWHERE, subject_id=act.case.id, **{LET_GO_BY: str(act.case.provider_id)})
    enqueue(
        act.session,
        FIND_NEXT,
        lock=f"case:{act.case.id}",
        authority_id=act.case.authority_id,
        case_id=act.case.id,
    )


def find_next(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    referral_id: uuid.UUID | None,
    terms: Terms,
) -> Case:
    """Give a case that was passed on to the next provider, or ask the council for one. Commits. Twice changes nothing.

    In the council's scope. ``referral_id`` is the referral that was passed on, None for a request that was never sent
    to a provider. Nobody gets back what they passed on.
    """
    act = begin_act(session, actor=actor, by=Viewer.LOCAL_AUTHORITY, at=at, authority_id=authority_id, case_id=case_id)
    referral = newest_referral(session, act.case)
    if act.case.state is not CaseState.UNPLACED or (referral.id if referral else None) != referral_id:
        return act.case
    found = give(session, authority_id, terms.receiving, passed_by=_had_by(session, act.case))
    if found is not None:
        _take_over(act, found, terms.policy)
    elif not _waits_for_council(act):
        act.start([placing_clock(london_date(at))])
        act.happened(Happening.NOT_PLACED)
    session.commit()
    return act.case


def place(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    provider_id: uuid.UUID,
    terms: Terms,
) -> Case:
    """Give a case that no provider could take to one that the council names. Commits.

    Raises Conflict where it is with a provider meanwhile, Invalid for one that the council does not commission today.
    """
    act = begin_act(session, actor=actor, by=Viewer.LOCAL_AUTHORITY, at=at, authority_id=authority_id, case_id=case_id)
    if act.case.state is not CaseState.UNPLACED:
        raise Conflict("This request has a provider now.", code="placed")
    if provider_id not in {receiver.provider_id for receiver in terms.receiving.receivers}:
        raise Invalid({"provider": ["Select one of the providers that you have a contract with"]})
    _take_over(act, Allocated(provider_id=provider_id, because=AllocatedBecause.PLACED), terms.policy)
    session.commit()
    return act.case


def _take_over(act: Act, allocated: Allocated, policy: Policy) -> None:
    """Make the case another provider's: it begins there anew; what the former one keeps stays with it."""
    former = change_holder(act, allocated)
    act.meet(ClockCode.PLACE_BY)
    act.move(CaseState.SENT)
    act.start(provider_clocks(policy, london_date(act.at)))
    refer_to_taker(act, allocated, former=former)


def change_holder(act: Act, allocated: Allocated) -> uuid.UUID:
    """Make the case the provider's that takes it, in the caller's transaction; return whose it was.

    The one row among the providers' lists moves with it, so that the walls show the former one nothing of the case any
    more; it keeps a record of its own, and what was said to it in confidence. Of what it never knew it keeps nothing.
    """
    session, case = act.session, act.case
    entry, referral = worklist_entry(session, case), newest_referral(session, case)
    former, taker = case.provider_id, allocated.provider_id
    if taker != former:
        if referral is not None or case.channel is Channel.PHONE:
            session.add(_kept(act, entry, referral))
        _move_entry(session, entry, taker, _born(session, case))
    entry.received_at, entry.coordinator_id, entry.attention = act.at, None, None
    act.entry = entry
    case.provider_id, case.allocated_because = taker, allocated.because
    return former


def refer_to_taker(act: Act, allocated: Allocated, *, former: uuid.UUID) -> None:
    """Say who has the case now and why, and hand it to that provider, in the caller's transaction."""
    codes = {LET_GO_BY: str(former), TAKEN_BY: str(allocated.provider_id)}
    act.happened(Happening.TAKEN_OVER, subject_id=act.case.id, **codes, **allocated.codes)
    refer(act)


def _kept(act: Act, entry: WorklistEntry, referral: Referral | None) -> FormerHolding:
    return FormerHolding(
        provider_id=entry.provider_id,
        authority_id=entry.authority_id,
        case_id=entry.case_id,
        held_until=act.at,
        reference=entry.reference,
        held_from=entry.received_at,
        because=(referral.passed_on_because if referral else PassedOnBecause.CONTRACT_ENDED) or PassedOnBecause.NO_ROOM,
        name=entry.name,
    )


def _move_entry(session: Session, entry: WorklistEntry, taker: uuid.UUID, born: str) -> None:
    """Move the case's only row in a provider's list into the taker's, its name sealed anew under the taker's key."""
    name = entry.name
    entry.provider_id = taker
    entry.name = name
    entry.child_fingerprint = search_fingerprint(session, taker, "provider_worklist.child", f"{name}|{born}")


def _born(session: Session, case: Case) -> str:
    child = session.scalars(
        select(Child).where(Child.authority_id == case.authority_id, Child.case_id == case.id)
    ).one()
    return child.date_of_birth or str(None)


def _had_by(session: Session, case: Case) -> frozenset[uuid.UUID]:
    """Return every provider that has had the case, or was to have it."""
    sent_to = session.scalars(
        select(Referral.provider_id).where(Referral.authority_id == case.authority_id, Referral.case_id == case.id)
    )
    return frozenset({case.provider_id, *sent_to})


def _waits_for_council(act: Act) -> bool:
    return any(clock.code is ClockCode.PLACE_BY for clock in act.running())
