"""A message on its way out: taken, sent or not sent. Nothing is sent from here; see jobs."""

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.notifications.decisions import NOT_EXPECTED, MessageCode
from parley.notifications.domain import NotificationState, Recipient, TaskReason, Trouble, recipient_of
from parley.notifications.models import Notification
from parley.notifications.queries import case_facts, people_of
from parley.notifications.service import PROVIDERS_OWN, add_task, count_trouble


def take_waiting(
    session: Session, authority_id: uuid.UUID, notification_id: uuid.UUID, *, at: dt.datetime
) -> Notification | None:
    """Return the message if it still waits and still may be mailed, with the address it goes to now. Commits.

    A person who has left the case gets nothing; one whose wishes or address changed is told as they wish now.
    """
    message = session.get(Notification, (authority_id, notification_id), with_for_update=True)
    if message is None or message.state is not NotificationState.WAITING:
        return None
    message.attempts += 1
    if message.member_id is not None:
        _as_they_wish_now(session, message, at)
    session.commit()
    return message if message.state is NotificationState.WAITING else None


def message_sent(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, notification_id: uuid.UUID
) -> None:
    """Record that the mail server took the message. Commits."""
    message = session.get_one(Notification, (authority_id, notification_id), with_for_update=True)
    message.state = NotificationState.SENT
    message.sent_at = at
    message.last_error = None
    _audited(session, message, "sent", actor, at)
    session.commit()


def message_failed(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    notification_id: uuid.UUID,
    error: str,
    for_good: bool,
) -> None:
    """Record why the message was not sent (``error`` is a code). Commits.

    For good, operators see it counted, and a coordinator is to tell the person; a message to the provider's own
    mailbox has nobody else to tell it, and what it said is in the provider's list.
    """
    message = session.get_one(Notification, (authority_id, notification_id), with_for_update=True)
    if message.state is not NotificationState.WAITING:
        return
    message.last_error = error
    if for_good:
        message.state = NotificationState.FAILED_FOR_GOOD
        count_trouble(session, authority_id, Trouble.MAIL_FAILED, at)
        _audited(session, message, "failed", actor, at)
        if message.recipient not in PROVIDERS_OWN:
            case = case_facts(session, authority_id, message.case_id)
            recipient = Recipient(kind=message.recipient, member_id=message.member_id)
            code = MessageCode(message.message)
            add_task(session, case, recipient, code, TaskReason.MAIL_FAILED, at=at, codes=message.codes)
    session.commit()


def _as_they_wish_now(session: Session, message: Notification, at: dt.datetime) -> None:
    case = case_facts(session, message.authority_id, message.case_id)
    people = [person for person in people_of(session, case) if person.member_id == message.member_id]
    may_hear = people and (not people[0].left or MessageCode(message.message) is NOT_EXPECTED)
    if not may_hear:
        message.state = NotificationState.CANCELLED
        return
    recipient = recipient_of(message.recipient, people[0])
    message.address = recipient.address
    if recipient.by_hand is not None:
        message.state = NotificationState.CANCELLED
        code = MessageCode(message.message)
        add_task(session, case, recipient, code, recipient.by_hand, at=at, codes=message.codes)


def _audited(session: Session, message: Notification, verb: str, actor: Actor, at: dt.datetime) -> None:
    audit.record(
        session,
        at=at,
        actor=actor,
        action=f"notification.{verb}",
        realm_id=message.authority_id,
        subject_id=message.id,
        case_id=message.case_id,
        codes={"message": message.message, "recipient": message.recipient.value},
    )
