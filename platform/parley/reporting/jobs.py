"""Keeping figures up: every night, and when somebody asks."""

import uuid

from parley.db.scope import Login, authority_scope, platform_scope
from parley.db.session import Database
from parley.jobs.domain import DELIVERY_DELAYS, Attempt, Task
from parley.kernel.clock import Clock
from parley.reporting.service import COUNT, ask_to_count, count_figures
from parley.tenancy import queries as tenancy


def tasks(database: Database, clock: Clock) -> tuple[Task, ...]:
    """Return the tasks."""

    def count_all(_attempt: Attempt, **_ids: object) -> None:
        """Have every council counted by a job of its own, so that one that fails holds up no other."""
        with database.begin(platform_scope(Login.WORKER)) as session:
            for authority in tenancy.directory(session):
                ask_to_count(session, authority_id=authority.id)

    def count(_attempt: Attempt, *, authority_id: str) -> None:
        council = uuid.UUID(authority_id)
        with database.begin(authority_scope(council, login=Login.WORKER)) as session:
            count_figures(session, authority_id=council, at=clock.now())

    return (
        # After midnight in England, summer and winter, so that a quarter that ended is counted as over.
        Task(name="reporting.count_all", run=count_all, every="23 2 * * *"),
        Task(name=COUNT, run=count, delays=DELIVERY_DELAYS[:3]),
    )
