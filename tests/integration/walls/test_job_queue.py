"""Pages put jobs in. Only the worker sees what is waiting, and the operator sees that something is."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from parley.db.scope import Login, Scope, authority_scope, platform_scope, provider_scope
from parley.db.session import Database
from parley.jobs.service import enqueue
from parley.kernel.ids import new_id
from support.factories import Factory


def _scopes(make: Factory) -> dict[Login, Scope]:
    return {
        Login.APP: authority_scope(make.authority().id),
        Login.PROVIDER: provider_scope(make.provider().id),
        Login.OPERATOR: platform_scope(),
    }


@pytest.mark.parametrize("login", [Login.APP, Login.PROVIDER])
def test_a_page_puts_a_job_in_and_the_worker_reads_it(make: Factory, database: Database, login: Login) -> None:
    case_id = new_id()
    with database.begin(_scopes(make)[login]) as session:
        assert enqueue(session, "casework:tried", case_id=case_id)
        session.commit()
    with database.begin(authority_scope(make.authority().id, login=Login.WORKER)) as session:
        waiting = session.scalars(sa.text("SELECT args ->> 'case_id' FROM jobs.procrastinate_jobs")).all()
    assert str(case_id) in waiting


@pytest.mark.parametrize("login", [Login.APP, Login.PROVIDER, Login.OPERATOR])
@pytest.mark.parametrize("column", ["args", "lock", "queueing_lock", "*"])
def test_nobody_but_the_worker_reads_what_jobs_are_about(
    make: Factory, database: Database, login: Login, column: str
) -> None:
    with (
        database.begin(_scopes(make)[login]) as session,
        pytest.raises(ProgrammingError, match="permission denied for table procrastinate_jobs"),
    ):
        session.execute(sa.text(f"SELECT {column} FROM jobs.procrastinate_jobs"))


@pytest.mark.parametrize(
    "change", ["UPDATE jobs.procrastinate_jobs SET args = '{}'", "DELETE FROM jobs.procrastinate_jobs"]
)
@pytest.mark.parametrize("login", [Login.APP, Login.PROVIDER, Login.OPERATOR])
def test_nobody_but_the_worker_changes_a_job(make: Factory, database: Database, login: Login, change: str) -> None:
    with database.begin(_scopes(make)[login]) as session, pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(sa.text(change))


def test_the_operator_sees_that_jobs_wait(make: Factory, database: Database) -> None:
    with database.begin(authority_scope(make.authority().id)) as session:
        enqueue(session, "casework:tried_again", case_id=new_id())
        session.commit()
    with database.begin(platform_scope()) as session:
        names = session.scalars(sa.text("SELECT task_name FROM jobs.procrastinate_jobs WHERE status = 'todo'")).all()
    assert "casework:tried_again" in names
