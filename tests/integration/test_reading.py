"""Reads that go straight to the driver keep what a session promises."""

import psycopg
import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError, OperationalError

from parley.casework.domain import CaseState
from parley.casework.models import Case
from parley.db.reading import Reading
from parley.db.scope import authority_scope
from parley.db.sealed import SealedText
from parley.db.session import Database
from support.factories import Factory

OF_A_STATE = Reading(
    select(Case.id, Case.reference, Case.state, Case.child_name_sealed)
    .where(Case.state == bindparam("state"))
    .order_by(Case.id)
)


def test_rows_hold_what_a_columns_own_type_makes_of_them(database: Database, make: Factory) -> None:
    case = make.case(state=CaseState.SENT)
    with database.begin(case.authority_scope) as session:
        row = OF_A_STATE.one(session, {"state": "sent"})
        assert (row.id, row.reference, row.state) == (case.id, case.reference, CaseState.SENT)
        assert Case.child_name.opener(session, case.authority.id)(row.id, row.child_name_sealed) == (
            session.get_one(Case, (case.authority.id, case.id)).child_name
        )


def test_a_reading_sees_only_what_its_scope_may_see(database: Database, make: Factory) -> None:
    make.case(state=CaseState.SENT)
    with database.begin(authority_scope(make.authority().id)) as session:
        assert OF_A_STATE.rows(session, {"state": "sent"}) == []


def test_a_reading_sees_what_its_own_session_has_yet_to_write(database: Database, make: Factory) -> None:
    case = make.case(state=CaseState.SENT)
    with database.begin(case.authority_scope) as session:
        session.get_one(Case, (case.authority.id, case.id)).state = CaseState.ACKNOWLEDGED
        assert OF_A_STATE.rows(session, {"state": "sent"}) == []
        session.rollback()
        assert len(OF_A_STATE.rows(session, {"state": "sent"})) == 1


def test_a_name_that_was_moved_to_another_row_does_not_open(database: Database, make: Factory) -> None:
    case, other = make.case(), make.case()
    with database.begin(case.authority_scope) as session:
        sealed = session.get_one(Case, (case.authority.id, case.id)).child_name_sealed
        name: SealedText = Case.child_name
        with pytest.raises(Exception, match="does not belong"):
            name.opener(session, case.authority.id)(other.id, sealed)


def test_an_error_comes_under_sqlalchemys_name(database: Database, make: Factory) -> None:
    with database.begin(authority_scope(make.authority().id)) as session:
        with pytest.raises(DBAPIError):
            OF_A_STATE.rows(session, {"state": b"\x00"})


def test_a_connection_lost_in_mid_request_is_said_to_be_lost_and_not_used_again(
    database: Database, make: Factory, admin_url: str
) -> None:
    case = make.case(state=CaseState.SENT)
    with database.begin(case.authority_scope) as session:
        own = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with psycopg.connect(admin_url) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", (own,))
        with pytest.raises(OperationalError) as failed:
            OF_A_STATE.rows(session, {"state": "sent"})
        assert failed.value.connection_invalidated
    with database.begin(case.authority_scope) as session:
        assert len(OF_A_STATE.rows(session, {"state": "sent"})) == 1


def test_what_was_prepared_outlasts_a_rollback(database: Database, make: Factory) -> None:
    case = make.case(state=CaseState.SENT)
    for _ in range(12):
        with database.begin(case.authority_scope) as session:
            OF_A_STATE.rows(session, {"state": "sent"})
    with database.begin(case.authority_scope) as session:
        prepared = session.connection().exec_driver_sql("SELECT statement FROM pg_prepared_statements").scalars().all()
    assert any("child_name_sealed" in statement for statement in prepared)
