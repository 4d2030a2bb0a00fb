"""A database of the tests' own, since a night's disposal goes over every council that there is."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from parley.db.keys import Vault
from parley.db.scope import platform_scope
from parley.db.session import Database, engine_for, psycopg_url
from parley.tenancy.service import ensure_platform_key
from support.database import logins_of, migrated_database
from support.factories import COMPARTMENT_KEY, MASTER_KEY, NOW, Factory
from support.family import Served, served_council


@pytest.fixture(scope="module")
def admin_url(database_server: str) -> Iterator[str]:
    """The superuser's address of the database."""
    with migrated_database(database_server) as url:
        yield url


@pytest.fixture(scope="module", name="database")
def opened_database(admin_url: str) -> Iterator[Database]:
    """The database with every login but the owner's."""
    engines = {login: engine_for(url) for login, url in logins_of(admin_url).items() if login != "owner"}
    opened = Database(engines, Vault(MASTER_KEY), Vault(COMPARTMENT_KEY))
    with opened.begin(platform_scope()) as session:
        ensure_platform_key(session, NOW)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def admin(admin_url: str) -> Iterator[sa.Engine]:
    """The superuser's engine: for planting, and for looking behind the walls."""
    engine = sa.create_engine(psycopg_url(admin_url), poolclass=sa.NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def make(database: Database) -> Factory:
    """What makes councils, providers and cases."""
    return Factory(database)


@pytest.fixture
def council(make: Factory) -> Served:
    """A council with a policy that states no time of its own for records."""
    return served_council(make)
