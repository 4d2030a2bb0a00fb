"""A school or health body answers through its invited contact, or the contact says that somebody else should."""

import dataclasses
import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor, ActorKind, Realm, RealmKind
from parley.casework.clocks import NewClock
from parley.casework.domain import (
    AnswerValue,
    CaseState,
    ClockBasis,
    ClockCode,
    ConsentKind,
    ConsentMeans,
    ConsentState,
    InvitationKind,
    Viewer,
)
from parley.casework.models import Case, Invitation, Party, PartyMember
from parley.casework.queries import NO_LONGER_ASKED
from parley.casework.request import Person
from parley.casework.service.answers import (
    NewAnswer,
    answer_problems,
    own_membership,
    record_answer,
    require_newest_answer,
)
from parley.casework.service.body_contacts import CAPACITIES
from parley.casework.service.invitations import by_token, invite, is_open
from parley.casework.service.people import add_consent, add_member, person_leaves
from parley.casework.service.record import Act, case_for_update
from parley.casework.timeline import Happening
from parley.identity.sessions import end_sessions_of
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict, Invalid, NotFound, Refused
from parley.policy.domain import Policy

_GONE = "This link is no longer valid. It may have been used already, or it was taken back."


@dataclasses.dataclass(frozen=True, kw_only=True)
class Answerer:
    """Who answers for a body: their name and what they are there. ``may_answer`` is their own word that they may."""

    name: str
    role: str
    may_answer: bool


def answer_for_body(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    answer: NewAnswer,
    answerer: Answerer,
    policy: Policy,
    instead_of: dt.datetime | None,
) -> Case:
    """Record the answer of the body whose invited contact the actor is, and the contact's own consent. Commits.

    ``instead_of`` is when the answer was given that stood when the page was opened, None for no answer yet. Raises
    Invalid naming each field, NotFound for anybody but such a contact, Refused once the body is no longer asked,
    Conflict once parties no longer answer or when a colleague answered meanwhile.
    """
    case = case_for_update(session, authority_id, case_id)
    member, party = _contact(session, case, actor)
    found = answer_problems(answer, party.kind, london_date(at)) | _answerer_problems(answerer)
    if found:
        raise Invalid(found)
    require_newest_answer(session, party, instead_of)
    act = Act(session=session, case=case, actor=actor, by=Viewer.INVITED, at=at)
    member.name, member.role = answerer.name.strip(), answerer.role.strip()
    if answer.value is not AnswerValue.HOLDING:
        said = ConsentState.GIVEN if answer.value is AnswerValue.AGREED else ConsentState.DECLINED
        add_consent(act, member, ConsentKind.TAKE_PART, said, ConsentMeans.ONLINE)
    act.audited("declared_may_answer", subject_id=member.id, party=party.kind.value)
    record_answer(act, party, answer, policy)
    _run_invitation_clock(act, party, answer)
    session.commit()
    return case


def return_invitation(
    session: Session, *, at: dt.datetime, authority_id: uuid.UUID, token: str, instead: Person | None
) -> None:
    """Give back an invitation whose holder is not the right person, before they have seen anything. Commits.

    ``instead`` is whom they name; the provider is told and decides whom to invite. Raises NotFound for a link that is
    gone.
    """
    invitation = by_token(session, authority_id, token, lock=True)
    if invitation is None or not is_open(invitation, at) or invitation.kind is not InvitationKind.BODY_CONTACT:
        raise NotFound(_GONE, code="gone")
    case = case_for_update(session, authority_id, invitation.case_id)
    member = session.get_one(PartyMember, (authority_id, invitation.member_id))
    _give_back(Act(session=session, case=case, actor=_whoever(authority_id), by=Viewer.INVITED, at=at), member, instead)
    session.commit()


def return_place(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    instead: Person | None,
) -> None:
    """Give back the actor's own place as a body's contact, and end their sessions. Commits.

    Raises NotFound for anybody else, Refused once the body is no longer asked.
    """
    case = case_for_update(session, authority_id, case_id)
    member, _party = _contact(session, case, actor)
    _give_back(Act(session=session, case=case, actor=actor, by=Viewer.INVITED, at=at), member, instead)
    session.commit()


