"""Figures are counted every night, each council by itself, and when somebody asks."""

import sqlalchemy as sa

from parley.db.scope import Login, authority_scope
from parley.db.session import Database
from parley.jobs.domain import Attempt, Task
from parley.kernel.clock import FixedClock
from parley.reporting.jobs import tasks
from parley.reporting.service import COUNT, ask_to_count
from support.factories import NOW, Factory
from support.figures import asked_on, counts_of

ONCE = Attempt(number=1, is_last=True)


def _tasks(database: Database) -> dict[str, Task]:
    return {task.name: task for task in tasks(database, FixedClock(NOW))}


def _waiting(database: Database, authority_id: object) -> int:
    with database.begin(authority_scope(authority_id, login=Login.WORKER)) as session:
        return session.scalar(
            sa.text(
                "SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'todo' AND task_name = :task"
                " AND args ->> 'authority_id' = :authority"
            ),
            {"task": COUNT, "authority": str(authority_id)},
        )


def test_every_night_each_council_gets_a_job_of_its_own(make: Factory, database: Database) -> None:
    councils = [make.authority(), make.authority()]
    nightly = _tasks(database)["reporting.count_all"]
    nightly.run(ONCE)
    assert [_waiting(database, council.id) for council in councils] == [1, 1]
    assert nightly.every == "23 2 * * *"


def test_asked_for_twice_it_waits_once(make: Factory, database: Database) -> None:
    authority = make.authority()
    with database.begin(authority_scope(authority.id)) as session:
        assert ask_to_count(session, authority_id=authority.id)
        assert not ask_to_count(session, authority_id=authority.id)
    assert _waiting(database, authority.id) == 1


def test_the_job_counts_the_council(make: Factory, database: Database) -> None:
    authority, provider = make.authority(), make.provider()
    make.commission(authority, provider)
    asked_on(make, authority, provider, NOW.date())
    _tasks(database)[COUNT].run(ONCE, authority_id=str(authority.id))
    [counts] = counts_of(database, authority).values()
    assert counts["requests"] == 1
