"""Two councils and two providers, with one row of theirs in every table."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from parley.db.keys import Vault
from parley.db.session import Database, engine_for, psycopg_url
from support.factories import COMPARTMENT_KEY, MASTER_KEY, Factory
from support.sides import World, plant_side


@pytest.fixture(scope="module")
def admin(admin_url: str) -> Iterator[sa.Engine]:
    """The superuser's engine: for planting, and for looking behind the walls."""
    engine = sa.create_engine(psycopg_url(admin_url), poolclass=sa.NullPool)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def world(database: Database, admin: sa.Engine) -> World:
    """Two sides, planted."""
    factory = Factory(database)
    return World(here=plant_side(factory, admin), there=plant_side(factory, admin))


@pytest.fixture(scope="session")
def pooled(pooled_urls: dict[str, str]) -> Iterator[Database]:
    """Parley's database through PgBouncer."""
    engines = {login: engine_for(url, pooled=True) for login, url in pooled_urls.items()}
    opened = Database(engines, Vault(MASTER_KEY), Vault(COMPARTMENT_KEY))
    yield opened
    opened.dispose()


@pytest.fixture(params=["directly", "through a pooler"])
def reached(request: pytest.FixtureRequest) -> Database:
    """Parley's database, both ways."""
    found: Database = request.getfixturevalue("database" if request.param == "directly" else "pooled")
    return found
