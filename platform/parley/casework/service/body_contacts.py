"""Inviting somebody at a school, another setting or a health body to answer for it, once the family said yes to that.

Such a person is the contact of the body. A body has one running invitation at a time; it can be renewed
or taken back. How a contact then confirms who they are is in ``invitations``.
"""

import datetime as dt
import uuid

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.clocks import response_clock
from parley.casework.domain import Capacity, CaseState, ClockCode, InvitationKind, PartyKind, Viewer
from parley.casework.models import Case, Invitation, Party, PartyMember
from parley.casework.service.consents import family_member
from parley.casework.service.invitations import invite, offer_claim
from parley.casework.service.people import add_member, person_leaves
from parley.casework.service.record import Act, case_for_update
from parley.casework.timeline import Happening
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.policy.domain import Policy

CAPACITIES: dict[PartyKind, Capacity] = {
    PartyKind.SETTING: Capacity.SETTING_CONTACT,
    PartyKind.ICB: Capacity.ICB_CONTACT,
}


def invite_body_contact(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    party_id: uuid.UUID,
    name: str,
    email: str,
    policy: Policy,
) -> PartyMember:
    """Invite a named person at a body, by their work e-mail, to answer for it in this one case. Commits.

    Raises NotFound for a party that is not a body, Conflict unless the family said yes to asking it, the council was
    told, and nobody at the body has an invitation that runs; Invalid for a name or address that cannot be one.
    """
    case = case_for_update(session, authority_id, case_id)
    body = session.get(Party, (authority_id, party_id))
    if body is None or body.case_id != case.id or body.kind not in CAPACITIES or body.removed_at is not None:
        raise NotFound
    if not body.may_be_invited:
        raise Conflict("The family has not said yes to asking this body.", code="no-consent")
    _require_waiting_for_answers(case)
    if _open_invitation(session, body, at) is not None:
        raise Conflict("Somebody at this body is invited already.", code="invited")
    address = _checked(name, email)
    act = Act(session=session, case=case, actor=actor, by=Viewer.PROVIDER, at=at)
    act.require_going_on()
    contact = _suggested(session, body, address) or add_member(
        act, body, capacity=CAPACITIES[body.kind], is_rights_holder=False, email=address
    )
    contact.name = name.strip()
    invitation = invite(act, contact, InvitationKind.BODY_CONTACT)
    act.meet_for_party(body.id, ClockCode.INVITE_BY)
    act.start([response_clock(ClockCode.INVITATION_BY, policy, london_date(at), party_id=body.id)])
    act.happened(Happening.PARTY_INVITED, subject_id=invitation.id, party_id=str(body.id), party=body.kind.value)
    session.commit()
    return contact


def renew_invitation(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    member_id: uuid.UUID,
) -> None:
    """Send a person at a body a new invitation, which voids the one they had. Commits.

    Raises NotFound for anybody who is not a contact of the case, Conflict when answers are no longer awaited.
    """
    case = case_for_update(session, authority_id, case_id)
    _require_waiting_for_answers(case)
    contact = _contact(session, case, member_id)
    act = Act(session=session, case=case, actor=actor, by=Viewer.PROVIDER, at=at)
    act.require_going_on()
    _take_back(session, contact, at)
    invitation = invite(act, contact, InvitationKind.BODY_CONTACT)
    act.audited("invitation_renewed", subject_id=invitation.id)
    session.commit()


def revoke_invitation(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    member_id: uuid.UUID,
) -> None:
    """Take a person's invitation back: from now on they see nothing of the case. Commits. Raises NotFound."""
    case = case_for_update(session, authority_id, case_id)
    contact = _contact(session, case, member_id)
    act = Act(session=session, case=case, actor=actor, by=Viewer.PROVIDER, at=at)
    _take_back(session, contact, at)
    contact.left_at = at
    act.stop_for_party(contact.party_id)
    person_leaves(act, contact)
    act.audited("invitation_revoked", subject_id=contact.id)
    session.commit()


def offer_claim_code(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    member_id: uuid.UUID,
) -> str:
    """Return a code, to be read out, by which a caller takes over their request online. Commits.

    It voids any code they were given before. Raises NotFound for anybody outside the family, Conflict when the person
    follows the request online already.
    """
    case = case_for_update(session, authority_id, case_id)
    caller = family_member(session, case, member_id)
    if caller.identity_id is not None:
        raise Conflict("This person follows the request online already.", code="claimed")
    act = Act(session=session, case=case, actor=actor, by=Viewer.PROVIDER, at=at)
    _take_back(session, caller, at)
    code = offer_claim(act, caller)
    act.audited("claim_offered", subject_id=caller.id)
    session.commit()
    return code


def _checked(name: str, email: str) -> str:
    errors: dict[str, list[str]] = {}
    address = ""
    if not name.strip():
        errors["name"] = ["Enter the person’s name"]
    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError:
        errors["email"] = ["Enter a work email address, like name@school.example"]
    if errors:
        raise Invalid(errors)
    return address


def _require_waiting_for_answers(case: Case) -> None:
    if case.state is not CaseState.COUNCIL_TOLD:
        raise Conflict("Bodies are invited after the council was told and before everybody agreed.", code="not-waiting")


def _contact(session: Session, case: Case, member_id: uuid.UUID) -> PartyMember:
    contact = session.get(PartyMember, (case.authority_id, member_id))
    if contact is None or contact.case_id != case.id or contact.left_at is not None:
        raise NotFound
    if contact.capacity not in CAPACITIES.values():
        raise NotFound
    return contact


def _open_invitation(session: Session, body: Party, at: dt.datetime) -> Invitation | None:
    return session.scalar(
        select(Invitation)
        .join(
            PartyMember,
            (PartyMember.authority_id == Invitation.authority_id) & (PartyMember.id == Invitation.member_id),
        )
        .where(
            Invitation.authority_id == body.authority_id,
            Invitation.case_id == body.case_id,
            PartyMember.party_id == body.id,
            PartyMember.left_at.is_(None),
            Invitation.accepted_at.is_(None),
            Invitation.returned_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > at,
        )
        .limit(1)
    )


def _suggested(session: Session, body: Party, address: str) -> PartyMember | None:
    """Return the person whom somebody at the body named instead of themselves, and whom nobody has invited yet."""
    uninvited = session.scalars(
        select(PartyMember)
        .outerjoin(
            Invitation,
            (Invitation.authority_id == PartyMember.authority_id) & (Invitation.member_id == PartyMember.id),
        )
        .where(
            PartyMember.authority_id == body.authority_id,
            PartyMember.case_id == body.case_id,
            PartyMember.party_id == body.id,
            PartyMember.left_at.is_(None),
            Invitation.id.is_(None),
        )
    )
    return next((member for member in uninvited if member.email.casefold() == address.casefold()), None)


def _take_back(session: Session, member: PartyMember, at: dt.datetime) -> None:
    running = session.scalars(
        select(Invitation).where(
            Invitation.authority_id == member.authority_id,
            Invitation.case_id == member.case_id,
            Invitation.member_id == member.id,
            Invitation.revoked_at.is_(None),
        )
    )
    for invitation in running:
        invitation.revoked_at = at
