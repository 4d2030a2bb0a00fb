"""Background work of retention: each night, what is due goes."""

import datetime as dt
import itertools
import uuid

from parley.access.domain import Realm, RealmKind, system_actor
from parley.db.scope import Login, Scope, authority_scope, disposal_scope, platform_scope
from parley.db.session import Database
from parley.jobs.domain import DELIVERY_DELAYS, Attempt, Task
from parley.jobs.service import enqueue
from parley.kernel.clock import Clock, london_date
from parley.kernel.errors import Conflict
from parley.law.holidays import bank_holidays_around
from parley.retention import queries, service
from parley.retention.domain import due_parts
from parley.tenancy import queries as tenancy

DISPOSE = "retention.dispose"
#: One job for each council, so that trouble with one keeps no other's records.
DISPOSE_OF = "retention.dispose_of"
#: People who are forgotten in one transaction.
AT_ONCE = 1_000


def tasks(database: Database, clock: Clock) -> tuple[Task, ...]:
    """Return the tasks of retention, which read as the worker and delete as disposal."""

    def dispose(_attempt: Attempt, **_ids: object) -> None:
        with database.begin(platform_scope(Login.WORKER)) as session:
            for council in tenancy.directory(session):
                if council.lets_lapse(clock.now()):
                    enqueue(session, DISPOSE_OF, queueing_lock=f"{DISPOSE_OF}:{council.id}", authority_id=council.id)
            session.commit()

    def dispose_of(_attempt: Attempt, *, authority_id: str) -> None:
        council, now = uuid.UUID(authority_id), clock.now()
        today = london_date(now)
        holidays = bank_holidays_around(today)
        with database.begin(authority_scope(council, login=Login.WORKER)) as session:
            cases = queries.closed_cases(session, council)
        actor = system_actor(Realm(kind=RealmKind.AUTHORITY, id=council))
        for case in cases:
            parts = due_parts(case, today, holidays)
            if not parts:
                continue
            with database.begin(disposal_scope(council, case.id)) as session:
                try:
                    service.dispose(session, actor=actor, at=now, authority_id=council, case=case, parts=parts)
                except Conflict:
                    # Somebody placed a hold since the list was read.
                    continue
        _forget_people(database, council, now)

    return (
        Task(name=DISPOSE, run=dispose, every="52 2 * * *"),
        Task(name=DISPOSE_OF, run=dispose_of, delays=DELIVERY_DELAYS),
    )


def _forget_people(database: Database, authority_id: uuid.UUID, now: dt.datetime) -> None:
    """Delete who signed in, and whom no case knows, once their time is over."""
    today = london_date(now)
    holidays = bank_holidays_around(today)
    with database.begin(authority_scope(authority_id, login=Login.WORKER)) as session:
        period = queries.sign_in_period(session, authority_id, today)
        found = queries.sign_ins_of_no_case(session, authority_id)
    due = iter([one.id for one in found if one.goes_on(period, holidays) <= today])
    actor = system_actor(Realm(kind=RealmKind.AUTHORITY, id=authority_id))
    while some := list(itertools.islice(due, AT_ONCE)):
        with database.begin(Scope(login=Login.DISPOSAL, realm_id=authority_id, authority_id=authority_id)) as session:
            service.forget_people(session, actor=actor, at=now, authority_id=authority_id, ids=some)
