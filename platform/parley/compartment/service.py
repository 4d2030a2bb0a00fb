"""Use cases of the compartment. Each runs wholly on the compartment's own connection, in one transaction."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.service.questions import RECORD_ANSWER, RECORD_QUESTION
from parley.compartment.domain import MessageChannel, Purpose, message_problems
from parley.compartment.models import MediatorNote, PrivateMessage
from parley.compartment.record import act_in_case
from parley.db.scope import Side
from parley.jobs.service import enqueue
from parley.kernel.errors import Invalid, Refused
from parley.kernel.ids import new_id

#: A job of notifications: tells the other side that there is a message, and nothing of what it says.
TELL_OF_MESSAGE = "notifications.tell_of_private_message"

#: What was asked or answered is recorded at once by the page that sent it; its job is for when that page could not.
LEFT_TO_THE_PAGE = dt.timedelta(minutes=1)


def send_message(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    channel: MessageChannel,
    body: str,
    member_id: uuid.UUID | None = None,
    message_id: uuid.UUID | None = None,
    purpose: Purpose = Purpose.MESSAGE,
) -> uuid.UUID:
    """Send a private message in the open compartment's case; return its id. Commits.

    The scope says who writes: a member of the family writes in the thread of their own, the provider names the
    ``member_id`` it writes to, a council's thread has none. ``message_id`` is made when the form is opened: however
    often it is sent, it is one message. What else ``purpose`` brings about on the open side is a job that commits with
    the message. Raises Invalid for an empty or overlong message, Refused for a thread or a purpose that is not the
    writer's.
    """
    if found := message_problems(body):
        raise Invalid(found)
    act = act_in_case(session, actor=actor, at=at)
    thread = _thread(act.side, channel, act.person_id, member_id)
    _require_purpose(purpose, act.side, channel)
    if message_id is not None and session.get(PrivateMessage, (act.authority_id, act.case_id, message_id)) is not None:
        return message_id
    act.ensure_case_key()
    message = PrivateMessage(
        authority_id=act.authority_id,
        case_id=act.case_id,
        id=message_id or new_id(),
        provider_id=act.holder(),
        channel=channel,
        member_id=thread,
        by=act.side,
        author_id=act.person_id,
        body=body.strip(),
        sent_at=at,
    )
    session.add(message)
    codes = {"channel": channel.value, "by": act.side.value, "purpose": purpose.value}
    act.audited("private_message.send", message.id, **codes)
    _tell_of(session, message, purpose)
    session.commit()
    return message.id


def write_note(session: Session, *, actor: Actor, at: dt.datetime, body: str) -> uuid.UUID:
    """Write a mediator's own note on the open compartment's case; return its id. Commits."""
    if found := message_problems(body):
        raise Invalid(found)
    act = act_in_case(session, actor=actor, at=at)
    act.ensure_case_key()
    note = MediatorNote(
        authority_id=act.authority_id,
        case_id=act.case_id,
        provider_id=act.holder(),
        author_id=act.person_id,
        body=body.strip(),
        written_at=at,
    )
    session.add(note)
    act.audited("mediator_note.write", note.id)
    session.commit()
    return note.id


def _tell_of(session: Session, message: PrivateMessage, purpose: Purpose) -> None:
    # A job is given ids only; it reads no message, and its login could not.
    thread: dict[str, Any] = {
        "authority_id": message.authority_id,
        "case_id": message.case_id,
        "member_id": message.member_id or "",
    }
    later = message.sent_at + LEFT_TO_THE_PAGE
    match purpose:
        case Purpose.QUESTION:
            enqueue(session, RECORD_QUESTION, at=later, message_id=message.id, **thread)
        case Purpose.ANSWER:
            enqueue(session, RECORD_ANSWER, at=later, message_id=message.id, **thread)
        case Purpose.MESSAGE:
            enqueue(session, TELL_OF_MESSAGE, by=message.by.value, channel=message.channel.value, **thread)


def _require_purpose(purpose: Purpose, side: Side, channel: MessageChannel) -> None:
    asks = {Purpose.QUESTION: Side.PROVIDER, Purpose.ANSWER: Side.FAMILY}
    if purpose in asks and (side is not asks[purpose] or channel is not MessageChannel.FAMILY_PROVIDER):
        raise Refused("This message cannot be sent from here.", code="not-your-thread")


def _thread(side: Side, channel: MessageChannel, person_id: uuid.UUID, member_id: uuid.UUID | None) -> uuid.UUID | None:
    match side, channel:
        case Side.FAMILY, MessageChannel.FAMILY_PROVIDER:
            return person_id
        case Side.PROVIDER, MessageChannel.FAMILY_PROVIDER if member_id is not None:
            return member_id
        case ((Side.PROVIDER | Side.COUNCIL), MessageChannel.COUNCIL_PROVIDER):
            return None
        case _:
            raise Refused("This message cannot be sent from here.", code="not-your-thread")
