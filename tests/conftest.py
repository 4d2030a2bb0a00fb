"""Fixtures for every kind of test. The database ones start a server only when a test asks for one of them."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from parley.db.keys import Vault
from parley.db.session import Database, engine_for
from support import database
from support.factories import COMPARTMENT_KEY, MASTER_KEY, Factory
from support.pgbouncer import behind_pgbouncer

# A busy machine is no fault of the example: the test's own time limit is enough.
settings.register_profile("parley", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("parley")


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """The superuser's address of the test server."""
    with database.shared_server() as url:
        yield url


@pytest.fixture(scope="session")
def admin_url(database_server: str) -> Iterator[str]:
    """The superuser's address of this worker's migrated database: to look behind the walls, never to run code as."""
    with database.migrated_database(database_server) as url:
        yield url


@pytest.fixture(scope="session")
def login_urls(admin_url: str) -> dict[str, str]:
    """The address of each login ("app", "provider", ... and "owner") on this worker's migrated database."""
    return database.logins_of(admin_url)


@pytest.fixture(scope="session")
def pooled_urls(login_urls: dict[str, str]) -> Iterator[dict[str, str]]:
    """The address of each login through PgBouncer in transaction mode, over one connection for each."""
    with behind_pgbouncer({name: url for name, url in login_urls.items() if name != "owner"}) as urls:
        yield urls


@pytest.fixture(scope="session", name="database")
def opened_database(login_urls: dict[str, str]) -> Iterator[Database]:
    """This worker's database as Parley's processes open it, with every login but the owner's."""
    engines = {login: engine_for(url) for login, url in login_urls.items() if login != "owner"}
    opened = Database(engines, Vault(MASTER_KEY), Vault(COMPARTMENT_KEY))
    yield opened
    opened.dispose()


@pytest.fixture
def make(database: Database) -> Factory:
    """What makes councils, providers and cases for a test."""
    return Factory(database)


@pytest.fixture
def own_database(database_server: str) -> Iterator[str]:
    """The superuser's address of a migrated database for one test alone, which may break it."""
    with database.migrated_database(database_server) as url:
        yield url


@pytest.fixture
def empty_database(database_server: str) -> Iterator[str]:
    """The superuser's address of a database with nothing in it, for tests of the migrations themselves."""
    with database.empty_database(database_server) as url:
        yield url
