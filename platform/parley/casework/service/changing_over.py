"""A provider's contract ended early: each family is asked who goes on, and nothing moves until it says so.

The council names who can take over; a job asks, case by case. What the family says is carried out by a job in the
council's scope, where all keys are, as when a request is passed on.
"""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.allocation import Allocated, AllocatedBecause, Receiving
from parley.casework.change_over import (
    AT_CHANGE,
    GOES_ON,
    AtChange,
    ProviderChoice,
    choosing_clock,
    clocks_at_taker,
)
from parley.casework.changing import OPEN, change_counts, may_stay
from parley.casework.domain import (
    CaseState,
    ClockCode,
    ConsentKind,
    ConsentMeans,
    ConsentState,
    PassedOnBecause,
    ReferralState,
    Viewer,
)
from parley.casework.models import Case, ChangeOver, PartyMember
from parley.casework.service.consents import family_member
from parley.casework.service.passing import change_holder, refer_to_taker
from parley.casework.service.people import add_consent
from parley.casework.service.record import Act, begin_act
from parley.casework.service.referral import current_referral
from parley.casework.timeline import LET_GO_BY, Happening
from parley.jobs.service import enqueue
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.policy.domain import Policy
from parley.tenancy import service as tenancy
from parley.tenancy.queries import commissions_changing_over, resolution_contract

#: Jobs of casework: asks the families of a contract's cases, or ends the question; moves one case.
SEE_TO_CHANGES = "casework.see_to_changes"
MOVE_CASE = "casework.move_case"

_STOPPED = tuple(code for code, becomes in AT_CHANGE.items() if becomes is AtChange.STOPS)


def ask_families(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    commission_id: uuid.UUID,
    new_provider_id: uuid.UUID,
    receiving: Receiving,
) -> None:
    """Name who can take over where a contract of the council ended early, and have each family asked. Commits.

    ``receiving`` are those that can take a request today. Raises Invalid, naming "provider", for anybody else.
    """
    if new_provider_id not in {receiver.provider_id for receiver in receiving.receivers}:
        raise Invalid({"provider": ["Select one of the providers that you have a contract with"]})
    tenancy.name_new_provider(
        session,
        actor=actor,
        at=at,
        authority_id=authority_id,
        commission_id=commission_id,
        new_provider_id=new_provider_id,
    )
    _see_to_changes(session, authority_id, commission_id)
    session.commit()


def take_early_end_back(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    commission_id: uuid.UUID,
    provider_id: uuid.UUID,
) -> None:
    """Take back that the contract with ``provider_id`` ended early, and have families told that they need not answer.

    Commits. Raises Conflict once a case has moved, or its family said that it moves.
    """
    resolution_contract(session, authority_id, provider_id, lock=True)
    counts = change_counts(session, authority_id, provider_id)
    if counts.moved or counts.moving:
        raise Conflict("A family’s request has moved to the other provider, so this stands.", code="moved")
    _see_to_changes(session, authority_id, commission_id)
    tenancy.take_early_end_back(session, actor=actor, at=at, authority_id=authority_id, commission_id=commission_id)


def ask_family(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    new_provider_id: uuid.UUID,
) -> None:
    """Ask the family of one case who goes on with it. Commits. Twice about one provider changes nothing.

    One that waits for a young person's own yes is asked about after that. A question about another provider ends with
    this one, unless the family already said that the case moves there.
    """
    act = begin_act(session, actor=actor, by=Viewer.LOCAL_AUTHORITY, at=at, authority_id=authority_id, case_id=case_id)
    case, asked = act.case, _open_change(session, act.case)
    is_settled = asked is not None and (asked.new_provider_id == new_provider_id or asked.choice is ProviderChoice.MOVE)
    if case.state not in GOES_ON or act.on_hold or case.provider_id == new_provider_id or is_settled:
        return
    if asked is not None:
        asked.ended_at = at
        session.flush()
    change = ChangeOver(
        authority_id=authority_id,
        case_id=case_id,
        provider_id=case.provider_id,
        new_provider_id=new_provider_id,
        asked_at=at,
    )
    session.add(change)
    act.start([choosing_clock(london_date(at))])
    act.happened(Happening.CHANGE_ASKED, subject_id=change.id)
    session.commit()


def end_question(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, case_id: uuid.UUID
) -> None:
    """End the question to the family of one case, whose provider's contract runs on. Commits. Twice does nothing."""
    act = begin_act(session, actor=actor, by=Viewer.LOCAL_AUTHORITY, at=at, authority_id=authority_id, case_id=case_id)
    asked = _open_change(session, act.case)
    if asked is None:
        return
    asked.ended_at = at
    act.stop(ClockCode.CHOOSE_BY)
    if act.case.state is not CaseState.CLOSED:
        act.happened(Happening.CHANGE_ENDED, subject_id=asked.id)
    session.commit()


