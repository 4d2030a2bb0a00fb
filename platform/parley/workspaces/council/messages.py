"""Private messages between council and provider: kept in the compartment, behind a login of its own."""

import uuid

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Fresh, Permission, requires
from parley.casework.service.coordinating import record_read
from parley.compartment.domain import MessageChannel
from parley.db.scope import Scope, Side, compartment_scope
from parley.web import current
from parley.workspaces import rules
from parley.workspaces.council.opening import Opened, back_to, opened
from parley.workspaces.talking import MessageForm, send, thread

_CHANNEL = MessageChannel.COUNCIL_PROVIDER


@requires(Permission.CASE_READ_OPEN, fresh=Fresh.CONFIDENTIAL)
def messages(case_id: uuid.UUID) -> ResponseReturnValue:
    """Show the messages between council and provider, and take another one.

    The open side is asked first whether this council has the case and was told of it; the walls of the compartment then
    show this side's own thread and nothing of the family's.
    """
    found, form = opened(case_id), MessageForm()
    scope = _scope(found)
    if form.validate_on_submit() and send(scope, form, _CHANNEL):
        return back_to(case_id, f"Your message to {found.names.provider} was sent.")
    shown = thread(scope, _CHANNEL)
    page = render_template(
        "council/messages.html",
        form=form if shown.reachable or form.was_sent else None,
        thread=shown,
        view=found.view,
        names=found.names,
        contact=rules.provider_contact(found.policy),
        back=url_for("council.case", case_id=case_id),
    )
    record_read(
        current.session(), actor=current.actor(), at=current.now(), authority_id=current.authority_id(), case_id=case_id
    )
    if form.was_sent and not shown.reachable:
        return page, 503
    return page, 422 if form.was_sent else 200


def _scope(found: Opened) -> Scope:
    council, officer = current.authority_id(), current.identity_id()
    return compartment_scope(council, council, found.view.id, side=Side.COUNCIL, person_id=officer)
