"""Background work on documents: clearing up after requests that were never sent."""

from parley.db.scope import Login, authority_scope, platform_scope
from parley.db.session import Database
from parley.documents import service
from parley.jobs.domain import Attempt, Task
from parley.tenancy import queries as tenancy


def tasks(database: Database) -> tuple[Task, ...]:
    """Return the tasks, which work on ``database``."""

    def sweep(_attempt: Attempt, **_ids: object) -> None:
        with database.begin(platform_scope(Login.WORKER)) as session:
            authorities = tenancy.directory(session)
        for authority in authorities:
            with database.begin(authority_scope(authority.id, login=Login.WORKER)) as session:
                service.drop_abandoned(session, authority_id=authority.id)

    return (Task(name="documents.sweep", run=sweep, every="11 4 * * *"),)
