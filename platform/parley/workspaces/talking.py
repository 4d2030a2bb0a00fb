"""Private messages on a page: read and written behind a login of its own, which this process may not hold.

Before any of this a page has shown, on the open side, that the person has their place in the case; the walls of the
compartment then show each side its own.
"""

import dataclasses
import uuid
from collections.abc import Sequence
from typing import Any

from flask import request

from parley.compartment import queries
from parley.compartment.domain import LONGEST, MessageChannel, Purpose
from parley.compartment.queries import MessageView
from parley.compartment.service import send_message
from parley.db.scope import Scope
from parley.db.session import LoginUnavailableError
from parley.kernel.ids import new_id
from parley.web import current
from parley.web.fields import Required, TextField
from parley.web.forms import BaseForm
from parley.web.runtime import runtime

#: Said where this process has no way to the messages. What was typed stays on the page.
NOT_NOW = (
    "Private messages cannot be sent from here at the moment. Nothing was sent, and what you wrote is kept on this "
    "page. Try again later, or ring."
)


class MessageForm(BaseForm):
    """A private message. Its id is made when the form is opened: sent twice, it is one message."""

    body = TextField("Your message", [Required("Write your message")], max_length=LONGEST, rows=6, noun="your message")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Bind to the request, and keep the id that came with what was typed."""
        super().__init__(*args, **kwargs)
        self.message_id = _sent_id() or new_id()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Thread:
    """One thread, oldest first; or that this process has no way to it: then it is neither shown nor lost."""

    reachable: bool
    messages: Sequence[MessageView] = ()


def thread(scope: Scope, channel: MessageChannel, *, member_id: uuid.UUID | None = None) -> Thread:
    """Return one thread of the case in ``scope``; ``member_id`` says which person's it is with a family."""
    reader = scope.person_id
    if reader is None:
        raise ValueError("somebody reads a thread")
    try:
        with runtime().database.begin(scope) as session:
            found = queries.messages(session, reader=reader, channel=channel, member_id=member_id)
    except LoginUnavailableError:
        return Thread(reachable=False)
    return Thread(reachable=True, messages=found)


def send(
    scope: Scope,
    form: MessageForm,
    channel: MessageChannel,
    *,
    member_id: uuid.UUID | None = None,
    purpose: Purpose = Purpose.MESSAGE,
) -> bool:
    """Send what was typed; tell whether this process could."""
    try:
        with runtime().database.begin(scope) as session:
            send_message(
                session,
                actor=current.actor(),
                at=current.now(),
                channel=channel,
                body=str(form.body.data),
                member_id=member_id,
                message_id=form.message_id,
                purpose=purpose,
            )
    except LoginUnavailableError:
        return False
    return True


def _sent_id() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.form.get("message_id", ""))
    except ValueError:
        return None
