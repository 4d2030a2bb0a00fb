"""Private messages between one member of a family and the provider; nobody else of the family reads them, no council.

A question that the provider asked is answered here; the answer meets its date.
"""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Fresh, Permission, requires
from parley.casework.domain import CaseState
from parley.casework.service.questions import information_given
from parley.casework.views import CaseView
from parley.compartment.domain import MessageChannel, Purpose
from parley.db.scope import Side, compartment_scope
from parley.kernel.errors import NotFound
from parley.web import current
from parley.workspaces.family.council import council_of_case
from parley.workspaces.family.status import own_case
from parley.workspaces.talking import MessageForm, send, thread

_CHANNEL = MessageChannel.FAMILY_PROVIDER


@requires(Permission.FAMILY_ASK, fresh=Fresh.CONFIDENTIAL)
def messages(case_id: uuid.UUID) -> ResponseReturnValue:
    """Show the person's own thread with the provider, and take another message of theirs."""
    view, form = own_case(case_id), MessageForm()
    me = view.me()
    if me is None or not view.was_referred or view.state is CaseState.UNPLACED:
        raise NotFound
    known, asked = council_of_case(view), view.open_question(me.id)
    scope = compartment_scope(view.authority_id, view.authority_id, view.id, side=Side.FAMILY, person_id=me.id)
    purpose = Purpose.MESSAGE if asked is None else Purpose.ANSWER
    if form.validate_on_submit() and send(scope, form, _CHANNEL, purpose=purpose):
        if purpose is Purpose.ANSWER:
            _answered(view, me.id, form.message_id)
        flash(f"Your message to {known.provider_name} was sent.")
        return redirect(url_for(".messages", case_id=case_id), 303)
    shown = thread(scope, _CHANNEL, member_id=me.id)
    page = render_template(
        "family/messages.html",
        form=form if shown.reachable or form.was_sent else None,
        thread=shown,
        view=view,
        council=known,
        asked=asked,
        back=url_for(".case", case_id=case_id),
    )
    if form.was_sent and not shown.reachable:
        return page, 503
    return page, 422 if form.was_sent else 200


def _answered(view: CaseView, member_id: uuid.UUID, message_id: uuid.UUID) -> None:
    """Record at once that the question was answered; a job that came with the message does where this cannot."""
    information_given(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=view.authority_id,
        case_id=view.id,
        member_id=member_id,
        message_id=message_id,
    )
