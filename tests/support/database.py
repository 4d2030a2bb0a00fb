"""A real PostgreSQL for tests: one server for every run on this machine, one database for every worker of a run.

The server lies in the user's temporary folder and stops with the last run that uses it. Databases are copied from a
template that the product's own ``prepare`` made: roles, migrations and walls are the real ones.
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import os
import pathlib
import tempfile
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from parley.db import embedded
from parley.db.prepare import all_logins, login_urls, prepare

ROOT = pathlib.Path(__file__).resolve().parents[2]

#: Roles belong to the server, which every run shares; so all runs use the same passwords.
PASSWORDS = {role: f"test-{role}" for role in all_logins()}

#: Everything a migration may use. A change here makes a new template.
TEMPLATE_SOURCES = ("migrations", "platform/parley/db", "platform/parley/kernel")
TEMPLATES_KEPT = 3
SETTING_UP = 0x74656D706C617465


@contextlib.contextmanager
def shared_server() -> Iterator[str]:
    """Give the superuser's address of the test server, which runs as long as anybody is in this block."""
    folder = pathlib.Path(tempfile.gettempdir()) / f"parley-tests-{os.geteuid()}"
    folder.mkdir(exist_ok=True)
    # Passable: under root the server runs as another user.
    folder.chmod(0o711)
    with open(folder / "users", "w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield embedded.start(folder / "postgres", throwaway=True)
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _drop_abandoned(embedded.start(folder / "postgres", throwaway=True))
                embedded.stop(folder / "postgres")


@contextlib.contextmanager
def migrated_database(server: str) -> Iterator[str]:
    """Give the superuser's address of a database at the newest migration, dropped at the end of the block."""
    with _setting_up(server) as admin:
        template = _template(admin, server)
        name = _new_name()
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    yield from _until_dropped(server, name)


@contextlib.contextmanager
def empty_database(server: str) -> Iterator[str]:
    """Give the superuser's address of an empty database, dropped at the end of the block."""
    name = _new_name()
    with _setting_up(server) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield from _until_dropped(server, name)


def prepared(server: str, database: str, *, revision: str = "head") -> dict[str, str]:
    """Prepare ``database`` as the product does, while no other run touches the roles; return each login's address."""
    with _setting_up(server):
        return prepare(database, PASSWORDS, revision=revision)


def logins_of(database: str) -> dict[str, str]:
    """Return the address of each login, and of "owner", on the database whose superuser's address is ``database``."""
    return login_urls(database, PASSWORDS)


@contextlib.contextmanager
def _setting_up(server: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Hold the whole server against other runs that make templates or roles."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", (SETTING_UP,))
        yield admin


def _template(admin: psycopg.Connection[tuple[object, ...]], server: str) -> str:
    """Return the name of the template for the present sources, making it when it is not there."""
    name = f"parley_template_{_sources_digest()}"
    made = _databases(admin, "parley_template_%")
    if name in made:
        return name
    for old in made[: -TEMPLATES_KEPT + 1]:
        _drop(admin, old)
    _drop(admin, "parley_template_draft")
    admin.execute("CREATE DATABASE parley_template_draft")
    prepare(_on(server, "parley_template_draft"), PASSWORDS)
    admin.execute(sql.SQL("ALTER DATABASE parley_template_draft RENAME TO {}").format(sql.Identifier(name)))
    return name


def _sources_digest() -> str:
    digest = hashlib.sha256(importlib.metadata.version("procrastinate").encode())
    for top in TEMPLATE_SOURCES:
        for path in sorted((ROOT / top).rglob("*.py")):
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _until_dropped(server: str, name: str) -> Iterator[str]:
    try:
        yield _on(server, name)
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            _drop(admin, name)


def _drop_abandoned(server: str) -> None:
    """Drop what runs that were killed left behind; nobody else uses the server now."""
    with psycopg.connect(server, autocommit=True) as admin:
        for name in _databases(admin, "parley_test_%"):
            _drop(admin, name)


def _databases(admin: psycopg.Connection[tuple[object, ...]], pattern: str) -> list[str]:
    """Return the databases whose names match ``pattern``, oldest first."""
    found = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid", (pattern,))
    return [str(row[0]) for row in found]


def _drop(admin: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _new_name() -> str:
    return f"parley_test_{uuid.uuid4().hex}"


def _on(server: str, database: str) -> str:
    return urlsplit(server)._replace(path=f"/{database}").geturl()
