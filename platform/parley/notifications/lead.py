"""Telling a provider's safeguarding lead that a concern was raised: by mail, or by a colleague where none is known.

Nothing says what the concern is, about whom, or in which case: who reads of it here learns that the log has an entry.
"""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.notifications.decisions import MessageCode
from parley.notifications.domain import RecipientKind, TaskReason
from parley.notifications.letters import Letters, Provider, Subject
from parley.notifications.mailer import Letter
from parley.notifications.models import ProviderTask
from parley.tenancy import queries as tenancy


def letter_to_lead(
    session: Session, letters: Letters, *, authority_id: uuid.UUID, provider_id: uuid.UUID, key: str, url: str
) -> Letter | None:
    """Return the letter that sends the lead to their log at ``url``, or None where no mailbox of theirs is known."""
    provider = tenancy.provider_by_id(session, provider_id)
    mailbox = provider.profile.get("safeguarding_mailbox")
    if not mailbox:
        return None
    subject = Subject(
        council=tenancy.authority_by_id(session, authority_id).name,
        provider=Provider.of(provider.name, provider.profile["contact"]),
        url=url,
    )
    return letters.write(MessageCode.PROVIDER_CONCERN_RAISED, subject, key=key, to=mailbox)


def have_lead_told(
    session: Session,
    *,
    at: dt.datetime,
    authority_id: uuid.UUID,
    provider_id: uuid.UUID,
    notice_id: uuid.UUID,
    reason: TaskReason,
) -> None:
    """Have the provider's people tell their lead. Commits. Once for each ``notice_id``."""
    if session.get(ProviderTask, (provider_id, authority_id, notice_id)) is None:
        session.add(
            ProviderTask(
                provider_id=provider_id,
                authority_id=authority_id,
                id=notice_id,
                case_id=None,
                recipient=RecipientKind.SAFEGUARDING_LEAD,
                message=MessageCode.PROVIDER_CONCERN_RAISED.value,
                codes={},
                reason=reason,
                created_at=at,
            )
        )
    session.commit()


def lead_has_looked(session: Session, *, actor: Actor, at: dt.datetime, provider_id: uuid.UUID) -> None:
    """Record that the lead opened the log, so that nobody has to tell them of what stands in it. Commits."""
    waiting = session.scalars(
        select(ProviderTask).where(
            ProviderTask.provider_id == provider_id,
            ProviderTask.recipient == RecipientKind.SAFEGUARDING_LEAD,
            ProviderTask.done_at.is_(None),
        )
    )
    for task in waiting:
        task.done_at, task.done_by = at, actor.identity_id
        audit.record(session, at=at, actor=actor, action="task.complete", realm_id=provider_id, subject_id=task.id)
    session.commit()
