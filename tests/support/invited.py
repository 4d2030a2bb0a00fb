"""A contact of a school who was invited, as far as their mail goes, before the whole application."""

import dataclasses
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Role
from parley.casework.domain import PartyKind
from parley.casework.models import Invitation
from parley.casework.service import body_contacts, invitations
from parley.db.scope import Login, authority_scope
from parley.policy.queries import policy_of_version
from support.factories import Factory, MadeCase, acting
from support.family import Family, Served


@dataclasses.dataclass(frozen=True, kw_only=True)
class Invited:
    """Somebody who was invited: what their mail holds."""

    case: MadeCase
    party_id: uuid.UUID
    member_id: uuid.UUID
    token: str


def invited_contact(
    make: Factory, council: Served, case: MadeCase, *, name: str = "Sam Field", party_id: uuid.UUID | None = None
) -> Invited:
    """Have the case's provider invite a contact of its school, and mail the invitation."""
    party_id = party_id or make.party(case, PartyKind.SETTING, name="Oak Hill School")
    email = f"{name.split()[0].lower()}-{uuid.uuid4().hex[:8]}@school.example"
    member_id = invite(make, council, case, party_id, name, email)
    return Invited(case=case, party_id=party_id, member_id=member_id, token=mailed_token(make, case, member_id))


def invite(make: Factory, council: Served, case: MadeCase, party_id: uuid.UUID, name: str, email: str) -> uuid.UUID:
    """Have the case's provider invite somebody at a body; return the member's id."""
    with make.database.begin(case.provider_scope) as session:
        member = body_contacts.invite_body_contact(
            session,
            actor=acting(Role.COORDINATOR, case.provider),
            at=make.clock.now(),
            authority_id=case.authority.id,
            case_id=case.id,
            party_id=party_id,
            name=name,
            email=email,
            policy=policy_of_version(session, case.authority.id, council.policy_version_id),
        )
    return member.id


def mailed_token(make: Factory, case: MadeCase, member_id: uuid.UUID) -> str:
    """Mint the token of the person's newest invitation, as the job that mails it does."""
    with make.database.begin(authority_scope(case.authority.id, login=Login.WORKER)) as session:
        invitation = newest_invitation(session, case, member_id)
        minted = invitations.mint_invitation(
            session, authority_id=case.authority.id, invitation_id=invitation.id, at=make.clock.now()
        )
    assert minted is not None
    return minted.token


def mailed_code(make: Factory, invited: Invited) -> str:
    """Mint a code, as the job that mails it does."""
    case = invited.case
    with make.database.begin(authority_scope(case.authority.id, login=Login.WORKER)) as session:
        invitation = newest_invitation(session, case, invited.member_id)
        minted = invitations.mint_code(
            session, authority_id=case.authority.id, invitation_id=invitation.id, at=make.clock.now()
        )
    assert minted is not None
    return minted.code


def newest_invitation(session: Session, case: MadeCase, member_id: uuid.UUID) -> Invitation:
    """Return the person's newest invitation."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.authority_id == case.authority.id, Invitation.member_id == member_id)
        .order_by(Invitation.made_at.desc(), Invitation.id.desc())
        .limit(1)
    ).one()


class Contact(Family):
    """The invited person's browser."""

    def confirm(self, make: Factory, invited: Invited) -> str:
        """Ask for the code and type it; return the address of the case."""
        address = f"/invited/{invited.token}"
        assert self.post(f"{address}/send-code", page=address).status_code == 303
        return self.follow_path(f"{address}/code", {"code": mailed_code(make, invited)})
