"""How background work stands: counts and times, never what a job is about."""

import dataclasses
import datetime as dt

from sqlalchemy import text
from sqlalchemy.orm import Session

#: A worker that has not been heard of for this long is dead; it is heard of every ten seconds.
WORKER_SILENT = dt.timedelta(seconds=60)

_COUNTS = text(
    "SELECT count(*) FILTER (WHERE status = 'todo') AS waiting,"
    " count(*) FILTER (WHERE status = 'doing') AS running,"
    " count(*) FILTER (WHERE status = 'failed') AS failed,"
    " (SELECT min(coalesce(job.scheduled_at, event.at)) FROM jobs.procrastinate_jobs job"
    "  JOIN jobs.procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'"
    "  WHERE job.status = 'todo' AND coalesce(job.scheduled_at, event.at) <= :now) AS oldest_due,"
    " (SELECT count(*) FROM jobs.procrastinate_workers WHERE last_heartbeat > :heard_since) AS workers"
    " FROM jobs.procrastinate_jobs"
)
_FAILED = text(
    "SELECT task_name, count(*) FROM jobs.procrastinate_jobs WHERE status = 'failed'"
    " GROUP BY task_name ORDER BY 2 DESC, 1"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Queue:
    """The queue as a whole. ``oldest_due`` is since when the oldest job that could run now has waited (UTC)."""

    waiting: int
    running: int
    failed: int
    oldest_due: dt.datetime | None
    workers: int
    failed_by_task: tuple[tuple[str, int], ...]


def queue(session: Session, *, now: dt.datetime) -> Queue:
    """Return how the queue stands at ``now``, in two small statements (operator's scope)."""
    counts = session.execute(_COUNTS, {"now": now, "heard_since": now - WORKER_SILENT}).one()
    failed = session.execute(_FAILED).all() if counts.failed else []
    return Queue(
        waiting=counts.waiting,
        running=counts.running,
        failed=counts.failed,
        oldest_due=counts.oldest_due,
        workers=counts.workers,
        failed_by_task=tuple((task, count) for task, count in failed),
    )