def choose(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    choice: ProviderChoice,
    means: ConsentMeans,
    member_id: uuid.UUID | None = None,
) -> Case:
    """Record what a family says to the question who goes on with its case; a job moves it, if it is to move. Commits.

    Online the person says it for themselves; spoken, ``member_id`` is who said it to the coordinator. It is the
    rights-holder's to say: a young person's own, where the request is theirs. It may be said anew until the case has
    moved. Raises NotFound for anybody else, Conflict where nothing is asked, Invalid, naming "choice", for staying with
    a provider that cannot go on.
    """
    act = begin_act(session, actor=actor, by=Viewer.FAMILY, at=at, authority_id=authority_id, case_id=case_id)
    member = _rights_holder(act, means, member_id)
    act.require_going_on()
    asked = _open_change(session, act.case)
    contract = resolution_contract(session, authority_id, act.case.provider_id)
    if asked is None or contract.early is None or act.case.state not in GOES_ON:
        raise Conflict("This needs no answer any more. Your request stays where it is.", code="not-asked")
    if choice is ProviderChoice.STAY and not may_stay(contract.early):
        raise Invalid({"choice": ["The provider that has the request cannot go on with it"]})
    asked.choice, asked.chosen_at = choice, at
    moves = choice is ProviderChoice.MOVE
    state = ConsentState.GIVEN if moves else ConsentState.DECLINED
    add_consent(act, member, ConsentKind.CHANGE_PROVIDER, state, means)
    act.meet(ClockCode.CHOOSE_BY)
    act.happened(Happening.CHANGE_ANSWERED, subject_id=asked.id, value=choice.value)
    if moves:
        enqueue(
            session,
            MOVE_CASE,
            lock=f"case:{case_id}",
            authority_id=authority_id,
            case_id=case_id,
            change_id=asked.id,
        )
    session.commit()
    return act.case


def move_case(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    change_id: uuid.UUID,
    policy: Policy,
) -> bool:
    """Give a case to the provider that its family said goes on with it; tell whether it moved. Commits, in one piece.

    In the council's scope; ``policy`` is the version the case began under. The open side goes, and with it what is due:
    the law's and the other sides' dates run on, a provider's begin anew. Twice changes nothing, and neither does what
    was taken back, answered otherwise or ended meanwhile.
    """
    change = session.get_one(ChangeOver, (authority_id, change_id))
    contract = resolution_contract(session, authority_id, change.provider_id, lock=True)
    act = begin_act(session, actor=actor, by=Viewer.LOCAL_AUTHORITY, at=at, authority_id=authority_id, case_id=case_id)
    session.refresh(change)
    case = act.case
    still_wanted = change.choice is ProviderChoice.MOVE and change.moved_at is None and change.ended_at is None
    if not still_wanted or contract.early is None or case.state not in GOES_ON or act.on_hold:
        return False
    referral = current_referral(session, case)
    referral.state, referral.passed_on_because = ReferralState.PASSED_ON, PassedOnBecause.CONTRACT_ENDED
    # While it is still the former one's, so that its open tasks end and its people are told.
    act.happened(Happening.HANDED_OVER, subject_id=change.id, **{LET_GO_BY: str(case.provider_id)})
    allocated = Allocated(provider_id=change.new_provider_id, because=AllocatedBecause.MOVED)
    former = change_holder(act, allocated)
    _go_on(act, policy)
    change.moved_at = at
    refer_to_taker(act, allocated, former=former)
    session.commit()
    return True


def _go_on(act: Act, policy: Policy) -> None:
    """Take a case that another provider has now to where it goes on, and its due dates with it."""
    before, after = act.case.state, GOES_ON[act.case.state]
    inviting = [clock.party_id for clock in act.running() if clock.code is ClockCode.INVITE_BY]
    act.stop(*_STOPPED)
    if after is CaseState.SENT:
        # It waits for a provider in between, as one that was passed on does.
        act.move(CaseState.UNPLACED)
        act.move(CaseState.SENT)
    elif after is not before:
        act.move(after)
    act.start(clocks_at_taker(after, policy, london_date(act.at), inviting=inviting))


def _rights_holder(act: Act, means: ConsentMeans, member_id: uuid.UUID | None) -> PartyMember:
    """Return the person whose answer counts. Raises NotFound for anybody else."""
    case = act.case
    if means is ConsentMeans.ONLINE:
        member_id = act.session.scalar(
            select(PartyMember.id).where(
                PartyMember.authority_id == case.authority_id,
                PartyMember.case_id == case.id,
                PartyMember.identity_id == act.actor.identity_id,
            )
        )
    if member_id is None:
        raise NotFound
    member = family_member(act.session, case, member_id)
    if not member.is_rights_holder:
        raise NotFound
    return member


def _open_change(session: Session, case: Case) -> ChangeOver | None:
    """Return the question to the family of the case that is neither carried out nor ended."""
    return session.scalar(
        select(ChangeOver).where(ChangeOver.authority_id == case.authority_id, ChangeOver.case_id == case.id, OPEN)
    )


def see_to_all_changes(session: Session, *, authority_id: uuid.UUID) -> None:
    """Have a job look again at each contract of the council that ended early. Commits."""
    for commission_id in commissions_changing_over(session, authority_id):
        _see_to_changes(session, authority_id, commission_id)
    session.commit()


def _see_to_changes(session: Session, authority_id: uuid.UUID, commission_id: uuid.UUID) -> None:
    """Have a job ask, or end the question, after this transaction."""
    enqueue(session, SEE_TO_CHANGES, authority_id=authority_id, commission_id=commission_id)