def renew_by_link(session: Session, *, at: dt.datetime, authority_id: uuid.UUID, token: str) -> None:
    """Send a new invitation to the mailbox of one that has run out, and to no other. Commits.

    The link that was used opens nothing any more. Raises NotFound unless it ran out by time alone, and the case still
    goes on with the body.
    """
    invitation = by_token(session, authority_id, token, lock=True)
    if invitation is None or not has_run_out(invitation, at):
        raise NotFound(_GONE, code="gone")
    case = case_for_update(session, authority_id, invitation.case_id)
    member = session.get_one(PartyMember, (authority_id, invitation.member_id))
    party = session.get_one(Party, (authority_id, member.party_id))
    if case.state is CaseState.CLOSED or member.left_at is not None or not _is_asked(party):
        raise NotFound(_GONE, code="gone")
    act = Act(session=session, case=case, actor=_whoever(authority_id), by=Viewer.INVITED, at=at)
    act.require_going_on()
    invitation.revoked_at = at
    renewed = invite(act, member, InvitationKind.BODY_CONTACT)
    act.audited("invitation_renewed", subject_id=renewed.id)
    session.commit()


def ran_out(session: Session, *, authority_id: uuid.UUID, token: str, at: dt.datetime) -> bool:
    """Tell whether ``token`` is of an invitation to a body that has run out and was neither used up nor taken back."""
    invitation = by_token(session, authority_id, token)
    return invitation is not None and has_run_out(invitation, at)


def has_run_out(invitation: Invitation, at: dt.datetime) -> bool:
    """Tell whether time alone ended an invitation to a body."""
    ended = invitation.accepted_at or invitation.returned_at or invitation.revoked_at
    return invitation.kind is InvitationKind.BODY_CONTACT and ended is None and at >= invitation.expires_at


def _contact(session: Session, case: Case, actor: Actor) -> tuple[PartyMember, Party]:
    """Return the actor's place as the contact of a body of the case, and the body."""
    member = own_membership(session, case, actor)
    party = session.get(Party, (case.authority_id, member.party_id)) if member else None
    if member is None or party is None or party.kind not in CAPACITIES:
        raise NotFound
    if not _is_asked(party):
        raise Refused(NO_LONGER_ASKED, code="no-longer-asked")
    return member, party


def _is_asked(party: Party) -> bool:
    return party.removed_at is None and party.may_be_invited


def _answerer_problems(answerer: Answerer) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if not answerer.name.strip():
        found["name"] = ["Enter your name"]
    if not answerer.role.strip():
        found["role"] = ["Enter what you are there, for example SENCo or head teacher"]
    if not answerer.may_answer:
        found["may_answer"] = ["Tick the box if you may answer, or say that somebody else should"]
    return found


def _run_invitation_clock(act: Act, party: Party, answer: NewAnswer) -> None:
    """Move the body's own date: an answer meets it, a holding reply puts the day it names in its place."""
    if answer.value is not AnswerValue.HOLDING or answer.holding_until is None:
        act.meet_for_party(party.id, ClockCode.INVITATION_BY)
        return
    # The body's own word: neither law nor a rule of the council, and said to be neither.
    promised = NewClock(
        code=ClockCode.INVITATION_BY,
        basis=ClockBasis.OUR_AIM,
        binds=Viewer.INVITED,
        due_on=answer.holding_until,
        party_id=party.id,
    )
    act.start([promised])


def _give_back(act: Act, member: PartyMember, instead: Person | None) -> None:
    """Void the person's invitations and sessions, keep whom they named, and tell the provider."""
    if act.case.state is CaseState.CLOSED:
        raise Conflict("This request is closed.", code="closed")
    party = act.session.get_one(Party, (act.case.authority_id, member.party_id))
    running = act.session.scalars(
        select(Invitation).where(
            Invitation.authority_id == act.case.authority_id,
            Invitation.case_id == act.case.id,
            Invitation.member_id == member.id,
            Invitation.revoked_at.is_(None),
            Invitation.returned_at.is_(None),
        )
    )
    for invitation in running:
        invitation.returned_at = act.at
    if member.identity_id is not None:
        end_sessions_of(act.session, realm_id=act.case.authority_id, identity_ids=[member.identity_id], at=act.at)
        member.identity_id = None
    if instead is not None:
        add_member(
            act,
            party,
            capacity=CAPACITIES[party.kind],
            is_rights_holder=False,
            name=instead.name,
            email=instead.email,
            phone=instead.phone,
        )
    act.happened(
        Happening.INVITATION_RETURNED,
        subject_id=member.id,
        party_id=str(party.id),
        party=party.kind.value,
        instead="named" if instead else "nobody",
    )
    person_leaves(act, member)


def _whoever(authority_id: uuid.UUID) -> Actor:
    """Return the person who holds an invitation's link, of whom no more is known."""
    return Actor(kind=ActorKind.PERSON, realm=Realm(kind=RealmKind.AUTHORITY, id=authority_id))
