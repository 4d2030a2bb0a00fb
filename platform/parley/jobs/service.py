"""Enqueueing: in the caller's transaction, by name, with ids only."""

import datetime as dt
import uuid
from typing import Any

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from psycopg.errors import UniqueViolation
from sqlalchemy import text
from sqlalchemy.orm import Session

_FORGET = text(
    "DELETE FROM jobs.procrastinate_jobs job WHERE status NOT IN ('todo', 'doing')"
    " AND NOT EXISTS (SELECT 1 FROM jobs.procrastinate_events event"
    "  WHERE event.job_id = job.id AND event.at >= :before)"
    " RETURNING id"
)

_producer = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())


def enqueue(
    session: Session,
    task: str,
    *,
    lock: str | None = None,
    queueing_lock: str | None = None,
    at: dt.datetime | None = None,
    **ids: uuid.UUID | str | int,
) -> bool:
    """Enqueue ``task`` in the session's transaction: it runs if, and only if, that transaction commits.

    Jobs that share ``lock`` run one after another; at most one job with a given ``queueing_lock`` waits at a time, and
    False is returned when one already does. ``at`` (UTC) delays it. ``ids`` must not hold personal data: job arguments
    are stored and logged.
    """
    arguments = {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in ids.items()}
    options = {"lock": lock, "queueing_lock": queueing_lock, "schedule_at": at}
    if queueing_lock is None:
        _defer(session, task, options, arguments)
        return True
    try:
        # A savepoint, because a queueing lock that is taken is a unique violation, which would abort the caller's
        # transaction.
        with session.begin_nested():
            _defer(session, task, options, arguments)
    except (AlreadyEnqueued, AssertionError) as error:
        # A page's login may not read the queue, so PostgreSQL does not say which value was there already, and
        # procrastinate asserts that it does.
        if isinstance(error, AssertionError) and not isinstance(error.__context__, UniqueViolation):
            raise
        return False
    return True


def forget_ended(session: Session, *, before: dt.datetime) -> int:
    """Delete the jobs that ended, however they did, before a moment, with what is kept of their course. Commits.

    Returns how many there were. One that waits or runs is never touched, however old it is.
    """
    gone = session.scalars(_FORGET, {"before": before}).all()
    session.commit()
    return len(gone)


def _defer(session: Session, task: str, options: dict[str, Any], arguments: dict[str, Any]) -> None:
    # The connection is asked for here, within a savepoint if there is one: SQLAlchemy sets it only then.
    connection = session.connection().connection.dbapi_connection
    _producer.configure_task(task, connection=connection, **options).defer(**arguments)
