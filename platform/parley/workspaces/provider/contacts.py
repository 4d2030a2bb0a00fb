"""Inviting a person at a school, another setting or a health body, and what becomes of the invitation."""

import uuid

from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework.service import body_contacts
from parley.casework.views import MemberView
from parley.casework.wording import party_name
from parley.kernel.errors import Conflict, NotFound
from parley.web import current
from parley.workspaces.provider import forms, possible
from parley.workspaces.provider.act_page import ActPage, act
from parley.workspaces.provider.opening import Opened, opened


@requires(Permission.CASE_COORDINATE)
def invite(authority_id: uuid.UUID, case_id: uuid.UUID, party_id: uuid.UUID) -> ResponseReturnValue:
    """Invite somebody at a body, once the family said yes to asking it."""
    found = opened(authority_id, case_id)
    party = found.party(party_id)
    if not possible.for_party(found.view, party).invite:
        raise Conflict("Nobody can be invited there now, or somebody is already.", code="case-moved-on")
    form, name = forms.InviteForm(), party_name(party, found.names)

    def do() -> str:
        body_contacts.invite_body_contact(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            party_id=party_id,
            name=str(form.name.data),
            email=str(form.email.data),
            policy=found.policy(),
        )
        return "invited"

    page = ActPage(
        title=f"Invite somebody at {name}",
        does=(
            "The family said yes to asking it. The person confirms by a code sent to the mailbox you give, and then "
            "sees the child’s name and what the disagreement is about, and what the family shares with them: nothing "
            "else.",
            "The invitation runs for 14 days. You can renew it or take it back.",
        ),
        button="Send the invitation",
    )
    return act(found, page, form, do)


@requires(Permission.CASE_COORDINATE)
def invitation(authority_id: uuid.UUID, case_id: uuid.UUID, member_id: uuid.UUID) -> ResponseReturnValue:
    """Renew an invitation, or take it back."""
    found = opened(authority_id, case_id)
    contact, form = _contact(found, member_id), forms.InvitationForm()

    def do() -> str:
        renews = form.act.data == "renew"
        serve = body_contacts.renew_invitation if renews else body_contacts.revoke_invitation
        serve(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            member_id=member_id,
        )
        return "renewed" if renews else "revoked"

    page = ActPage(title=f"The invitation of {contact.name}", does=(contact.email,), button="Continue")
    return act(found, page, form, do)


def _contact(found: Opened, member_id: uuid.UUID) -> MemberView:
    contact = next((member for member in found.view.members if member.id == member_id and member.invitation), None)
    if contact is None or contact in found.family():
        raise NotFound
    return contact
