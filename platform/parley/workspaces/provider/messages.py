"""The provider's private messages: one thread with each member of the family, and one with the council."""

import dataclasses
import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Fresh, Permission, requires
from parley.casework.service.coordinating import record_read
from parley.casework.views import ClockView, MemberView
from parley.compartment.domain import MessageChannel
from parley.db.scope import Scope, Side, compartment_scope
from parley.kernel.errors import NotFound
from parley.web import current
from parley.workspaces.provider.opening import Opened, opened, provider_id
from parley.workspaces.talking import MessageForm, send, thread


@dataclasses.dataclass(frozen=True, kw_only=True)
class Partner:
    """With whom a thread is: ``member`` of the family, or the council."""

    name: str
    href: str
    member: MemberView | None = None


@requires(Permission.CASE_CONFIDE, fresh=Fresh.CONFIDENTIAL)
def family_messages(authority_id: uuid.UUID, case_id: uuid.UUID, member_id: uuid.UUID) -> ResponseReturnValue:
    """Show the thread with one member of the family, and take another message."""
    found = opened(authority_id, case_id)
    found.family_member(member_id)
    partner = next((one for one in partners(found) if one.member and one.member.id == member_id), None)
    return _thread_page(found, partner, asked=found.view.open_question(member_id))


@requires(Permission.CASE_CONFIDE, fresh=Fresh.CONFIDENTIAL)
def council_messages(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Show the thread with the council, once it was told, and take another message."""
    found = opened(authority_id, case_id)
    return _thread_page(found, next((one for one in partners(found) if one.member is None), None))


def partners(found: Opened) -> list[Partner]:
    """Return with whom the provider can talk as the case stands: nobody hears of it before the request is sent on."""
    view = found.view
    if not view.was_referred:
        return []
    where: dict[str, Any] = {"authority_id": view.authority_id, "case_id": view.id}
    family = [
        Partner(
            name=member.name,
            href=url_for("provider.family_messages", **where, member_id=member.id),
            member=member,
        )
        for member in found.family()
    ]
    council = Partner(name=found.desk.council, href=url_for("provider.council_messages", **where))
    return [*family, council] if view.council_told_at else family


def private_scope(found: Opened) -> Scope:
    """Return the scope of the case's compartment on the provider's side, for the signed-in person."""
    view, person_id = found.view, current.identity_id()
    return compartment_scope(provider_id(), view.authority_id, view.id, side=Side.PROVIDER, person_id=person_id)


def _thread_page(found: Opened, partner: Partner | None, *, asked: ClockView | None = None) -> ResponseReturnValue:
    if partner is None:
        raise NotFound
    view, form = found.view, MessageForm()
    channel = MessageChannel.FAMILY_PROVIDER if partner.member else MessageChannel.COUNCIL_PROVIDER
    member_id = partner.member.id if partner.member else None
    scope = private_scope(found)
    if form.validate_on_submit() and send(scope, form, channel, member_id=member_id):
        flash("Your message was sent.")
        return redirect(partner.href, 303)
    shown = thread(scope, channel, member_id=member_id)
    page = render_template(
        "provider/messages.html",
        form=form if shown.reachable or form.was_sent else None,
        thread=shown,
        view=view,
        desk=found.desk,
        partner=partner,
        asked=asked,
        others=[one for one in partners(found) if one.href != partner.href],
        may_coordinate=current.actor().may(Permission.CASE_COORDINATE),
        back=url_for("provider.case", authority_id=view.authority_id, case_id=view.id),
    )
    record_read(
        current.session(), actor=current.actor(), at=current.now(), authority_id=view.authority_id, case_id=view.id
    )
    if form.was_sent and not shown.reachable:
        return page, 503
    return page, 422 if form.was_sent else 200
