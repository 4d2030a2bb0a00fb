"""Background work of eligibility: forgetting checks whose time is over."""

from parley.db.scope import Login, authority_scope, platform_scope
from parley.db.session import Database
from parley.eligibility.service import drop_expired
from parley.jobs.domain import Attempt, Task
from parley.kernel.clock import Clock
from parley.tenancy import queries as tenancy

SWEEP = "eligibility.sweep"


def tasks(database: Database, clock: Clock) -> tuple[Task, ...]:
    """Return the tasks of eligibility."""

    def sweep(_attempt: Attempt, **_ids: object) -> None:
        with database.begin(platform_scope(Login.WORKER)) as session:
            authorities = [one.id for one in tenancy.directory(session) if one.lets_lapse(clock.now())]
        for authority_id in authorities:
            with database.begin(authority_scope(authority_id, login=Login.WORKER)) as session:
                drop_expired(session, at=clock.now(), authority_id=authority_id)

    return (Task(name=SWEEP, run=sweep, every="23 3 * * *"),)
