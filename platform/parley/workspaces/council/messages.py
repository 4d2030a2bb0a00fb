"""Private messages between council and provider: kept in the compartment, behind a login of its own."""

import dataclasses
import uuid
from collections.abc import Sequence

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework.service.coordinating import record_read
from parley.compartment import queries
from parley.compartment.domain import MessageChannel
from parley.compartment.queries import MessageView
from parley.compartment.service import send_message
from parley.db.scope import Scope, Side, compartment_scope
from parley.db.session import LoginUnavailableError
from parley.web import current
from parley.web.runtime import runtime
from parley.workspaces import rules
from parley.workspaces.council.forms import MessageForm
from parley.workspaces.council.opening import Opened, authority_id, back_to, officer_id, opened


@dataclasses.dataclass(frozen=True, kw_only=True)
class Thread:
    """The messages, or that this process has no way to them: then they are neither shown nor lost."""

    reachable: bool
    messages: Sequence[MessageView] = ()


@requires(Permission.CASE_READ_OPEN)
def messages(case_id: uuid.UUID) -> ResponseReturnValue:
    """Show the messages between council and provider, and take another one.

    The open side is asked first whether this council has the case and was told of it; the walls of the compartment then
    show this side's own thread and nothing of the family's.
    """
    found, form = opened(case_id), MessageForm()
    if form.validate_on_submit() and _send(found, str(form.body.data)):
        return back_to(case_id, f"Your message to {found.names.provider} was sent.")
    thread = _thread(found)
    page = render_template(
        "council/messages.html",
        form=form if thread.reachable or form.was_sent else None,
        thread=thread,
        view=found.view,
        names=found.names,
        contact=rules.provider_contact(found.policy),
        back=url_for("council.case", case_id=case_id),
    )
    record_read(
        current.session(), actor=current.actor(), at=current.now(), authority_id=authority_id(), case_id=case_id
    )
    if form.was_sent and not thread.reachable:
        return page, 503
    return page, 422 if form.was_sent else 200


def _send(found: Opened, body: str) -> bool:
    """Send the message; tell whether this process could."""
    try:
        with runtime().database.begin(_scope(found)) as session:
            send_message(
                session,
                actor=current.actor(),
                at=current.now(),
                channel=MessageChannel.COUNCIL_PROVIDER,
                body=body,
            )
    except LoginUnavailableError:
        return False
    return True


def _thread(found: Opened) -> Thread:
    try:
        with runtime().database.begin(_scope(found)) as session:
            return Thread(reachable=True, messages=queries.messages(session, reader=officer_id()))
    except LoginUnavailableError:
        return Thread(reachable=False)


def _scope(found: Opened) -> Scope:
    return compartment_scope(authority_id(), authority_id(), found.view.id, side=Side.COUNCIL, person_id=officer_id())
