"""Parties answer; cases are assigned; families withdraw."""

import dataclasses
import datetime as dt
import uuid

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.clocks import NewClock, response_clock
from parley.casework.domain import (
    AnswerValue,
    Capacity,
    CaseState,
    ClockBasis,
    ClockCode,
    CloseReason,
    ConsentKind,
    ConsentMeans,
    ConsentState,
    DeclineReason,
    PartyAnswer,
    PartyKind,
    Viewer,
    everyone_agrees,
)
from parley.casework.models import Answer, Case, Party, PartyMember
from parley.casework.request import Person
from parley.casework.service.people import add_consent, add_member, party_leaves
from parley.casework.service.record import Act, case_for_update
from parley.casework.service.referral import keep_out_of_sight, newest_referral
from parley.casework.timeline import Happening
from parley.db.sealed import search_fingerprint
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.policy.domain import Policy

#: What the family reads has room for a reason and not for a file.
LONGEST_WORDS = 2000


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewAnswer:
    """What a party answers. ``words`` are read by the family as they are; ``unavailable`` by the provider."""

    value: AnswerValue
    reason: DeclineReason | None = None
    words: str = ""
    holding_until: dt.date | None = None
    unavailable: str = ""
    decision_maker: Person | None = None


def answer_for_council(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    answer: NewAnswer,
    policy: Policy,
    instead_of: dt.datetime | None,
) -> Case:
    """Record the council's answer. Commits.

    A yes names the person who can decide in the meeting (Code 11.26 onward, for mediation; the provider asks the same
    here); a no says why, in words the family reads; a holding reply says until when. ``instead_of`` is when the answer
    was given that stood when the page was opened, None for no answer yet. Raises Invalid naming each field, NotFound
    before the provider told the council, Conflict once parties no longer answer or when a colleague answered meanwhile.
    """
    case = case_for_update(session, authority_id, case_id)
    if case.council_told_at is None:
        raise NotFound
    party = _party_of_kind(session, case, PartyKind.LOCAL_AUTHORITY)
    require_newest_answer(session, party, instead_of)
    act = Act(session=session, case=case, actor=actor, by=Viewer.LOCAL_AUTHORITY, at=at)
    record_answer(act, party, answer, policy)
    session.commit()
    return case


def require_newest_answer(session: Session, party: Party, answered_at: dt.datetime | None) -> None:
    """Raise Conflict unless the party's newest answer is the one given at ``answered_at`` (None: there is none)."""
    newest = session.scalar(
        select(func.max(Answer.answered_at)).where(
            Answer.authority_id == party.authority_id, Answer.case_id == party.case_id, Answer.party_id == party.id
        )
    )
    if newest != answered_at:
        raise Conflict("Somebody else answered while you were writing.", code="answered")


def record_answer(act: Act, party: Party, answer: NewAnswer, policy: Policy) -> None:
    """Record one party's answer, in the caller's transaction; move the case on when everybody has agreed."""
    if act.case.state is not CaseState.COUNCIL_TOLD:
        raise Conflict("This case is no longer waiting for answers.", code="not-waiting")
    act.require_going_on()
    if found := answer_problems(answer, party.kind, london_date(act.at)):
        raise Invalid(found)
    row = Answer(
        authority_id=act.case.authority_id,
        case_id=act.case.id,
        party_id=party.id,
        value=answer.value,
        reason=answer.reason,
        words=answer.words,
        holding_until=answer.holding_until,
        unavailable=answer.unavailable,
        answered_at=act.at,
        answered_by=act.actor.identity_id,
    )
    act.session.add(row)
    if answer.decision_maker is not None:
        _name_decision_maker(act, party, answer.decision_maker)
    act.happened(
        Happening.HOLDING_REPLY if answer.value is AnswerValue.HOLDING else Happening.ANSWERED,
        subject_id=row.id,
        party=party.kind.value,
        party_id=str(party.id),
        value=answer.value.value,
    )
    _run_clocks(act, party, answer)
    move_on_when_agreed(act, policy)


def move_on_when_agreed(act: Act, policy: Policy) -> None:
    """Move a case that waits for answers on once everybody who counts agreed, in the caller's transaction."""
    act.session.flush()
    if (
        act.case.state is CaseState.COUNCIL_TOLD
        and not act.on_hold
        and everyone_agrees(latest_answers(act.session, act.case))
    ):
        act.move(CaseState.AGREED)
        act.start([response_clock(ClockCode.ARRANGE_BY, policy, london_date(act.at))])
        act.happened(Happening.EVERYONE_AGREED)


def answer_problems(answer: NewAnswer, party: PartyKind, on: dt.date) -> dict[str, list[str]]:
    """Return what keeps ``answer`` from being recorded on ``on``: field to messages for people. Pure."""
    found: dict[str, list[str]] = {}
    if answer.value is AnswerValue.DECLINED:
        if answer.reason is None:
            found["reason"] = ["Choose why"]
        if not answer.words.strip():
            found["words"] = ["Write the reason in words for the family"]
    if answer.value is AnswerValue.HOLDING:
        if answer.holding_until is None:
            found["holding_until"] = ["Enter the date by which you will answer"]
        elif answer.holding_until <= on:
            found["holding_until"] = ["The date must be in the future"]
    needs_decider = answer.value is AnswerValue.AGREED and party is PartyKind.LOCAL_AUTHORITY
    if needs_decider and (answer.decision_maker is None or not answer.decision_maker.name.strip()):
        found["decision_maker"] = ["Name the person who can decide in the meeting"]
    if len(answer.words) > LONGEST_WORDS:
        found["words"] = [f"The reason must be {LONGEST_WORDS:,} characters or fewer"]
    return found


