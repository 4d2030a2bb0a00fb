"""A connection that one council's request leaves behind carries nothing of it into the next, whatever went wrong."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm import Session

from parley.casework.models import Case
from parley.db.keys import Vault
from parley.db.scope import Login, platform_scope
from parley.db.session import Database, LoginUnavailableError, ScopeMissingError, psycopg_url
from support.factories import MASTER_KEY, Factory, MadeCase


@pytest.fixture
def one_connection(login_urls: dict[str, str]) -> Iterator[Database]:
    """Parley's database with one connection for council pages, so that every request gets the same."""
    engine = sa.create_engine(psycopg_url(login_urls["app"]), pool_size=1, max_overflow=0)
    yield Database({Login.APP: engine}, Vault(MASTER_KEY))
    engine.dispose()


def _references(session: Session) -> list[str]:
    return list(session.scalars(sa.select(Case.reference)))


def _look_without_scope(database: Database) -> None:
    with database.engine(Login.APP).connect() as connection:
        connection.execute(sa.select(Case.reference))


@pytest.fixture
def cases(make: Factory) -> tuple[MadeCase, MadeCase]:
    """A case of one council and a case of another."""
    return make.case(), make.case()


def test_each_request_sees_its_own_council(one_connection: Database, cases: tuple[MadeCase, MadeCase]) -> None:
    for case in (*cases, *cases):
        with one_connection.begin(case.authority_scope) as session:
            assert _references(session) == [case.reference]


def test_a_request_without_a_scope_gets_an_error_on_a_used_connection(
    one_connection: Database, cases: tuple[MadeCase, MadeCase]
) -> None:
    with one_connection.begin(cases[0].authority_scope) as session:
        assert _references(session)
    with pytest.raises(DataError, match="invalid input syntax for type uuid"):
        _look_without_scope(one_connection)


def test_a_rolled_back_request_leaves_no_scope(one_connection: Database, cases: tuple[MadeCase, MadeCase]) -> None:
    with one_connection.begin(cases[0].authority_scope) as session:
        session.rollback()
    with pytest.raises(DBAPIError):
        _look_without_scope(one_connection)
    with one_connection.begin(cases[1].authority_scope) as session:
        assert _references(session) == [cases[1].reference]


def test_a_failed_request_leaves_no_scope(one_connection: Database, cases: tuple[MadeCase, MadeCase]) -> None:
    with one_connection.begin(cases[0].authority_scope) as session, pytest.raises(DBAPIError, match="division by zero"):
        session.execute(sa.text("SELECT 1 / 0"))
    with pytest.raises(DBAPIError):
        _look_without_scope(one_connection)
    with one_connection.begin(cases[1].authority_scope) as session:
        assert _references(session) == [cases[1].reference]


def test_the_scope_holds_after_a_commit_a_rollback_and_a_savepoint(
    one_connection: Database, cases: tuple[MadeCase, MadeCase]
) -> None:
    with one_connection.begin(cases[0].authority_scope) as session:
        session.commit()
        assert _references(session) == [cases[0].reference]
        session.rollback()
        assert _references(session) == [cases[0].reference]
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(sa.text("SELECT 1 / 0"))
        assert _references(session) == [cases[0].reference]


def test_a_platform_scope_sees_no_council(one_connection: Database, cases: tuple[MadeCase, MadeCase]) -> None:
    assert cases
    with one_connection.begin(platform_scope(Login.APP)) as session, pytest.raises(DBAPIError):
        _references(session)


def test_a_session_that_nobody_gave_a_scope_does_not_begin(
    one_connection: Database, cases: tuple[MadeCase, MadeCase]
) -> None:
    with one_connection.session(cases[0].authority_scope) as session:
        session.rollback()
        del session.info["scope"]
        with pytest.raises(ScopeMissingError):
            session.execute(sa.select(Case.reference))


def test_a_process_cannot_use_a_login_it_was_not_given(
    one_connection: Database, cases: tuple[MadeCase, MadeCase]
) -> None:
    with pytest.raises(LoginUnavailableError), one_connection.begin(cases[0].provider_scope):
        pass
