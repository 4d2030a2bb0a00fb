"""How much a council holds of families: numbers for whoever runs the platform, and nothing of any case."""

import dataclasses
import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parley.casework.models import Case, RequestDraft


@dataclasses.dataclass(frozen=True, kw_only=True)
class Holdings:
    """Cases that run and that ended, and requests that are being written."""

    open_cases: int
    closed_cases: int
    unsent_requests: int


def holdings_of(session: Session, authority_id: uuid.UUID) -> Holdings:
    """Return how much the council of the session's scope holds."""
    closed, total = session.execute(
        select(func.count(Case.closed_at), func.count()).where(Case.authority_id == authority_id)
    ).one()
    unsent = session.scalar(select(func.count()).where(RequestDraft.authority_id == authority_id))
    return Holdings(open_cases=total - closed, closed_cases=closed, unsent_requests=unsent or 0)
