"""A young person's own yes: to a request that a parent made for them, or to one that outlives the parent's own say.

From the last Friday in June of the school year in which they turn 16 the choice is theirs. A case that runs on that day
is on hold until they have said yes, or a parent has said on what ground they act for them: nothing new is shared and no
meeting is arranged. What was shared and agreed before stays. It is on hold while the date for their answer runs.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.clocks import NewClock, provider_clocks, response_clock
from parley.casework.coming_of_age import NOT_NOW, NOTICE
from parley.casework.domain import (
    Capacity,
    CaseState,
    ClockBasis,
    ClockCode,
    CloseReason,
    ConsentKind,
    ConsentMeans,
    ConsentState,
    InvitationKind,
    PartyKind,
    Viewer,
)
from parley.casework.models import Case, Child, Invitation, Party, PartyMember
from parley.casework.request import NO_WAY_TO_ASK, NOT_THEIR_OWN, Person, own_choice_from
from parley.casework.service.answers import move_on_when_agreed
from parley.casework.service.invitations import invite
from parley.casework.service.passing import send_elsewhere
from parley.casework.service.people import add_consent, add_member, person_leaves
from parley.casework.service.record import Act, begin_act
from parley.casework.service.referral import keep_out_of_sight, refer
from parley.casework.service.sending import Rules
from parley.casework.timeline import Happening
from parley.casework.wording_codes import GROUNDS
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict, Invalid, NotFound, Refused
from parley.law.holidays import bank_holidays_around
from parley.policy.domain import Policy
from parley.policy.queries import policy_of_version
from parley.tenancy.queries import resolution_contract

#: Looks at one case whose day is near or over; takes the ids of council and case.
OWN_CHOICE_IN = "casework.own_choice_in"


def begin_own_choice(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, case_id: uuid.UUID
) -> None:
    """Announce that the choice becomes the young person's own, or, from that day on, put the case on hold. Commits.

    In the council's scope; run twice, it does nothing the second time.
    """
    act = begin_act(session, actor=actor, by=Viewer.FAMILY, at=at, authority_id=authority_id, case_id=case_id)
    family = _family(session, act.case)
    parents = [member for member in family if member.capacity is Capacity.PARENT_CARER]
    born = _born(session, act.case)
    if act.case.state in NOT_NOW or born is None or not parents or len(parents) < len(family):
        return
    passes, today = own_choice_from(born), london_date(at)
    if passes <= today:
        _put_on_hold(act, parents, policy_of_version(session, authority_id, act.case.policy_version_id))
    elif passes - NOTICE <= today and not _is_announced(act):
        act.start([_day(passes)])
        act.happened(Happening.OWN_CHOICE_SOON)
    session.commit()


def ask_young_person(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, case_id: uuid.UUID, person: Person
) -> bool:
    """Keep how the young person of a case on hold is reached, and have them asked there. Commits. A parent's act.

    False when they have come to a page of their own already, where they are asked: nobody changes their contact then.

    With an e-mail address they are sent a link of their own, which voids the one before; with a phone number alone the
    provider rings them. Raises NotFound for anybody but a parent of the case, Invalid for contact that is none or the
    parent's own, Conflict when the case does not wait.
    """
    act, parent = _for_parent(session, actor, at, authority_id, case_id)
    if not person.reachable:
        raise Invalid({"email": [NO_WAY_TO_ASK]})
    if person.email and person.email.casefold() == parent.email.casefold():
        raise Invalid({"email": [NOT_THEIR_OWN]})
    young_person = _young_person(session, act.case)
    if young_person is None or young_person.identity_id is not None:
        return False
    young_person.email, young_person.phone = person.email, person.phone
    _void_invitations(act, young_person)
    invite(act, young_person, InvitationKind.YOUNG_PERSON)
    act.audited("young_person_contact_given", subject_id=young_person.id)
    session.commit()
    return True


def young_person_answers(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    agrees: bool,
    rules: Rules,
    means: ConsentMeans = ConsentMeans.ONLINE,
) -> Case:
    """Record a young person's own yes or no to what a parent asked for them. Commits.

    To a request that was not sent on: a yes hands it to the provider, or to another where that one's contract is over
    by now, so that it gets no new ones; a no closes it, and nobody but the family hears
    of it, because a request that was made online was never the provider's, and is out of its sight for good. To a case
    on hold: a yes lets it go on; a no withdraws it, as the rights-holder may at any time. Raises NotFound for anybody
    who is not the young person of this case, unless a coordinator records a spoken answer.
    """
    act = begin_act(session, actor=actor, by=Viewer.FAMILY, at=at, authority_id=authority_id, case_id=case_id)
    member = _young_person(session, act.case)
    if means is ConsentMeans.ONLINE and (member is None or member.identity_id != actor.identity_id):
        raise NotFound
    if member is None:
        raise Refused("This request did not need a young person's own answer.", code="no-young-person")
    begun = act.on_hold
    kind = ConsentKind.GO_ON if begun else ConsentKind.PARENT_MAY_ASK
    add_consent(act, member, kind, ConsentState.GIVEN if agrees else ConsentState.DECLINED, means)
    match agrees, begun:
        case True, True:
            _let_go_on(act, rules.policy, Happening.YOUNG_PERSON_GOES_ON)
        case True, False:
            _send_on(act, rules)
        case False, True:
            _withdraw(act)
        case _:
            _close_unsent(act)
    session.commit()
    return act.case


def act_for_young_person(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    ground: str,
    policy: Policy,
    spoken_by: uuid.UUID | None = None,
) -> None:
    """Record on what ground a parent acts for a young person who cannot make this decision; the case goes on. Commits.

    ``ground`` is "deputy_or_attorney" or "parent" (Children and Families Act 2014, section 80, and the regulations
    under it); it is what they say, and the provider's to check. ``spoken_by`` is the parent (member id) who said it on
    the phone, where a coordinator records it; ``policy`` the version the case began under. Raises NotFound for anybody
    but a parent of the case, Invalid for another ground, Conflict when the case does not wait.
    """
    if ground not in GROUNDS:
        raise Invalid({"ground": ["Select on what ground you act"]})
    act, parent = _for_parent(session, actor, at, authority_id, case_id, spoken_by=spoken_by)
    parent.capacity, parent.is_rights_holder = Capacity.ALTERNATIVE_PERSON, True
    young_person = _young_person(session, act.case)
    if young_person is not None:
        _void_invitations(act, young_person)
        young_person.left_at = at
        person_leaves(act, young_person)
    means = ConsentMeans.ONLINE if spoken_by is None else ConsentMeans.SPOKEN
    add_consent(act, parent, ConsentKind.TAKE_PART, ConsentState.GIVEN, means)
    _let_go_on(act, policy, Happening.ACTS_FOR_YOUNG_PERSON, ground=ground)
    session.commit()


def _put_on_hold(act: Act, parents: Sequence[PartyMember], policy: Policy) -> None:
    """Make the choice the young person's, and let the case wait for their yes."""
    for parent in parents:
        parent.is_rights_holder = False
    family = act.session.get_one(Party, (act.case.authority_id, parents[0].party_id))
    young_person = add_member(
        act, family, capacity=Capacity.YOUNG_PERSON, is_rights_holder=True, name=act.case.child_name
    )
    act.stop(ClockCode.OWN_CHOICE_ON)
    act.put_on_hold(response_clock(ClockCode.YOUNG_PERSON_BY, policy, london_date(act.at)))
    act.happened(Happening.OWN_CHOICE_BEGAN, subject_id=young_person.id)


