"""Background work of retention: each night, what is due goes."""

from parley.access.domain import Realm, RealmKind, system_actor
from parley.db.scope import Login, authority_scope, disposal_scope, platform_scope
from parley.db.session import Database
from parley.jobs.domain import Attempt, Task
from parley.kernel.clock import Clock, london_date
from parley.kernel.errors import Conflict
from parley.law.holidays import bank_holidays_around
from parley.retention import service
from parley.retention.domain import due_parts
from parley.retention.queries import closed_cases
from parley.tenancy import queries as tenancy

DISPOSE = "retention.dispose"


def tasks(database: Database, clock: Clock) -> tuple[Task, ...]:
    """Return the tasks of retention, which read as the worker and delete as disposal."""

    def dispose(_attempt: Attempt, **_ids: object) -> None:
        now = clock.now()
        today = london_date(now)
        holidays = bank_holidays_around(today)
        with database.begin(platform_scope(Login.WORKER)) as session:
            authorities = [one.id for one in tenancy.directory(session) if one.lets_lapse(now)]
        for authority_id in authorities:
            with database.begin(authority_scope(authority_id, login=Login.WORKER)) as session:
                cases = closed_cases(session, authority_id)
            actor = system_actor(Realm(kind=RealmKind.AUTHORITY, id=authority_id))
            for case in cases:
                parts = due_parts(case, today, holidays)
                if not parts:
                    continue
                with database.begin(disposal_scope(authority_id, case.id)) as session:
                    try:
                        service.dispose(session, actor=actor, at=now, authority_id=authority_id, case=case, parts=parts)
                    except Conflict:
                        # Somebody placed a hold since the list was read.
                        continue

    return (Task(name=DISPOSE, run=dispose, every="52 2 * * *"),)
