"""Turning news of a case into messages: rows and jobs in the transaction of the news, nothing sent from here."""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.casework.domain import Capacity, CaseState, ClockCode, PartyKind
from parley.casework.models import Case, Party, PartyMember
from parley.casework.timeline import CaseNews, Happening, ProviderNotice
from parley.jobs.service import enqueue
from parley.kernel.clock import london_date
from parley.kernel.errors import NotFound
from parley.notifications.decisions import OVERTAKEN, RUNG_THROUGH, ByPhone, MessageCode, messages_for
from parley.notifications.domain import (
    MessageChannel,
    NotificationState,
    RecipientKind,
    TaskReason,
    Trouble,
    may_email,
)
from parley.notifications.models import Notification, ProviderTask, TroubleCount
from parley.tenancy import queries as tenancy

SEND = "notifications.send"

PROVIDERS_OWN = frozenset({RecipientKind.PROVIDER, RecipientKind.ADMINISTRATOR})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody to be told. ``address`` is empty, and ``by_hand`` says why, when a coordinator has to."""

    kind: RecipientKind
    member_id: uuid.UUID | None = None
    address: str = dataclasses.field(default="", repr=False)
    by_hand: TaskReason | None = None


def on_case_news(session: Session, news: CaseNews) -> None:
    """Subscribed to CaseNews: write the messages it causes, in its transaction, and the jobs that send them."""
    case = session.get_one(Case, (news.authority_id, news.case_id))
    told = case.council_told_at is not None
    clock = ClockCode(news.codes["clock"]) if news.happening is Happening.CLOCK_MISSED else None
    messages = messages_for(news.happening, by=news.by, council_knows=told, clock=clock)
    for kind, cell in messages.items():
        code = cell.code if isinstance(cell, ByPhone) else cell
        for recipient in _recipients(session, case, kind, has_own=RecipientKind.YOUNG_PERSON in messages):
            if not (isinstance(cell, ByPhone) and recipient.by_hand is None):
                tell(session, case, recipient, code, at=news.at, codes=news.codes)


def on_provider_notice(session: Session, notice: ProviderNotice) -> None:
    """Subscribed to ProviderNotice: write the message that a plugin asks for, in its transaction."""
    case = session.get_one(Case, (notice.authority_id, notice.case_id))
    words = {
        "what_to_do": notice.what_to_do,
        "by_when": notice.by_when.isoformat() if notice.by_when else "",
        "addressed_to": notice.addressed_to or "",
        "url": notice.url or "",
    }
    recipient = Recipient(kind=RecipientKind.PROVIDER, address=notice.mailbox)
    tell(session, case, recipient, MessageCode.PROVIDER_NOTICE, at=notice.at, codes={}, words=words)


def tell(
    session: Session,
    case: Case,
    recipient: Recipient,
    code: MessageCode,
    *,
    at: dt.datetime,
    codes: Mapping[str, str],
    words: Mapping[str, str] | None = None,
) -> None:
    """Have ``recipient`` told: by e-mail, or by a coordinator. In the caller's transaction."""
    _overtake(session, case, recipient, code, at)
    if recipient.by_hand is not None:
        if recipient.kind is not RecipientKind.COUNCIL or code in RUNG_THROUGH:
            add_task(session, case, recipient, code, recipient.by_hand, at=at, codes=codes)
        return
    notification = Notification(
        authority_id=case.authority_id,
        case_id=case.id,
        member_id=recipient.member_id,
        recipient=recipient.kind,
        address=recipient.address,
        message=code.value,
        codes=dict(codes),
        words=json.dumps(words) if words else "",
        channel=MessageChannel.EMAIL,
        state=NotificationState.WAITING,
        created_at=at,
        attempts=0,
    )
    session.add(notification)
    enqueue(session, SEND, authority_id=case.authority_id, notification_id=notification.id)


def add_task(
    session: Session,
    case: Case,
    recipient: Recipient,
    code: MessageCode,
    reason: TaskReason,
    *,
    at: dt.datetime,
    codes: Mapping[str, str],
) -> None:
    """Have a coordinator of the case's provider tell ``recipient``. In the caller's transaction."""
    session.add(
        ProviderTask(
            provider_id=case.provider_id,
            authority_id=case.authority_id,
            case_id=case.id,
            member_id=recipient.member_id,
            recipient=recipient.kind,
            message=code.value,
            codes=dict(codes),
            reason=reason,
            created_at=at,
        )
    )


def complete_task(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    provider_id: uuid.UUID,
    authority_id: uuid.UUID,
    task_id: uuid.UUID,
) -> None:
    """Record that ``actor``, of the provider's staff, told the person. Commits. Twice changes nothing.

    Raises NotFound for a task of another provider.
    """
    task = session.get(ProviderTask, (provider_id, authority_id, task_id), with_for_update=True)
    if task is None:
        raise NotFound
    if task.done_at is None:
        task.done_at = at
        task.done_by = actor.identity_id
        audit.record(
            session,
            at=at,
            actor=actor,
            action="task.complete",
            realm_id=provider_id,
            subject_id=task.id,
            case_id=task.case_id,
            codes={"message": task.message},
        )
    session.commit()


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
        member = session.get_one(PartyMember, (authority_id, message.member_id))
        recipient = member_recipient(message.recipient, member)
        if member.left_at is not None or recipient.by_hand is not None:
            message.state = NotificationState.CANCELLED
        if member.left_at is None and recipient.by_hand is not None:
            case = session.get_one(Case, (authority_id, message.case_id))
            code = MessageCode(message.message)
            add_task(session, case, recipient, code, recipient.by_hand, at=at, codes=message.codes)
        message.address = recipient.address
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
            case = session.get_one(Case, (authority_id, message.case_id))
            recipient = Recipient(kind=message.recipient, member_id=message.member_id)
            code = MessageCode(message.message)
            add_task(session, case, recipient, code, TaskReason.MAIL_FAILED, at=at, codes=message.codes)
    session.commit()


