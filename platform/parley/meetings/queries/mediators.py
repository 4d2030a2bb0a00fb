"""Reading a provider's list of mediators. Only the provider's own people can."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.kernel.errors import NotFound
from parley.meetings.domain import Registration
from parley.meetings.models import Mediator
from parley.meetings.views import MediatorRecord


def mediators(session: Session, *, provider_id: uuid.UUID) -> list[MediatorRecord]:
    """Return the provider's mediators, those who no longer work for it last, each by name."""
    records = [_record(row) for row in session.scalars(select(Mediator).where(Mediator.realm_id == provider_id))]
    return sorted(records, key=lambda record: (record.retired, record.name.casefold()))


def mediator(session: Session, *, provider_id: uuid.UUID, mediator_id: uuid.UUID) -> MediatorRecord:
    """Return one of the provider's mediators. Raises NotFound."""
    row = session.get(Mediator, (provider_id, mediator_id))
    if row is None:
        raise NotFound
    return _record(row)


def _record(row: Mediator) -> MediatorRecord:
    return MediatorRecord(
        id=row.id,
        name=row.name,
        identity_id=row.identity_id,
        registration=Registration(body=row.register_body, number=row.register_number, until=row.registered_until),
        retired=row.retired_at is not None,
    )