def _let_go_on(act: Act, policy: Policy, because: Happening, *, ground: str = "") -> None:
    """End the hold; whoever left meanwhile may have been the last who had not agreed."""
    act.go_on(bank_holidays_around(london_date(act.at)))
    if ground:
        act.happened(because, ground=ground)
    else:
        act.happened(because)
    move_on_when_agreed(act, policy)


def _withdraw(act: Act) -> None:
    """Close a case on hold because its young person said no. The other sides hear that the family withdrew, no more."""
    act.move(CaseState.CLOSED, because=CloseReason.WITHDRAWN)
    act.stop_all()
    act.happened(Happening.WITHDRAWN)
    act.happened(Happening.YOUNG_PERSON_DECLINED, begun="yes")


def _send_on(act: Act, rules: Rules) -> None:
    contract = resolution_contract(act.session, act.case.authority_id, act.case.provider_id)
    if contract.is_over(london_date(act.at)):
        act.meet(ClockCode.YOUNG_PERSON_BY)
        act.happened(Happening.YOUNG_PERSON_AGREED, elsewhere="yes")
        send_elsewhere(act)
        return
    act.move(CaseState.SENT)
    act.meet(ClockCode.YOUNG_PERSON_BY)
    act.start(provider_clocks(rules.policy, london_date(act.at)))
    act.happened(Happening.YOUNG_PERSON_AGREED)
    refer(act)


