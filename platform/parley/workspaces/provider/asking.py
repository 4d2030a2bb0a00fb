"""Asking the family something: the one way by which a question leaves, whatever page asks.

First the question goes into the compartment, as a private message; in the same transaction goes a job that records on
the open side that something was asked. Then the page records it itself, so that it shows at once, and the job finds it
done. Where the page cannot (the process ends, the database is away, somebody closed the case), the job does it within
minutes, or finds that nothing is due any more: the question is not lost, is asked once, and has its date.

The open side keeps no word of it: there stands only that something was asked of whom, and by when an answer would help.
"""

import uuid

from parley.casework.service.questions import ask_for_information
from parley.compartment.domain import MessageChannel, Purpose
from parley.kernel.errors import Invalid
from parley.web import current
from parley.workspaces.provider.messages import private_scope
from parley.workspaces.provider.opening import Opened
from parley.workspaces.talking import NOT_NOW, MessageForm, send


def ask_family(found: Opened, form: MessageForm, *, member_id: uuid.UUID) -> None:
    """Ask one member of the family what was typed; they are told that there is a question, in the way they are reached.

    The question itself is in their thread. Raises Invalid, and asks nothing, where this process has no way to private
    messages; Conflict when the case was closed meanwhile.
    """
    channel = MessageChannel.FAMILY_PROVIDER
    if not send(private_scope(found), form, channel, member_id=member_id, purpose=Purpose.QUESTION):
        raise Invalid({"body": [NOT_NOW]})
    ask_for_information(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=found.view.authority_id,
        case_id=found.view.id,
        member_id=member_id,
        message_id=form.message_id,
    )
