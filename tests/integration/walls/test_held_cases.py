"""A provider's staff reach the cases their provider holds, one at a time, and can neither take nor keep one."""

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from parley.casework.models import Case, CaseCounter, Party, Statement, WorklistEntry
from parley.db.base import Wall
from parley.db.scope import Scope, provider_case_scope, provider_scope
from parley.db.session import Database
from parley.kernel.ids import new_id
from support.factories import NOW, Factory, MadeCase
from support.looking import Looking, Sight
from support.models import declared, tables_behind
from support.sides import World, plant_side

CASE_TABLES = [table.fullname for table in tables_behind(Wall.CASE)]


def _references(database: Database, scope: Scope) -> list[str]:
    with database.begin(scope) as session:
        return list(session.scalars(sa.select(Case.reference)))


def _as_another_provider(case: MadeCase, make: Factory) -> Scope:
    """Return the scope of ``case`` opened by a provider that its council commissions and that does not hold it."""
    other = make.provider()
    make.commission(case.authority, other)
    return provider_case_scope(other.id, case.authority.id, case.id)


@pytest.mark.parametrize("name", CASE_TABLES)
def test_when_the_hold_ends_nothing_of_the_case_is_seen_or_added(
    database: Database, admin: sa.Engine, name: str
) -> None:
    side = plant_side(Factory(database), admin)
    looking = Looking(database, declared()[name].__table__, side.planted.row(declared()[name].__table__))
    if not looking.may("SELECT", side.case_scope):
        pytest.skip(f"{name} is not for provider staff")
    assert looking.sight(side.case_scope) is Sight.SEEN
    with admin.begin() as connection:
        mine = WorklistEntry.case_id == side.planted.ids["case_id"]
        connection.execute(sa.update(WorklistEntry).where(mine).values(held_until=NOW))
    assert looking.sight(side.case_scope) is Sight.NOTHING
    assert looking.changes(side.case_scope) == 0
    assert looking.refusal(side.case_scope, side.planted.values(looking.table)) == "42501"


def test_a_provider_sees_the_case_it_opened_and_no_other_that_it_holds(make: Factory, database: Database) -> None:
    provider = make.provider()
    opened, other = make.case(provider=provider), make.case(provider=provider)
    assert _references(database, opened.provider_scope) == [opened.reference]
    assert _references(database, other.provider_scope) == [other.reference]


def test_a_commissioned_provider_that_does_not_hold_the_case_sees_nothing(make: Factory, database: Database) -> None:
    case = make.case()
    assert _references(database, case.provider_scope) == [case.reference]
    assert _references(database, _as_another_provider(case, make)) == []


def test_naming_the_case_of_another_council_opens_nothing(make: Factory, database: Database) -> None:
    provider = make.provider()
    here, there = make.case(provider=provider), make.case(provider=provider)
    crossed = dataclasses.replace(here.provider_scope, case_id=there.id)
    assert _references(database, crossed) == []


def test_a_providers_list_holds_its_own_rows_of_all_councils_and_no_case(make: Factory, database: Database) -> None:
    provider = make.provider()
    cases = [make.case(provider=provider), make.case(provider=provider)]
    make.case()
    with database.begin(provider_scope(provider.id)) as session:
        listed = set(session.scalars(sa.select(WorklistEntry.reference)))
        assert listed == {case.reference for case in cases}
        with pytest.raises(DBAPIError, match="unrecognized configuration|invalid input syntax for type uuid"):
            session.execute(sa.select(Case.id))


@pytest.mark.parametrize(
    "column", ["held_until", "provider_id", "authority_id", "case_id", "received_at", "name_sealed", "reference"]
)
def test_a_provider_cannot_renew_or_move_a_hold(make: Factory, database: Database, column: str) -> None:
    ended = make.case(held_until=NOW)
    value = sa.null() if column == "held_until" else WorklistEntry.__table__.columns[column]
    with (
        database.begin(ended.provider_scope) as session,
        pytest.raises(ProgrammingError, match="permission denied for table provider_worklist"),
    ):
        session.execute(sa.update(WorklistEntry).values({column: value}))


