"""Preparing a database as operators do: with a role that may create roles, as often as they like."""

import pathlib
import shutil
import tempfile
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from parley.db import embedded
from parley.db.prepare import MightyLoginError, prepare
from support.database import PASSWORDS


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server without any role of Parley's, since roles belong to a server and not to a database."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="parley-prepare-"))
    folder.chmod(0o711)
    yield embedded.start(folder / "postgres", throwaway=True)
    embedded.stop(folder / "postgres")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def operators_url(server: str) -> str:
    """The address of a database and its owner, who may create roles."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE ROLE in_charge LOGIN CREATEROLE PASSWORD 'in charge'")
        connection.execute("CREATE DATABASE service OWNER in_charge")
    return (
        urlsplit(server)
        ._replace(netloc=f"in_charge:in%20charge@{urlsplit(server).netloc.rpartition('@')[2]}", path="/service")
        .geturl()
    )


def test_no_superuser_is_needed_the_first_time_or_later(operators_url: str) -> None:
    for _time in range(2):
        urls = prepare(operators_url, PASSWORDS)
    for login, url in urls.items():
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT to_regclass('local_authority') IS NOT NULL").fetchone() == (True,), login


def test_a_new_password_is_taken_over_and_the_old_one_shut_out(operators_url: str) -> None:
    old = prepare(operators_url, PASSWORDS)
    new = prepare(operators_url, PASSWORDS | {"parley_app": "another"})
    psycopg.connect(new["app"]).close()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(old["app"])


def test_the_server_never_sees_a_password_as_it_is(server: str, operators_url: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET log_statement = 'all'")
        connection.execute("SELECT pg_reload_conf()")
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    log = pathlib.Path(row[0]) / "server.log"
    prepare(operators_url, PASSWORDS | {"parley_worker": "a canary of a password"})
    text = log.read_text()
    assert 'ALTER ROLE "parley_worker"' in text
    assert "a canary of a password" not in text


def test_a_login_that_could_step_over_the_walls_is_refused(server: str, operators_url: str) -> None:
    prepare(operators_url, PASSWORDS)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("ALTER ROLE parley_app BYPASSRLS")
        with pytest.raises(MightyLoginError, match="parley_app"):
            prepare(operators_url, PASSWORDS)
        connection.execute("ALTER ROLE parley_app NOBYPASSRLS")
    prepare(operators_url, PASSWORDS)
