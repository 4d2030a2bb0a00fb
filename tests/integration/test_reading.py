"""Reads that go straight to the driver keep what a session promises."""

import uuid
from typing import NamedTuple

import psycopg
import pytest
from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.exc import DBAPIError, OperationalError

from parley.casework.domain import CaseState
from parley.casework.models import Case
from parley.db.reading import Reading, together
from parley.db.scope import authority_scope
from parley.db.sealed import SealedText
from parley.db.session import Database
from support.factories import Factory

OF_A_STATE = Reading(
    select(Case.id, Case.reference, Case.state, Case.child_name_sealed)
    .where(Case.state == bindparam("state"))
    .order_by(Case.id)
)

BY_NUMBER = Reading(select(func.mod(1, bindparam("number", type_=Integer), type_=Integer).label("left_over")))


class Swapped(NamedTuple):
    reference: str
    id: uuid.UUID


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


def test_what_is_asked_together_is_answered_each_by_its_own_rows(database: Database, make: Factory) -> None:
    sent = make.case(state=CaseState.SENT)
    told = make.case(authority=sent.authority, state=CaseState.COUNCIL_TOLD)
    asked = [OF_A_STATE.asking({"state": state}) for state in ("council_told", "closed", "sent")]
    with database.begin(sent.authority_scope) as session:
        answers = together(session, *asked)
    assert [[row.id for row in rows] for rows in answers] == [[told.id], [], [sent.id]]


def test_the_first_question_that_fails_is_the_error_and_the_transaction_goes_on_after_a_rollback(
    database: Database, make: Factory
) -> None:
    case = make.case(state=CaseState.SENT)
    good, bad = OF_A_STATE.asking({"state": "sent"}), BY_NUMBER.asking({"number": 0})
    with database.begin(case.authority_scope) as session:
        with pytest.raises(DBAPIError, match="division by zero"):
            together(session, good, bad, good)
        session.rollback()
        assert [len(rows) for rows in together(session, good, good)] == [1, 1]


def test_a_question_that_goes_with_the_scope_is_asked_within_it(database: Database, make: Factory) -> None:
    case = make.case(state=CaseState.SENT)
    for authority_id, seen in ((case.authority.id, [case.id]), (make.authority().id, [])):
        session, rows = database.session_asking(OF_A_STATE.asking({"state": "sent"}), authority_scope(authority_id))
        assert [row.id for row in rows] == seen
        session.rollback()
        # Nothing is left of the question for the transactions that follow.
        assert [row.id for row in OF_A_STATE.rows(session, {"state": "sent"})] == seen
        session.close()


def test_a_connection_lost_while_it_lay_in_the_pool_is_replaced_and_the_question_asked_on_the_new_one(
    database: Database, make: Factory, admin_url: str
) -> None:
    case = make.case(state=CaseState.SENT)
    with database.begin(case.authority_scope) as session:
        own = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar()
    with psycopg.connect(admin_url) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", (own,))
    session, rows = database.session_asking(OF_A_STATE.asking({"state": "sent"}), case.authority_scope)
    session.close()
    assert [row.id for row in rows] == [case.id]


def test_a_row_type_that_is_not_its_statements_own_is_refused(database: Database, make: Factory) -> None:
    reading = Reading(select(Case.id, Case.reference), Swapped)
    with database.begin(authority_scope(make.authority().id)) as session:
        with pytest.raises(TypeError, match="Swapped has the fields"):
            reading.rows(session, {})


def test_what_was_prepared_outlasts_a_rollback(database: Database, make: Factory) -> None:
    case = make.case(state=CaseState.SENT)
    for _ in range(12):
        with database.begin(case.authority_scope) as session:
            OF_A_STATE.rows(session, {"state": "sent"})
    with database.begin(case.authority_scope) as session:
        prepared = session.connection().exec_driver_sql("SELECT statement FROM pg_prepared_statements").scalars().all()
    assert any("child_name_sealed" in statement for statement in prepared)
