"""For every table there is: who it is for sees the row, and nobody else does, by reading or by writing.

Directly and through PgBouncer in transaction mode, where everybody shares one connection. The row's own council (or
provider) looks first, so that a table nobody can read at all does not pass for a safe one.
"""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from parley.db.connections import connect_arguments
from parley.db.keys import Vault
from parley.db.scope import Login, Scope
from parley.db.session import Database, psycopg_url
from support.factories import COMPARTMENT_KEY, MASTER_KEY
from support.looking import Looking, Sight
from support.models import declared, tables_behind
from support.planting import is_tenants, key_of
from support.sides import OPERATORS_SEE, TENANT_WALLS, World

TABLES = [table.fullname for table in tables_behind(*TENANT_WALLS)]

ADDED, DUPLICATE = "", "23505"
#: No privilege or against the policy; the scope does not say what the policy asks (never said, or not any more).
REFUSALS = {"42501", "42704", "22P02"}

every_table = pytest.mark.parametrize("name", TABLES)


@every_table
def test_those_it_is_for_see_the_row(reached: Database, world: World, name: str) -> None:
    looking = _looking(reached, world, name)
    readers = [scope for scope in _readers(world, name) if looking.may("SELECT", scope)]
    assert readers, f"{name}: nobody may read it"
    assert {scope.login: looking.sight(scope) for scope in readers} == {scope.login: Sight.SEEN for scope in readers}


@every_table
def test_nobody_else_sees_the_row(reached: Database, world: World, name: str) -> None:
    looking = _looking(reached, world, name)
    assert [scope for scope in _strangers(world, name) if looking.sight(scope) is Sight.SEEN] == []


@every_table
def test_nobody_else_changes_or_deletes_the_row(reached: Database, world: World, name: str) -> None:
    looking = _looking(reached, world, name)
    assert [scope for scope in _strangers(world, name) if looking.changes(scope)] == []


@every_table
def test_nobody_else_adds_a_row_like_it(reached: Database, world: World, name: str) -> None:
    looking = _looking(reached, world, name)
    another = world.here.planted.values(looking.table)
    own = {looking.refusal(scope, another) for scope in _readers(world, name) if looking.may("INSERT", scope)}
    # Its own people come past the walls, if only to find that one is there: so the row itself is right.
    assert not own or own & {ADDED, DUPLICATE}
    assert {looking.refusal(scope, another) for scope in _strangers(world, name)} <= REFUSALS


@every_table
def test_without_a_scope_looking_is_an_error(reached: Database, world: World, name: str) -> None:
    looking = _looking(reached, world, name)
    logins = set(Login) - ({Login.OPERATOR} if name in OPERATORS_SEE else set())
    for login in logins:
        with reached.engine(login).connect() as connection, pytest.raises(DBAPIError):
            connection.execute(sa.select(sa.literal(1)).select_from(looking.table))


@every_table
@pytest.mark.parametrize("end", ["commit", "rollback", "error"])
def test_what_went_before_on_a_connection_lends_nobody_its_scope(
    own_connections: Database, world: World, name: str, end: str
) -> None:
    looking = _looking(own_connections, world, name)
    for scope in (scope for scope in _readers(world, name) if looking.may("SELECT", scope)):
        with own_connections.begin(scope) as session:
            assert session.execute(looking.select).first()
            match end:
                case "commit":
                    session.commit()
                case "error":
                    with pytest.raises(DBAPIError):
                        session.execute(sa.text("SELECT 1 / 0"))
        if name not in OPERATORS_SEE:
            with own_connections.engine(scope.login).connect() as connection, pytest.raises(DBAPIError):
                connection.execute(looking.select)
        strangers = [other for other in _strangers(world, name) if other.login is scope.login]
        assert strangers
        assert [other for other in strangers if looking.sight(other) is Sight.SEEN] == []


@every_table
def test_a_row_cannot_refer_to_another_tenants(admin: sa.Engine, world: World, name: str) -> None:
    table = declared()[name].__table__
    for key in table.foreign_key_constraints:
        if not is_tenants(key.referred_table):
            continue
        theirs = world.there.planted.row(key.referred_table)
        pointing = {
            element.parent.name: theirs[element.column.name]
            for element in key.elements
            if element.parent.name not in {"authority_id", "realm_id", "provider_id"}
        }
        mine = world.here.planted.row(table)
        crossing: sa.Insert | sa.Update = sa.update(table).where(key_of(table, mine)).values(pointing)
        if pointing.keys() & set(table.primary_key.columns.keys()):
            crossing = sa.insert(table).values(**world.here.planted.values(table, **pointing))
        with admin.connect() as connection:
            connection.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
            with pytest.raises(IntegrityError, match="violates foreign key constraint"):
                connection.execute(crossing)


@pytest.fixture(scope="module", params=["directly", "through a pooler"])
def own_connections(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Parley's database with one connection for each login, so that everybody gets the one that was used before."""
    pooled = request.param != "directly"
    urls = request.getfixturevalue("pooled_urls" if pooled else "login_urls")
    engines = {
        Login(login): sa.create_engine(
            psycopg_url(url), pool_size=1, max_overflow=0, connect_args=connect_arguments(pooled=pooled)
        )
        for login, url in urls.items()
        if login != "owner"
    }
    yield (opened := Database(engines, Vault(MASTER_KEY), Vault(COMPARTMENT_KEY)))
    opened.dispose()


def _looking(database: Database, world: World, name: str) -> Looking:
    table = declared()[name].__table__
    return Looking(database, table, world.here.planted.row(table))


def _strangers(world: World, name: str) -> list[Scope]:
    return world.strangers(declared()[name].__record__.wall)


def _readers(world: World, name: str) -> list[Scope]:
    return world.here.readers(declared()[name].__record__.wall)
