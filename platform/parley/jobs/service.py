"""Enqueueing: in the caller's transaction, by name, with ids only."""

import datetime as dt
import uuid

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.orm import Session

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
    session.flush()
    connection = session.connection().connection.dbapi_connection
    deferrer = _producer.configure_task(
        task,
        lock=lock,
        queueing_lock=queueing_lock,
        schedule_at=at,
        connection=connection,
    )
    arguments = {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in ids.items()}
    try:
        # A savepoint, because AlreadyEnqueued is a unique violation and would abort the caller's transaction.
        with session.begin_nested():
            deferrer.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True
