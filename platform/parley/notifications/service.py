"""Turning news of a case into messages: rows and jobs in the transaction of the news, nothing sent from here."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.casework.domain import CaseState, ClockCode, Viewer
from parley.casework.timeline import PRIVATE_TO, CaseNews, Happening, ProviderNotice
from parley.compartment.domain import DraftNews
from parley.compartment.domain import MessageChannel as PrivateChannel
from parley.db.scope import Side
from parley.jobs.service import enqueue
from parley.kernel.clock import london_date
from parley.kernel.errors import NotFound
from parley.meetings.domain import ArrangementChanged, PlaceEnded
from parley.meetings.queries import council_people_told
from parley.notifications.decisions import (
    DRAFTS,
    NOT_EXPECTED,
    OVERTAKEN,
    OWN_ACTION,
    PLACE_CHANGED,
    PRIVATE_MESSAGES,
    ByPhone,
    MessageCode,
    messages_for,
    settled_by,
)
from parley.notifications.domain import (
    CaseFacts,
    ClockFacts,
    MessageChannel,
    NotificationState,
    Recipient,
    RecipientKind,
    TaskReason,
    Trouble,
    organisation,
    people_told,
    recipient_of,
)
from parley.notifications.models import Notification, ProviderTask, TroubleCount
from parley.notifications.queries import case_facts, people_of
from parley.notifications.ways import RUNG_THROUGH
from parley.tenancy import queries as tenancy

SEND = "notifications.send"

PROVIDERS_OWN = frozenset({RecipientKind.PROVIDER, RecipientKind.ADMINISTRATOR, RecipientKind.SAFEGUARDING_LEAD})


def on_case_news(session: Session, news: CaseNews) -> None:
    """Subscribed to CaseNews: write the messages it causes, in its transaction, and the jobs that send them."""
    case = case_facts(session, news.authority_id, news.case_id)
    clock = ClockCode(news.codes["clock"]) if news.happening is Happening.CLOCK_MISSED else None
    _settle(session, case, news)
    messages = messages_for(news.happening, by=news.by, council_knows=case.council_knows, clock=clock)
    apart = RecipientKind.YOUNG_PERSON in messages
    for kind, cell in messages.items():
        code = cell.code if isinstance(cell, ByPhone) else cell
        told = _recipients(session, case, kind, young_person_apart=apart)
        if kind is RecipientKind.COUNCIL:
            told += _council_at_meeting(session, case, news.at)
        for recipient in _private(told, news.codes.get(PRIVATE_TO)):
            if not (isinstance(cell, ByPhone) and recipient.by_hand is None):
                tell(session, case, recipient, code, at=news.at, codes=news.codes)


def on_arrangement_changed(session: Session, change: ArrangementChanged) -> None:
    """Subscribed to ArrangementChanged: tell the one person whose place in a meeting changed, in its transaction."""
    case = case_facts(session, change.authority_id, change.case_id)
    for person in people_of(session, case):
        if person.member_id != change.member_id or person.left:
            continue
        kind, code = PLACE_CHANGED[person.party]
        tell(session, case, recipient_of(kind, person), code, at=change.at, codes={"meeting": str(change.meeting_id)})


def on_place_ended(session: Session, ended: PlaceEnded) -> None:
    """Subscribed to PlaceEnded: tell the one person who is no longer expected at a meeting, in its transaction."""
    case = case_facts(session, ended.authority_id, ended.case_id)
    for person in people_of(session, case):
        if person.member_id == ended.member_id:
            kind, _ = PLACE_CHANGED[person.party]
            codes = {"meeting": str(ended.meeting_id)}
            tell(session, case, recipient_of(kind, person), NOT_EXPECTED, at=ended.at, codes=codes)


def on_provider_notice(session: Session, notice: ProviderNotice) -> None:
    """Subscribed to ProviderNotice: write the message that a plugin asks for, in its transaction."""
    case = case_facts(session, notice.authority_id, notice.case_id)
    words = {
        "what_to_do": notice.what_to_do,
        "by_when": notice.by_when.isoformat() if notice.by_when else "",
        "addressed_to": notice.addressed_to or "",
        "url": notice.url or "",
    }
    recipient = organisation(RecipientKind.PROVIDER, notice.mailbox)
    tell(session, case, recipient, MessageCode.PROVIDER_NOTICE, at=notice.at, codes={}, words=words)


def tell_owner(
    session: Session, case: CaseFacts, clock: ClockFacts, *, at: dt.datetime, late: bool, codes: Mapping[str, str]
) -> None:
    """Have whoever is to do what was agreed told that it is due, or late. In the caller's transaction.

    Of the bodies, nobody but its own people is told of it.
    """
    kind, due, overdue = OWN_ACTION[Viewer(clock.binds)]
    code = overdue if late else due
    if code is None:
        return
    if kind in {RecipientKind.COUNCIL, RecipientKind.PROVIDER}:
        owners = _recipients(session, case, kind)
    else:
        people = [person for person in people_of(session, case) if person.party_id == clock.party_id]
        owners = people_told(kind, people)
    about = {"due_on": clock.due_on.isoformat(), "about_clock": str(clock.id), **codes}
    for owner in owners:
        tell(session, case, owner, code, at=at, codes=about)


def tell_of_private_message(
    session: Session,
    *,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    by: Side,
    channel: PrivateChannel,
    member_id: uuid.UUID | None,
) -> None:
    """Tell the other side that a private message waits for it on its page, and nothing of what it says. Commits.

    ``member_id`` is the person of the family whose thread it is; nobody else of the family is told.
    """
    case = case_facts(session, authority_id, case_id)
    kind, code = PRIVATE_MESSAGES[channel, by]
    for recipient in _recipients(session, case, kind):
        if recipient.member_id in {None, member_id}:
            tell(session, case, recipient, code, at=at, codes={})
    session.commit()


def tell_of_draft(
    session: Session,
    *,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    news: DraftNews,
    side: Side,
    member_id: uuid.UUID | None,
) -> None:
    """Tell a side that it has a draft to check, or the provider that the side answered one. Commits.

    ``member_id`` is whose copy it is, None for a council's. Nothing of what stands in a draft is known here. Of one
    that was settled meanwhile nobody is told.
    """
    case = case_facts(session, authority_id, case_id)
    if case.state is CaseState.CLOSED or (news is DraftNews.TO_CHECK and case.state is not CaseState.MEETING_HELD):
        return
    kind, code = DRAFTS[news, side]
    for recipient in _recipients(session, case, kind):
        if recipient.member_id in {None, member_id}:
            tell(session, case, recipient, code, at=at, codes={})
    session.commit()


def tell(
    session: Session,
    case: CaseFacts,
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
    case: CaseFacts,
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


def asked_by_council(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    provider_id: uuid.UUID,
    authority_id: uuid.UUID,
    task_id: uuid.UUID,
) -> None:
    """Take a task back from a provider that cannot go on, because its council asked the family by itself. Commits.
    Twice changes nothing.

    In the council's scope, which may take tasks back and not say that the provider did them.
    """
    task = session.get_one(ProviderTask, (provider_id, authority_id, task_id), with_for_update=True)
    if task.done_at is None and task.cancelled_at is None:
        task.cancelled_at = at
        audit.record(
            session,
            at=at,
            actor=actor,
            action="task.asked_by_council",
            realm_id=authority_id,
            subject_id=task.id,
            case_id=task.case_id,
            codes={"message": task.message},
        )
    session.commit()


def count_trouble(session: Session, authority_id: uuid.UUID, trouble: Trouble, at: dt.datetime) -> None:
    """Count one more ``trouble`` of today for operators to see. In the caller's transaction."""
    counted = insert(TroubleCount).values(authority_id=authority_id, on_date=london_date(at), trouble=trouble, count=1)
    session.execute(
        counted.on_conflict_do_update(
            index_elements=[TroubleCount.authority_id, TroubleCount.on_date, TroubleCount.trouble],
            set_={"count": TroubleCount.count + 1},
        )
    )


