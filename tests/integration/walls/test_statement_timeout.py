"""No statement runs for ever: its time is set with the scope, in one statement, and ends with the transaction too."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from parley.db import session as sessions
from parley.db.scope import Login, authority_scope
from parley.db.session import Database
from support.factories import Factory
from support.statements import statements_of


def test_scope_and_time_are_set_in_one_statement(database: Database, make: Factory) -> None:
    scope = authority_scope(make.authority().id)
    with statements_of(database, Login.APP) as statements, database.begin(scope) as session:
        assert session.scalar(sa.text("SHOW statement_timeout")) == sessions.STATEMENT_TIMEOUT
    assert [one for one in statements if "set_config" in one] == [
        "SELECT set_config('parley.realm', %s, true), set_config('parley.authority', %s, true),"
        " set_config('statement_timeout', %s, true)"
    ]


def test_a_statement_past_its_time_is_ended(database: Database, make: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "STATEMENT_TIMEOUT", "50ms")
    scope = authority_scope(make.authority().id)
    with database.begin(scope) as session, pytest.raises(OperationalError, match="statement timeout"):
        session.execute(sa.text("SELECT pg_sleep(30)"))


def test_the_time_ends_with_the_transaction(database: Database, make: Factory) -> None:
    with database.begin(authority_scope(make.authority().id)) as session:
        session.rollback()
    with database.engine(Login.APP).connect() as connection:
        assert connection.scalar(sa.text("SHOW statement_timeout")) == "0"
