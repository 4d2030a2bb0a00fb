"""Deleting what is kept of a case, in the scope of disposal: the database lets it reach what may go and nothing else.

In the caller's transaction.
"""

import uuid

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from parley.casework.models import Case, WorklistEntry


def delete_case(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> None:
    """Delete a case and, by the database, everything that points at it."""
    session.execute(delete(Case).where(Case.authority_id == authority_id, Case.id == case_id))


def lock_entry(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> bool:
    """Hold the provider's entry of a case, if the database lets the case go; tell whether it does."""
    entry = select(WorklistEntry.case_id).where(
        WorklistEntry.authority_id == authority_id, WorklistEntry.case_id == case_id
    )
    return session.scalar(entry.with_for_update()) is not None


def empty_entry(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> None:
    """Take the child's name out of the provider's list; the entry stays as long as the case needs one."""
    session.execute(
        update(WorklistEntry)
        .where(WorklistEntry.authority_id == authority_id, WorklistEntry.case_id == case_id)
        .values(name_sealed=None, child_fingerprint=None)
    )


def delete_entry(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> None:
    """Delete the case's entry in the provider's list, and with it what is remembered of holds and disposals."""
    session.execute(
        delete(WorklistEntry).where(WorklistEntry.authority_id == authority_id, WorklistEntry.case_id == case_id)
    )
