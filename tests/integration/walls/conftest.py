"""Two councils and two providers, with one row of theirs in every table."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from parley.db.session import Database, psycopg_url
from support.factories import Factory
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
