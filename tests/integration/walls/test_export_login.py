"""The login for exports sees of a council what the council may read: in raw SQL, whatever a query says."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from parley.casework.domain import Capacity, CaseState
from parley.db.export_sight import SIGHT
from parley.db.scope import Login, Scope, export_scope
from parley.db.session import Database
from support.document_desk import Desk, officer, parent
from support.factories import Factory, MadeCase
from support.models import declared
from support.planting import key_of
from support.sides import World

EXPORTED = {table.strip('"') for table, sight in SIGHT.items() if sight.rows}

Seen = Callable[[str, MadeCase], list[Any]]


@pytest.fixture
def seen(database: Database) -> Seen:
    """The ids that the login sees of a table, in the scope of a case's council."""

    def look(query: str, case: MadeCase) -> list[Any]:
        with database.begin(export_scope(case.authority.id)) as session:
            return [row[0] for row in session.execute(sa.text(query), {"case": case.id})]

    return look


@pytest.fixture
def told(make: Factory) -> MadeCase:
    """A case of which the council was told."""
    return make.case(state=CaseState.COUNCIL_TOLD)


def test_of_untold_cases_nothing_at_all(make: Factory, seen: Seen) -> None:
    case = make.case(state=CaseState.ACKNOWLEDGED)
    make.share(case, case.council, case.story)
    assert seen('SELECT id FROM "case" WHERE id = :case', case) == []
    for table in ("child", "party", "party_member", "statement", "share"):
        assert seen(f"SELECT case_id FROM {table} WHERE case_id = :case", case) == [], table


def test_of_statements_those_that_are_shared_with_the_council_now(make: Factory, told: MadeCase, seen: Seen) -> None:
    query = "SELECT id FROM statement WHERE case_id = :case"
    assert seen(query, told) == []
    school = make.party(told)
    make.share(told, school, told.story)
    assert seen(query, told) == []
    make.share(told, told.council, told.story)
    assert seen(query, told) == [told.story]


def test_of_documents_and_their_content_the_councils_own_and_the_shared(
    told: MadeCase, seen: Seen, database: Database
) -> None:
    desk = Desk(database)
    desk.add(parent(told))
    shared, own = desk.add(parent(told)), desk.add(officer(told))
    desk.share(parent(told), shared, told.council)
    removed = desk.add(officer(told))
    desk.remove(officer(told), removed)
    assert set(seen("SELECT id FROM document WHERE case_id = :case", told)) == {shared, own}
    chunks = "SELECT DISTINCT document_id FROM document_chunk WHERE document_id IN (SELECT id FROM document)"
    assert set(seen(chunks, told)) == {shared, own}
    assert set(seen("SELECT document_id FROM document_chunk", told)) == {shared, own}


def test_of_the_people_nobody_who_left(make: Factory, told: MadeCase, seen: Seen) -> None:
    make.member(told, told.family, capacity=Capacity.PARENT_CARER, left_at=make.clock.now())
    assert seen("SELECT id FROM party_member WHERE case_id = :case", told) == [told.parent]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("child", "address_sealed"),
        *(("party_member", f"{name}_sealed") for name in ("email", "phone", "safety", "access_needs")),
        ("consent", "id"),
        ("referral", "id"),
        ("invitation", "token_hash"),
        ("notification", "address_sealed"),
        ("provider_worklist", "name_sealed"),
        ("provider_task", "id"),
        ("request_draft", "answers_sealed"),
        ("eligibility_check", "answers_sealed"),
        ("assessment", "facts"),
        ("identity", "subject"),
        ("sign_in_session", "id"),
        ("one_time_link", "mailbox_sealed"),
        ("mediator", "name_sealed"),
        ("compartment.case_key", "wrapped"),
        ("compartment.private_message", "body_sealed"),
        ("compartment.mediator_note", "body_sealed"),
        ("compartment.draft_agreement", "text_sealed"),
        ("compartment.feedback", "words_sealed"),
        ("compartment.safeguarding_concern", "body_sealed"),
    ],
)
def test_contacts_safety_and_confidence_are_out_of_its_reach(
    told: MadeCase, seen: Seen, table: str, column: str
) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        seen(f"SELECT {column} FROM {table}", told)


@pytest.mark.parametrize("name", sorted(EXPORTED))
def test_it_sees_its_own_councils_rows_alone(database: Database, world: World, name: str) -> None:
    table = declared()[name].__table__
    theirs = world.there.planted.row(table)
    with database.begin(export_scope(world.here.authority.id)) as session:
        assert session.execute(sa.select(sa.literal(1)).select_from(table).where(key_of(table, theirs))).all() == []


@pytest.mark.parametrize("name", sorted(declared()))
def test_it_changes_nothing(login_urls: dict[str, str], name: str) -> None:
    with psycopg.connect(login_urls["export"], autocommit=True) as export:
        quoted = name if "." in name else f'"{name}"'
        for statement in (f"DELETE FROM {quoted}", f"INSERT INTO {quoted} DEFAULT VALUES"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                export.execute(statement.encode())


def test_its_transactions_are_one_moment_and_read_only(database: Database, told: MadeCase) -> None:
    with database.begin(export_scope(told.authority.id)) as session:
        shown = [session.scalar(sa.text(f"SHOW transaction_{what}")) for what in ("isolation", "read_only")]
    assert shown == ["repeatable read", "on"]
    plain = Scope(login=Login.EXPORT, realm_id=told.authority.id, authority_id=told.authority.id)
    with database.begin(plain) as session:
        assert session.scalar(sa.text("SHOW transaction_isolation")) == "read committed"
