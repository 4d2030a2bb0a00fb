"""The login that wraps keys anew alters wrapped keys, one council's at a time, and sees nothing that they seal."""

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from parley.db.models import CaseKey, DataKey, KeyAdoption
from parley.db.scope import PLATFORM_REALM, Login, keys_scope, platform_scope
from parley.db.session import Database
from support.models import declared
from support.sides import World

#: What it reads something of: wrapped keys, what councils and providers are called, and its own table.
READS = {"data_key", "compartment.case_key", "key_adoption", "local_authority", "provider"}
#: What it writes: the audit and its own table it adds to, and of keys it alters two columns.
ADDS = {"audit_event", "key_adoption"}


@pytest.fixture
def keys(login_urls: dict[str, str]) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection as the login."""
    with psycopg.connect(login_urls[Login.KEYS], autocommit=True) as connection:
        yield connection


def quoted(name: str) -> str:
    return name if "." in name else f'"{name}"'


@pytest.mark.parametrize("name", sorted(set(declared()) - READS))
def test_it_reads_no_other_table(keys: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        keys.execute(f"SELECT 1 FROM {quoted(name)}".encode())


@pytest.mark.parametrize("name", sorted(declared()))
def test_it_deletes_nothing_and_adds_to_its_own_table_and_the_audit_alone(
    keys: psycopg.Connection[tuple[object, ...]], name: str
) -> None:
    statements = [f"DELETE FROM {quoted(name)}"]
    if name not in ADDS:
        statements.append(f"INSERT INTO {quoted(name)} DEFAULT VALUES")
    for statement in statements:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            keys.execute(statement.encode())


def test_of_every_table_it_alters_two_columns_of_keys(admin_url: str) -> None:
    with psycopg.connect(admin_url) as admin:
        found = admin.execute(
            "SELECT c.oid::regclass::text, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped"
            " AND n.nspname IN ('public', 'compartment', 'jobs')"
            " AND has_column_privilege('parley_keys', c.oid, a.attnum, 'UPDATE')"
        ).fetchall()
    columns = ("wrapped", "wrapped_by")
    assert set(found) == {(table, column) for table in ("data_key", "compartment.case_key") for column in columns}


@pytest.mark.parametrize("column", ["profile", "state", "went_live_at"])
def test_of_councils_it_reads_what_they_are_called(keys: psycopg.Connection[tuple[object, ...]], column: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        keys.execute(f"SELECT {column} FROM local_authority".encode())


def test_of_case_keys_it_sees_and_alters_one_councils_at_a_time(database: Database, world: World) -> None:
    here, there = (side.planted.row(CaseKey.__table__) for side in (world.here, world.there))
    council = world.here.authority.id
    with database.begin(keys_scope(council, authority_id=council)) as session:
        seen = set(session.scalars(sa.select(CaseKey.case_id)))
        assert here["case_id"] in seen
        assert there["case_id"] not in seen
        altered = session.execute(
            sa.update(CaseKey.__table__).where(CaseKey.case_id == there["case_id"]).values(wrapped=b"")
        )
        assert altered.rowcount == 0


def test_without_a_council_in_the_scope_it_is_shown_no_case_key(database: Database) -> None:
    with database.begin(keys_scope(PLATFORM_REALM)) as session, pytest.raises(DBAPIError):
        session.execute(sa.select(CaseKey.case_id))


@pytest.mark.parametrize("login", sorted(set(Login) - {Login.KEYS}))
def test_no_other_login_alters_a_wrapped_key_or_says_which_master_key_wraps(
    login_urls: dict[str, str], login: Login
) -> None:
    with psycopg.connect(login_urls[login], autocommit=True) as connection:
        for statement in (
            "UPDATE data_key SET wrapped = ''",
            "UPDATE data_key SET wrapped_by = ''",
            "UPDATE compartment.case_key SET wrapped = ''",
            "UPDATE compartment.case_key SET wrapped_by = ''",
            "INSERT INTO key_adoption DEFAULT VALUES",
            "UPDATE key_adoption SET master_id = ''",
            "DELETE FROM key_adoption",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


@pytest.mark.parametrize("login", [Login.APP, Login.COMPARTMENT, Login.OPERATOR, Login.MOVER])
def test_whoever_wraps_keys_reads_which_master_key_does(database: Database, login: Login) -> None:
    with database.begin(platform_scope(login)) as session:
        session.execute(sa.select(KeyAdoption.ring, KeyAdoption.adopted_at, KeyAdoption.master_id)).all()
        if login is not Login.COMPARTMENT:
            session.execute(sa.select(DataKey.wrapped_by).limit(1)).all()