def _private(told: list[Recipient], member: str | None) -> list[Recipient]:
    """Return who of ``told`` may hear of what is between one person and the provider; everybody where it is not."""
    return [one for one in told if member is None or one.member_id is None or str(one.member_id) == member]


def _recipients(
    session: Session, case: CaseFacts, kind: RecipientKind, *, young_person_apart: bool = False
) -> list[Recipient]:
    match kind:
        case RecipientKind.COUNCIL:
            profile = tenancy.authority_by_id(session, case.authority_id).profile
            return [organisation(kind, profile.get("team_mailbox"))]
        case RecipientKind.PROVIDER | RecipientKind.ADMINISTRATOR:
            return [organisation(kind, tenancy.provider_by_id(session, case.provider_id).profile["mailbox"])]
        case _:
            people = people_of(session, case)
            return people_told(kind, people, young_person_apart=young_person_apart)


def _council_at_meeting(session: Session, case: CaseFacts, at: dt.datetime) -> list[Recipient]:
    """Return the council's own people whose place in a meeting changed at ``at``: each gets a calendar entry."""
    changed = council_people_told(session, authority_id=case.authority_id, case_id=case.id, at=at)
    people = people_of(session, case) if changed else []
    told = [person for person in people if person.member_id in changed and not person.left]
    return [recipient_of(RecipientKind.COUNCIL, person) for person in told]


def _settle(session: Session, case: CaseFacts, news: CaseNews) -> None:
    """Take back tasks to tell or ask somebody what was answered or done meanwhile, of that person or thing alone."""
    settled = settled_by(news.happening, news.by)
    if not settled:
        return
    open_tasks = (
        update(ProviderTask)
        .where(ProviderTask.provider_id == case.provider_id, ProviderTask.authority_id == case.authority_id)
        .where(ProviderTask.case_id == case.id, ProviderTask.message.in_([code.value for code in settled]))
        .where(ProviderTask.done_at.is_(None), ProviderTask.cancelled_at.is_(None))
    )
    if member := news.codes.get(PRIVATE_TO):
        open_tasks = open_tasks.where(ProviderTask.member_id == uuid.UUID(member))
    if clock := news.codes.get("about_clock"):
        open_tasks = open_tasks.where(ProviderTask.codes["about_clock"].astext == clock)
    session.flush()
    session.execute(open_tasks.values(cancelled_at=news.at))


def _overtake(session: Session, case: CaseFacts, recipient: Recipient, code: MessageCode, at: dt.datetime) -> None:
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
