"""Reading what somebody has to be told by hand, because no e-mail reaches them: for their provider, or for a council.

It shows no address and no name: those are on the case's own page.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from parley.notifications.decisions import OF_CHANGE, MessageCode
from parley.notifications.domain import (
    RecipientKind,
    TaskReason,
)
from parley.notifications.models import ProviderTask
from parley.notifications.wording import WHY, task_words, why_by_hand
from parley.tenancy.queries import cannot_go_on


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


def open_tasks(session: Session, *, provider_id: uuid.UUID, on: dt.date, limit: int = 100) -> list[TaskView]:
    """Return what the provider's coordinators have to tell, over all councils, oldest first (provider's scope).

    What their safeguarding lead has to hear is apart from it (``lead_untold``), and so is what a council asks families
    by itself on the London date ``on`` (``council_tasks``).
    """
    return _tasks(
        session,
        select(ProviderTask)
        .where(
            ProviderTask.provider_id == provider_id,
            ProviderTask.case_id.is_not(None),
            ProviderTask.done_at.is_(None),
            ProviderTask.cancelled_at.is_(None),
            ~_is_the_councils(on),
        )
        .order_by(ProviderTask.created_at)
        .limit(limit),
    )


def council_tasks(session: Session, *, authority_id: uuid.UUID, on: dt.date) -> list[TaskView]:
    """Return which families the council itself has to ask who goes on, oldest first (council's scope).

    No e-mail reaches them, and the provider that would ring them cannot go on, on the London date ``on``.
    """
    return _tasks(
        session,
        select(ProviderTask)
        .where(
            ProviderTask.authority_id == authority_id,
            ProviderTask.done_at.is_(None),
            ProviderTask.cancelled_at.is_(None),
            _is_the_councils(on),
        )
        .order_by(ProviderTask.created_at),
    )


def _is_the_councils(on: dt.date) -> ColumnElement[bool]:
    """Return the condition that a task of a provider is its council's instead: only what asks who goes on."""
    asks = ProviderTask.message.in_(OF_CHANGE) & (ProviderTask.recipient == RecipientKind.FAMILY)
    return asks & cannot_go_on(ProviderTask.authority_id, ProviderTask.provider_id, on)


def lead_untold(session: Session, *, provider_id: uuid.UUID) -> tuple[dt.datetime, str] | None:
    """Return since when the provider's safeguarding lead has to be told of a concern, and why not by mail; or None."""
    row = session.execute(
        select(ProviderTask.created_at, ProviderTask.reason)
        .where(
            ProviderTask.provider_id == provider_id,
            ProviderTask.recipient == RecipientKind.SAFEGUARDING_LEAD,
            ProviderTask.done_at.is_(None),
        )
        .order_by(ProviderTask.created_at)
        .limit(1)
    ).one_or_none()
    return (row[0], WHY[row[1]]) if row is not None else None


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


def _tasks(session: Session, query: Select[ProviderTask]) -> list[TaskView]:
    rows: Sequence[ProviderTask] = session.scalars(query).all()
    return [
        TaskView(
            id=row.id,
            authority_id=row.authority_id,
            case_id=case_id,
            member_id=row.member_id,
            recipient=row.recipient,
            reason=row.reason,
            words=task_words(row.recipient, MessageCode(row.message)),
            why=why_by_hand(row.recipient, row.reason, to_a_person=row.member_id is not None),
            created_at=row.created_at,
            done_at=row.done_at,
            done_by=row.done_by,
        )
        for row in rows
        if (case_id := row.case_id) is not None
    ]
