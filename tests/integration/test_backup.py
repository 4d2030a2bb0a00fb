"""The role for backups reads every row and writes none; what it dumps is a whole database again elsewhere."""

import pathlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from parley.db import embedded
from parley.db.backup import SCHEMAS
from parley.db.keys import Vault
from parley.db.prepare import prepare
from parley.db.server_programs import find_programs
from parley.db.session import Database, engine_for
from parley.db.walls import BACKUP_ROLE
from support.database import PASSWORDS
from support.factories import COMPARTMENT_KEY, MASTER_KEY, Factory

#: What the role for backups is let in by.
WORD = "only-for-this-test"


def at(url: str, database: str, *, role: str | None = None, password: str | None = None) -> str:
    """Return the address of ``database`` on the server of ``url``, as ``role`` if one is named."""
    parts = urlsplit(url)
    host = f"{role}:{password or WORD}@{parts.netloc.rpartition('@')[2]}" if role else parts.netloc
    return parts._replace(netloc=host, path=f"/{database}").geturl()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of this test's own, whose role for backups is given a password; "service" holds two councils' cases."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="parley-backup-"))
    folder.chmod(0o711)
    url = embedded.start(folder / "postgres", throwaway=True)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE service")
        admin.execute("CREATE DATABASE restored")
        logins = prepare(at(url, "service"), PASSWORDS)
        admin.execute(f"ALTER ROLE {BACKUP_ROLE} LOGIN PASSWORD '{WORD}'".encode())
    engines = {login: engine_for(address) for login, address in logins.items() if login != "owner"}
    database = Database(engines, Vault(MASTER_KEY), Vault(COMPARTMENT_KEY))
    make = Factory(database)
    for _council in range(2):
        make.case(make.authority())
    database.dispose()
    yield url
    embedded.stop(folder / "postgres")
    shutil.rmtree(folder)


def rows(url: str) -> dict[str, int]:
    """Return how many rows each table holds, as the one who asks sees them."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY (%s)", (list(SCHEMAS),)
        ).fetchall()
        return {
            f"{schema}.{table}": connection.execute(
                sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
            ).fetchall()[0][0]
            for schema, table in tables
        }


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs to its good end."""
    done = subprocess.run([find_programs().folder / program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_is_dumped_is_all_there_is_and_is_there_again_after_a_restore(server: str, tmp_path: pathlib.Path) -> None:
    here = rows(at(server, "service"))
    assert here["public.case"] == 2
    assert rows(at(server, "service", role=BACKUP_ROLE)) == here
    dump = str(tmp_path / "parley.dump")
    address = at(server, "service", role=BACKUP_ROLE)
    run("pg_dump", "--format=custom", "--enable-row-security", f"--file={dump}", address)
    run("pg_restore", "--exit-on-error", f"--dbname={at(server, 'restored')}", dump)
    assert rows(at(server, "restored")) == here
    # Ready for service: prepared anew, the walls are the same, and each login sees no more than before.
    logins = prepare(at(server, "restored"), PASSWORDS)
    with psycopg.connect(logins["app"]) as app, pytest.raises(psycopg.errors.DatabaseError):
        app.execute('SELECT * FROM "case"')


def test_the_role_for_backups_writes_nothing_and_none_of_parleys_logins_can_become_it(server: str) -> None:
    with psycopg.connect(at(server, "service", role=BACKUP_ROLE), autocommit=True) as backup:
        for statement in ('DELETE FROM "case"', "UPDATE local_authority SET name = 'x'", "CREATE TABLE mine (id int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                backup.execute(statement.encode())
    for role, password in PASSWORDS.items():
        with psycopg.connect(at(server, "service", role=role, password=password)) as login:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                login.execute(f"SET ROLE {BACKUP_ROLE}".encode())