def latest_answers(session: Session, case: Case) -> list[PartyAnswer]:
    """Return each party of the case with the answer it last gave.

    A body that the family does not want to be asked counts as removed: nobody waits for its answer.
    """
    rows = session.execute(
        select(Party.kind, Party.removed_at, Party.may_be_invited, Answer.value)
        .outerjoin(Answer, (Answer.authority_id == Party.authority_id) & (Answer.party_id == Party.id))
        .where(Party.authority_id == case.authority_id, Party.case_id == case.id)
        .ext(distinct_on(Party.id))
        .order_by(Party.id, Answer.answered_at.desc().nulls_last(), Answer.id.desc())
    )
    return [
        PartyAnswer(kind=kind, value=value, removed=removed_at is not None or not may_be_invited)
        for kind, removed_at, may_be_invited, value in rows
    ]


def remove_party(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    party_id: uuid.UUID,
    policy: Policy,
) -> Case:
    """Take out a party that said no or no longer takes part: the others go on without it. Commits. The provider's act.

    Raises NotFound for the family, which withdraws instead, Conflict once it is out or the case is closed.
    """
    case = case_for_update(session, authority_id, case_id)
    party = session.get(Party, (authority_id, party_id))
    if party is None or party.case_id != case.id or party.kind is PartyKind.FAMILY:
        raise NotFound
    if case.state is CaseState.CLOSED or party.removed_at is not None:
        raise Conflict("The case goes on without this party already, or is closed.", code="removed")
    act = Act(session=session, case=case, actor=actor, by=Viewer.PROVIDER, at=at)
    party.removed_at = at
    act.stop_for_party(party.id)
    act.happened(Happening.PARTY_REMOVED, subject_id=party.id, party=party.kind.value)
    party_leaves(act, party)
    move_on_when_agreed(act, policy)
    session.commit()
    return case


def withdraw(session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, case_id: uuid.UUID) -> Case:
    """End the case because its rights-holder no longer wants it; possible at any time, with no reason given. Commits.

    Raises NotFound for anybody who holds no right in it, Conflict when it is closed already.
    """
    case = case_for_update(session, authority_id, case_id)
    member = own_membership(session, case, actor)
    if member is None or not member.is_rights_holder:
        raise NotFound
    act = Act(session=session, case=case, actor=actor, by=Viewer.FAMILY, at=at)
    act.move(CaseState.CLOSED, because=CloseReason.WITHDRAWN)
    act.stop_all()
    add_consent(act, member, ConsentKind.TAKE_PART, ConsentState.WITHDRAWN, ConsentMeans.ONLINE)
    act.happened(Happening.WITHDRAWN)
    if newest_referral(session, case) is None:
        keep_out_of_sight(act)
    session.commit()
    return case


def assign(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    officer_id: uuid.UUID | None,
    instead_of: uuid.UUID | None,
) -> Case:
    """Give the case to an officer (an identity of the council), or back to nobody with None. Commits.

    ``instead_of`` is who had it when the page was opened: raises Conflict when that has changed since.
    """
    case = case_for_update(session, authority_id, case_id)
    if case.council_told_at is None:
        raise NotFound
    if case.assigned_id != instead_of:
        raise Conflict("A colleague took or was given this case in the meantime.", code="taken")
    case.assigned_id = officer_id
    act = Act(session=session, case=case, actor=actor, by=Viewer.LOCAL_AUTHORITY, at=at)
    act.happened(Happening.ASSIGNED, officer=str(officer_id) if officer_id else "nobody")
    session.commit()
    return case


def set_council_number(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, case_id: uuid.UUID, number: str
) -> Case:
    """Keep the council's own number for the case, so that officers find it by theirs. Commits."""
    case = case_for_update(session, authority_id, case_id)
    if case.council_told_at is None:
        raise NotFound
    case.council_number = number.strip()
    fingerprint = search_fingerprint(session, authority_id, "case.council_number", number) if number.strip() else None
    case.council_number_fingerprint = fingerprint
    act = Act(session=session, case=case, actor=actor, by=Viewer.LOCAL_AUTHORITY, at=at)
    act.audited("council_number_set")
    session.commit()
    return case


def own_membership(session: Session, case: Case, actor: Actor) -> PartyMember | None:
    """Return the actor's own place among the people of the case, or None."""
    return session.scalar(
        select(PartyMember).where(
            PartyMember.authority_id == case.authority_id,
            PartyMember.case_id == case.id,
            PartyMember.identity_id == actor.identity_id,
            PartyMember.left_at.is_(None),
        )
    )


def _run_clocks(act: Act, party: Party, answer: NewAnswer) -> None:
    if party.kind is not PartyKind.LOCAL_AUTHORITY:
        return
    act.meet(ClockCode.ANSWER_BY, ClockCode.HOLDING_UNTIL)
    if answer.holding_until is not None and answer.value is AnswerValue.HOLDING:
        # The council's own word, and so neither law nor our aim.
        promised = NewClock(
            code=ClockCode.HOLDING_UNTIL,
            basis=ClockBasis.POLICY,
            binds=Viewer.LOCAL_AUTHORITY,
            due_on=answer.holding_until,
        )
        act.start([promised])


def _name_decision_maker(act: Act, party: Party, person: Person) -> None:
    add_member(
        act,
        party,
        capacity=Capacity.DECISION_MAKER,
        is_rights_holder=False,
        name=person.name,
        email=person.email,
        phone=person.phone,
    )


def _party_of_kind(session: Session, case: Case, kind: PartyKind) -> Party:
    return session.scalars(
        select(Party).where(
            Party.authority_id == case.authority_id,
            Party.case_id == case.id,
            Party.kind == kind,
            Party.removed_at.is_(None),
        )
    ).one()
