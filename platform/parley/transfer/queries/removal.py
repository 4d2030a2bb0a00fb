"""What stands in the way of a council's removal, and what was left of those that were removed."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import exists, or_, select, union
from sqlalchemy.orm import Session

from parley.audit.models import AuditEvent
from parley.casework.models import WorklistEntry
from parley.db.base import Base
from parley.tenancy.models import Provider
from parley.transfer.models import RemovalCertificate

#: The schema of the provider's confidential side.
_CONFIDENTIAL = "compartment"


@dataclasses.dataclass(frozen=True, kw_only=True)
class HeldRecord:
    """A record that a provider still holds: of which case, since when, who, and why it runs."""

    case_id: uuid.UUID
    reference: str
    holder: str
    received_at: dt.datetime
    is_open: bool
    confidential: bool

    @property
    def because(self) -> str:
        """Why it runs, in words."""
        reasons = ["the case is open"] if self.is_open else []
        return " and ".join([*reasons, *(["what was said in confidence is kept"] if self.confidential else [])])


def held_records(session: Session, authority_id: uuid.UUID) -> Sequence[HeldRecord]:
    """Return what providers still hold of the council, the oldest first: open cases, and cases of which something was
    said in confidence that is not disposed of yet. The session is the mover's, which sees of the latter no more.
    """
    tables = [table for table in Base.metadata.tables.values() if table.schema == _CONFIDENTIAL]
    if not tables:
        raise LookupError("this process does not know the tables of the confidential side, and may not overlook them")
    # Whose they are is said by the scope: the login may not even name the column.
    kept = union(*(select(table.c.case_id) for table in tables)).subquery()
    confidential = exists(select(1).where(kept.c.case_id == WorklistEntry.case_id))
    rows = session.execute(
        select(
            WorklistEntry.case_id,
            WorklistEntry.reference,
            Provider.slug.label("holder"),
            WorklistEntry.received_at,
            WorklistEntry.is_open,
            confidential.label("confidential"),
        )
        .join(Provider, Provider.id == WorklistEntry.provider_id)
        .where(WorklistEntry.authority_id == authority_id, or_(WorklistEntry.is_open, confidential))
        .order_by(WorklistEntry.received_at, WorklistEntry.case_id)
    )
    return [HeldRecord(**row._mapping) for row in rows]


def codes_of(session: Session, authority_id: uuid.UUID, action: str) -> Sequence[Mapping[str, Any]]:
    """Return the codes of all that the council's audit has of an action."""
    return session.scalars(
        select(AuditEvent.codes).where(AuditEvent.realm_id == authority_id, AuditEvent.action == action)
    ).all()


def certificates(session: Session, slug: str) -> Sequence[RemovalCertificate]:
    """Return the certificates of councils that were called ``slug``, the newest first."""
    return session.scalars(
        select(RemovalCertificate).where(RemovalCertificate.slug == slug).order_by(RemovalCertificate.removed_at.desc())
    ).all()
