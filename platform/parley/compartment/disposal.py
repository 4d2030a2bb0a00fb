"""Deleting the confidential side of a case, in the scope of disposal. In the caller's transaction."""

import uuid

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from parley.compartment.models import (
    DraftAgreement,
    DraftCopy,
    Feedback,
    MediatorNote,
    PrivateMessage,
    SafeguardingConcern,
)
from parley.db.models import CaseKey

#: Copies before the drafts that they are of.
_CONFIDENTIAL = (PrivateMessage, MediatorNote, Feedback, DraftCopy, DraftAgreement)


def delete_confidential(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> None:
    """Delete messages, notes, drafts and feedback of a case."""
    for model in _CONFIDENTIAL:
        session.execute(delete(model).where(model.authority_id == authority_id, model.case_id == case_id))


def has_concerns(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> bool:
    """Tell whether a concern for somebody's safety is kept of a case; not what."""
    found = select(SafeguardingConcern.case_id).where(
        SafeguardingConcern.authority_id == authority_id, SafeguardingConcern.case_id == case_id
    )
    return session.scalar(found.limit(1)) is not None


def delete_concerns(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> None:
    """Delete what the provider's lead was told of a case."""
    session.execute(
        delete(SafeguardingConcern).where(
            SafeguardingConcern.authority_id == authority_id, SafeguardingConcern.case_id == case_id
        )
    )


def destroy_key(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> None:
    """Destroy the case's key: what was sealed with it opens nowhere any more, backups of the rows included."""
    session.execute(delete(CaseKey).where(CaseKey.authority_id == authority_id, CaseKey.case_id == case_id))