def _close_unsent(act: Act) -> None:
    act.move(CaseState.CLOSED, because=CloseReason.YOUNG_PERSON_SAID_NO)
    act.stop_all()
    act.happened(Happening.YOUNG_PERSON_DECLINED)
    keep_out_of_sight(act)


def _for_parent(
    session: Session,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    *,
    spoken_by: uuid.UUID | None = None,
) -> tuple[Act, PartyMember]:
    """Return the frame of an act on a case on hold, and the parent who acts, or for whom a coordinator records it."""
    act = begin_act(session, actor=actor, by=Viewer.FAMILY, at=at, authority_id=authority_id, case_id=case_id)
    parent = next(
        (
            member
            for member in _family(session, act.case)
            if member.capacity is Capacity.PARENT_CARER
            and (member.id == spoken_by if spoken_by is not None else member.identity_id == actor.identity_id)
        ),
        None,
    )
    if parent is None:
        raise NotFound
    if not act.on_hold:
        raise Conflict("The case does not wait for the young person’s own yes any more.", code="case-moved-on")
    return act, parent


def _void_invitations(act: Act, member: PartyMember) -> None:
    running = act.session.scalars(
        select(Invitation).where(
            Invitation.authority_id == act.case.authority_id,
            Invitation.case_id == act.case.id,
            Invitation.member_id == member.id,
            Invitation.revoked_at.is_(None),
        )
    )
    for invitation in running:
        invitation.revoked_at = act.at


def _is_announced(act: Act) -> bool:
    return any(clock.code is ClockCode.OWN_CHOICE_ON for clock in act.running())


def _day(passes: dt.date) -> NewClock:
    return NewClock(code=ClockCode.OWN_CHOICE_ON, basis=ClockBasis.LAW, binds=Viewer.FAMILY, due_on=passes)


def _family(session: Session, case: Case) -> list[PartyMember]:
    """Return the people of the family who have a place in the case."""
    return list(
        session.scalars(
            select(PartyMember)
            .join(Party, (Party.authority_id == PartyMember.authority_id) & (Party.id == PartyMember.party_id))
            .where(
                PartyMember.authority_id == case.authority_id,
                PartyMember.case_id == case.id,
                PartyMember.left_at.is_(None),
                Party.kind == PartyKind.FAMILY,
            )
            .order_by(PartyMember.id)
        )
    )


def _young_person(session: Session, case: Case) -> PartyMember | None:
    family = _family(session, case)
    return next((member for member in family if member.capacity is Capacity.YOUNG_PERSON), None)


def _born(session: Session, case: Case) -> dt.date | None:
    child = session.scalars(
        select(Child).where(Child.authority_id == case.authority_id, Child.case_id == case.id)
    ).one()
    return dt.date.fromisoformat(child.date_of_birth) if child.date_of_birth else None
