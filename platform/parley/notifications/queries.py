"""Reading messages and tasks. None of it shows an address or a name: those are on the case's own page."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from parley.notifications.decisions import MessageCode
from parley.notifications.domain import NotificationState, RecipientKind, TaskReason, Trouble
from parley.notifications.models import Notification, ProviderTask, TroubleCount
from parley.notifications.wording import WHY, task_words


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskView:
    """Something for a coordinator to tell somebody. ``member_id`` is None for an organisation."""

    id: uuid.UUID
    authority_id: uuid.UUID
    case_id: uuid.UUID
    member_id: uuid.UUID | None
    recipient: RecipientKind
    reason: TaskReason
    words: str
    why: str
    created_at: dt.datetime
    done_at: dt.datetime | None
    done_by: uuid.UUID | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class MessageView:
    """A message of a case: what, to whom, and what became of it."""

    message: MessageCode
    recipient: RecipientKind
    member_id: uuid.UUID | None
    state: NotificationState
    created_at: dt.datetime
    sent_at: dt.datetime | None


def open_tasks(session: Session, *, provider_id: uuid.UUID, limit: int = 100) -> list[TaskView]:
    """Return what the provider's coordinators have to tell, over all councils, oldest first (provider's scope)."""
    return _tasks(
        session,
        select(ProviderTask)
        .where(
            ProviderTask.provider_id == provider_id,
            ProviderTask.done_at.is_(None),
            ProviderTask.cancelled_at.is_(None),
        )
        .order_by(ProviderTask.created_at)
        .limit(limit),
    )


def tasks_of_case(
    session: Session, *, provider_id: uuid.UUID, authority_id: uuid.UUID, case_id: uuid.UUID
) -> list[TaskView]:
    """Return the tasks of one case, done ones included, newest first."""
    return _tasks(
        session,
        select(ProviderTask)
        .where(
            ProviderTask.provider_id == provider_id,
            ProviderTask.authority_id == authority_id,
            ProviderTask.case_id == case_id,
            ProviderTask.cancelled_at.is_(None),
        )
        .order_by(ProviderTask.created_at.desc()),
    )


def messages_of_case(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID) -> list[MessageView]:
    """Return the e-mails of one case, newest first, for the staff who look after it."""
    rows = session.scalars(
        select(Notification)
        .where(
            Notification.authority_id == authority_id,
            Notification.case_id == case_id,
            Notification.state != NotificationState.CANCELLED,
        )
        .order_by(Notification.created_at.desc())
    )
    return [
        MessageView(
            message=MessageCode(row.message),
            recipient=row.recipient,
            member_id=row.member_id,
            state=row.state,
            created_at=row.created_at,
            sent_at=row.sent_at,
        )
        for row in rows
    ]


def troubles_since(session: Session, day: dt.date) -> dict[tuple[uuid.UUID, Trouble], int]:
    """Return how often each thing went wrong at each council since the London date ``day`` (operator's scope)."""
    rows = session.execute(
        select(TroubleCount.authority_id, TroubleCount.trouble, func.sum(TroubleCount.count))
        .where(TroubleCount.on_date >= day)
        .group_by(TroubleCount.authority_id, TroubleCount.trouble)
    )
    return {(authority_id, trouble): int(count) for authority_id, trouble, count in rows}


def _tasks(session: Session, query: Select[ProviderTask]) -> list[TaskView]:
    rows: Sequence[ProviderTask] = session.scalars(query).all()
    return [
        TaskView(
            id=row.id,
            authority_id=row.authority_id,
            case_id=row.case_id,
            member_id=row.member_id,
            recipient=row.recipient,
            reason=row.reason,
            words=task_words(row.recipient, MessageCode(row.message)),
            why=WHY[row.reason],
            created_at=row.created_at,
            done_at=row.done_at,
            done_by=row.done_by,
        )
        for row in rows
    ]
