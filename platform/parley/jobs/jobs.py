"""Background work of the queue itself: what ended long ago is forgotten."""

import datetime as dt

from parley.db.scope import Login, platform_scope
from parley.db.session import Database
from parley.jobs.domain import Attempt, Task
from parley.jobs.service import forget_ended
from parley.kernel.clock import Clock

#: How long a job that failed for good is kept: for support, and so that operators see that there is one.
ENDED_KEPT = dt.timedelta(days=90)


def tasks(database: Database, clock: Clock) -> tuple[Task, ...]:
    """Return the queue's own tasks. A job that did its work is gone at once; only others are kept for a while."""

    def forget(_attempt: Attempt, **_ids: object) -> None:
        with database.begin(platform_scope(Login.WORKER)) as session:
            forget_ended(session, before=clock.now() - ENDED_KEPT)

    return (Task(name="jobs.forget_ended", run=forget, every="33 3 * * *"),)