def test_a_provider_may_move_its_own_row_along(make: Factory, database: Database) -> None:
    case = make.case()
    coordinator = new_id()
    with database.begin(case.provider_scope) as session:
        session.execute(sa.update(WorklistEntry).values(coordinator_id=coordinator))
        session.commit()
        assert session.scalars(sa.select(WorklistEntry.coordinator_id)).all() == [coordinator]


def _entry(world: World, scope: Scope) -> sa.Insert:
    """Return the insertion of a row that puts the case of ``scope`` into the list of the provider of ``scope``."""
    table = declared()["provider_worklist"].__table__
    ids = {"provider_id": scope.provider_id, "authority_id": scope.authority_id, "case_id": scope.case_id}
    return sa.insert(table).values(**world.here.planted.values(table, **ids))


def test_a_provider_cannot_take_a_case_that_exists_by_listing_it(
    make: Factory, database: Database, world: World
) -> None:
    case = make.case()
    scope = _as_another_provider(case, make)
    with database.begin(scope) as session, pytest.raises(IntegrityError, match="authority_id_case_id_key"):
        session.execute(_entry(world, scope))


def test_nor_one_whose_hold_by_another_has_ended(make: Factory, database: Database, world: World) -> None:
    case = make.case(held_until=NOW)
    scope = _as_another_provider(case, make)
    with database.begin(scope) as session, pytest.raises(IntegrityError, match="authority_id_case_id_key"):
        session.execute(_entry(world, scope))


@pytest.mark.parametrize(
    "ends_on",
    [None, NOW.date() - dt.timedelta(days=400)],
    ids=["never commissioned", "commission over"],
)
def test_a_provider_that_is_not_commissioned_enters_nothing(
    make: Factory, database: Database, world: World, ends_on: dt.date | None
) -> None:
    authority, provider = make.authority(), make.provider()
    if ends_on:
        make.commission(authority, provider, ends_on=ends_on)
    scope = provider_case_scope(provider.id, authority.id, new_id())
    with database.begin(scope) as session:
        with pytest.raises(ProgrammingError, match="row-level security"), session.begin_nested():
            session.execute(_entry(world, scope))
        with pytest.raises(ProgrammingError, match="row-level security"), session.begin_nested():
            session.execute(sa.insert(CaseCounter).values(authority_id=authority.id, year=2026, last=1))


def test_a_commissioned_provider_holds_the_new_case_that_it_entered(
    make: Factory, database: Database, world: World
) -> None:
    authority, provider = make.authority(), make.provider()
    make.commission(authority, provider)
    new = provider_case_scope(provider.id, authority.id, new_id())
    party = sa.insert(Party).values(
        authority_id=authority.id, id=new_id(), case_id=new.case_id, kind="family", may_be_invited=True
    )
    with database.begin(new) as session:
        with pytest.raises(ProgrammingError, match="row-level security"), session.begin_nested():
            session.execute(party)
        session.execute(_entry(world, new))
        session.execute(party)


def test_a_case_without_a_holder_cannot_be_committed(make: Factory, database: Database, world: World) -> None:
    made = make.case()
    values = world.here.planted.values(Case.__table__) | {"authority_id": made.authority.id, "id": new_id()}
    with database.begin(made.authority_scope) as session:
        session.execute(sa.insert(Case).values(**values))
        with pytest.raises(IntegrityError, match="case_has_a_holder_fkey"):
            session.commit()


def test_a_provider_cannot_write_into_a_case_it_did_not_open(make: Factory, database: Database) -> None:
    provider = make.provider()
    opened, other = make.case(provider=provider), make.case(provider=provider)
    with database.begin(opened.provider_scope) as session, pytest.raises(DBAPIError, match="row-level security"):
        session.execute(
            sa.insert(Statement).values(
                authority_id=other.authority.id,
                id=new_id(),
                case_id=other.id,
                member_id=other.parent,
                kind="story",
                written_at=NOW,
            )
        )
