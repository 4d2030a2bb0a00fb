"""The database that integration tests get is the one the product makes, and nobody's walls are down in it."""

import psycopg
import pytest

from parley.db.prepare import all_logins
from support import database


def test_every_login_reaches_the_migrated_database(login_urls: dict[str, str]) -> None:
    seen = set()
    for login, url in login_urls.items():
        with psycopg.connect(url) as connection:
            seen.add(connection.execute("SELECT current_user").fetchone())
            at = connection.execute("SELECT to_regclass('public.local_authority') IS NOT NULL").fetchone()
            assert at == (True,), login
    assert seen == {(role,) for role in all_logins()}


def test_no_login_is_above_row_level_security(login_urls: dict[str, str]) -> None:
    for url in login_urls.values():
        with psycopg.connect(url) as connection:
            above = connection.execute(
                "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
        assert above == (False,)


def test_each_database_is_its_own(database_server: str, admin_url: str) -> None:
    with database.migrated_database(database_server) as other:
        with psycopg.connect(other) as connection:
            connection.execute("CREATE TABLE only_here ()")
        with psycopg.connect(admin_url) as connection:
            assert connection.execute("SELECT to_regclass('only_here')").fetchone() == (None,)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(other)


def test_an_empty_database_can_be_prepared_from_nothing(database_server: str, empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT to_regclass('public.local_authority')").fetchone() == (None,)
    urls = database.prepared(database_server, empty_database)
    with psycopg.connect(urls["app"]) as connection:
        assert connection.execute("SELECT to_regclass('public.local_authority') IS NOT NULL").fetchone() == (True,)
