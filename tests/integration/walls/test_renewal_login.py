"""The login that renews a data key reads and alters what it seals of the realm in its scope, and nothing else."""

import uuid

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from parley.casework.models import Case, Child
from parley.db.models import DataKey
from parley.db.renewal_reach import BESIDE, GRANTS, Beside
from parley.db.scope import Login, renewal_scope
from parley.db.session import Database
from parley.renewal.queries import sealed_tables
from support.models import declared
from support.planting import key_of
from support.sides import Side, World

MODELS = declared()
SEALED = {sealed.table.name: sealed for sealed in sealed_tables()}
REACHED = SEALED.keys() | BESIDE.keys() | GRANTS.keys()
REFUSED = psycopg.errors.InsufficientPrivilege


def quoted(name: str) -> str:
    return name if "." in name else f'"{name}"'


def realms(side: Side) -> tuple[uuid.UUID, uuid.UUID]:
    return side.authority.id, side.provider.id


@pytest.mark.parametrize("name", sorted(MODELS.keys() - REACHED))
def test_it_reads_no_other_table(login_urls: dict[str, str], name: str) -> None:
    with psycopg.connect(login_urls[Login.RENEWAL], autocommit=True) as renewal, pytest.raises(REFUSED):
        renewal.execute(f"SELECT 1 FROM {quoted(name)}".encode())


def test_of_each_table_it_alters_what_is_sealed_and_fingerprints_alone(admin_url: str) -> None:
    columns = {
        (name, column.name)
        for name, model in MODELS.items()
        for column in model.__table__.columns
        if (name in SEALED and column.name.endswith("_sealed")) or column.name in BESIDE.get(name, Beside()).alters
    }
    assert _may(admin_url, "UPDATE") == columns
    assert {(sealed.table.name, text.column) for sealed in SEALED.values() for text in sealed.texts} <= columns


def test_it_adds_audit_events_and_versions_of_keys_and_deletes_those_and_counts_of_tries(admin_url: str) -> None:
    assert {name for name, _ in _may(admin_url, "INSERT")} == {"audit_event", "data_key"}
    with psycopg.connect(admin_url) as admin:
        deleted = admin.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p')"
            " AND has_table_privilege('parley_renewal', c.oid, 'DELETE')"
        ).fetchall()
    assert {name for (name,) in deleted} == {"attempt_limit", "data_key"}


@pytest.mark.parametrize("name", sorted(SEALED))
def test_it_sees_and_alters_the_rows_of_the_realm_in_its_scope_alone(
    database: Database, world: World, name: str
) -> None:
    sealed = SEALED[name]
    row = world.here.planted.row(sealed.table)
    mine = key_of(sealed.table, row)
    (other,) = {*realms(world.here)} - {row[sealed.realm.name]}
    for realm, sees in [(row[sealed.realm.name], 1), (other, 0), *((one, 0) for one in realms(world.there))]:
        with database.begin(renewal_scope(realm)) as session:
            seen = session.scalars(sa.select(sealed.realm).where(mine)).all()
            changed = sa.update(sealed.table).where(mine).values({sealed.texts[0].column: b"\x01"})
            assert (len(seen), session.execute(changed).rowcount) == (sees, sees)


def test_of_another_councils_children_it_sees_those_in_the_providers_list(database: Database, world: World) -> None:
    here, there = (side.planted.row(Child.__table__) for side in (world.here, world.there))
    for side in (world.here, world.there):
        side.planted.row(declared()["provider_worklist"].__table__)
    asked, provider = sa.select(Child.id), world.here.provider.id
    with database.begin(renewal_scope(provider, authority_id=world.here.authority.id)) as session:
        assert session.scalars(asked).all() == [here["id"]]
        changed = sa.update(Child.__table__).where(Child.id == here["id"]).values(address_sealed=b"\x01")
        assert session.execute(changed).rowcount == 0
    with database.begin(renewal_scope(provider, authority_id=world.there.authority.id)) as session:
        assert session.scalars(asked.where(Child.id == there["id"])).all() == []


def test_it_neither_adds_nor_ends_a_version_of_another_realms_key(database: Database, world: World) -> None:
    of_there = sa.delete(DataKey).where(DataKey.realm_id == world.there.authority.id)
    added = sa.insert(DataKey).values(
        realm_id=world.there.authority.id, version=2, wrapped=b"", created_at=sa.func.now()
    )
    with database.begin(renewal_scope(world.here.authority.id)) as session:
        assert session.execute(of_there).rowcount == 0
        with pytest.raises(DBAPIError, match="row-level security"):
            session.execute(added)


@pytest.mark.parametrize("column", ["state", "reference", "council_told_at"])
def test_of_a_case_it_reads_nothing_but_what_is_sealed(database: Database, world: World, column: str) -> None:
    with database.begin(renewal_scope(world.here.authority.id)) as session, pytest.raises(DBAPIError):
        session.execute(sa.select(Case.__table__.c[column]))


def _may(admin_url: str, privilege: str) -> set[tuple[str, str]]:
    """Return the columns for which the login has a privilege."""
    with psycopg.connect(admin_url) as admin:
        found = admin.execute(
            "SELECT CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END, a.attname"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped"
            " AND n.nspname IN ('public', 'compartment', 'jobs')"
            " AND has_column_privilege('parley_renewal', c.oid, a.attnum, %s)",
            (privilege,),
        ).fetchall()
    return {(str(table), str(column)) for table, column in found}
