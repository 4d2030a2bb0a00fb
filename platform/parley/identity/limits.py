"""Counting tries in PostgreSQL, so that a limit holds over every process and every machine."""

import datetime as dt
import uuid

from sqlalchemy import case, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from parley.db.sealed import search_fingerprint
from parley.identity.domain import LIMITS, Limited
from parley.identity.models import AttemptLimit


def within_limit(session: Session, *, realm_id: uuid.UUID, what: Limited, of: str, at: dt.datetime) -> bool:
    """Count one try of ``what`` by ``of`` (a mailbox, a network) and tell whether it is still allowed.

    The caller commits in either case: a refused try counts as well. ``of`` is stored as a keyed digest only.
    """
    limit = LIMITS[what]
    opened = AttemptLimit.window_ends_at <= at
    fresh_end = at + limit.window
    counted = (
        insert(AttemptLimit)
        .values(
            realm_id=realm_id,
            subject=what.value,
            key_hash=search_fingerprint(session, realm_id, f"attempt_limit.{what.value}", of),
            window_ends_at=fresh_end,
            count=1,
        )
        .on_conflict_do_update(
            index_elements=["realm_id", "subject", "key_hash"],
            set_={
                "count": case((opened, 1), else_=AttemptLimit.count + 1),
                "window_ends_at": case((opened, fresh_end), else_=AttemptLimit.window_ends_at),
            },
        )
        .returning(AttemptLimit.count)
    )
    return session.execute(counted).scalar_one() <= limit.most


def forget_past(session: Session, realm_id: uuid.UUID, at: dt.datetime) -> None:
    """Delete counts whose window is over. The caller commits."""
    session.execute(delete(AttemptLimit).where(AttemptLimit.realm_id == realm_id, AttemptLimit.window_ends_at <= at))