def stuck_since(session: Session, authority_id: uuid.UUID, before: dt.datetime) -> list[uuid.UUID]:
    """Return the messages that have waited since before ``before``: no job of theirs is left."""
    return list(
        session.scalars(
            select(Notification.id).where(
                Notification.authority_id == authority_id,
                Notification.state == NotificationState.WAITING,
                Notification.created_at < before,
            )
        )
    )


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


def count_trouble(session: Session, authority_id: uuid.UUID, trouble: Trouble, at: dt.datetime) -> None:
    """Count one more ``trouble`` of today for operators to see. In the caller's transaction."""
    counted = insert(TroubleCount).values(authority_id=authority_id, on_date=london_date(at), trouble=trouble, count=1)
    session.execute(
        counted.on_conflict_do_update(
            index_elements=[TroubleCount.authority_id, TroubleCount.on_date, TroubleCount.trouble],
            set_={"count": TroubleCount.count + 1},
        )
    )


def family_recipients(session: Session, case: Case) -> list[Recipient]:
    """Return everybody in the family's own party, the young person included."""
    return _recipients(session, case, RecipientKind.FAMILY, has_own=False)


def member_recipient(kind: RecipientKind, member: PartyMember) -> Recipient:
    """Return how a person in a party is told now: as their contact and their safety wishes say."""
    by_hand = None
    if not member.email:
        by_hand = TaskReason.NO_EMAIL
    elif not may_email(_safety(member)):
        by_hand = TaskReason.NOT_BY_EMAIL
    return Recipient(kind=kind, member_id=member.id, address="" if by_hand else member.email, by_hand=by_hand)


def _recipients(session: Session, case: Case, kind: RecipientKind, *, has_own: bool) -> list[Recipient]:
    """Return the people of ``kind``. With ``has_own`` the young person is told apart from the rest of the family."""
    match kind:
        case RecipientKind.FAMILY:
            # Until they have said yes, a young person hears nothing but the question itself.
            apart = has_own or case.state is CaseState.WAITING_FOR_YOUNG_PERSON
            members = [
                member
                for member in _members(session, case, {PartyKind.FAMILY})
                if not (apart and member.capacity is Capacity.YOUNG_PERSON)
            ]
        case RecipientKind.YOUNG_PERSON:
            members = [
                member
                for member in _members(session, case, {PartyKind.FAMILY})
                if member.capacity is Capacity.YOUNG_PERSON
            ]
        case RecipientKind.INVITED:
            # Only who has confirmed that the mailbox is theirs.
            members = [
                member
                for member in _members(session, case, {PartyKind.SETTING, PartyKind.ICB})
                if member.identity_id is not None
            ]
        case RecipientKind.COUNCIL:
            mailbox = tenancy.authority_by_id(session, case.authority_id).profile.get("team_mailbox")
            return [_organisation(kind, mailbox)]
        case RecipientKind.PROVIDER | RecipientKind.ADMINISTRATOR:
            mailbox = tenancy.provider_by_id(session, case.provider_id).profile["mailbox"]
            return [_organisation(kind, mailbox)]
    return [member_recipient(kind, member) for member in members]


def _organisation(kind: RecipientKind, mailbox: str | None) -> Recipient:
    if mailbox:
        return Recipient(kind=kind, address=mailbox)
    return Recipient(kind=kind, by_hand=TaskReason.NO_EMAIL)


def _members(session: Session, case: Case, kinds: Iterable[PartyKind]) -> list[PartyMember]:
    return list(
        session.scalars(
            select(PartyMember)
            .join(Party, (Party.authority_id == PartyMember.authority_id) & (Party.id == PartyMember.party_id))
            .where(
                PartyMember.authority_id == case.authority_id,
                PartyMember.case_id == case.id,
                PartyMember.left_at.is_(None),
                Party.removed_at.is_(None),
                Party.kind.in_(kinds),
            )
            .order_by(PartyMember.id)
        )
    )


def _safety(member: PartyMember) -> Mapping[str, object]:
    if not member.safety:
        return {}
    try:
        wishes = json.loads(member.safety)
    except ValueError:
        wishes = None
    # Unreadable wishes are taken as the strictest: no e-mail.
    return wishes if isinstance(wishes, dict) else {"safe_ways": None}


def _overtake(session: Session, case: Case, recipient: Recipient, code: MessageCode, at: dt.datetime) -> None:
    """Take back what the same transaction was about to tell the same person and ``code`` says better."""
    overtaken = [old.value for old in OVERTAKEN.get(code, ())]
    if not overtaken:
        return
    session.flush()
    same = {"case_id": case.id, "member_id": recipient.member_id, "recipient": recipient.kind, "created_at": at}
    session.execute(
        update(Notification)
        .where(Notification.authority_id == case.authority_id, Notification.message.in_(overtaken))
        .where(Notification.state == NotificationState.WAITING)
        .filter_by(**same)
        .values(state=NotificationState.CANCELLED)
    )
    session.execute(
        update(ProviderTask)
        .where(ProviderTask.provider_id == case.provider_id, ProviderTask.authority_id == case.authority_id)
        .where(ProviderTask.message.in_(overtaken), ProviderTask.done_at.is_(None))
        .filter_by(**same)
        .values(cancelled_at=at)
    )
