"""Alembic's environment: run as the owner, with short lock waits, so that a migration never freezes a live service."""

import importlib
import pkgutil

from alembic import context
from sqlalchemy import MetaData, create_engine, pool, text

import parley
import parley.db.walls  # noqa: F401  registers op.build_wall
from parley.db.base import Base
from parley.db.session import psycopg_url

LOCK_TIMEOUT = "4s"
STATEMENT_TIMEOUT = "60s"


def all_tables() -> MetaData:
    """Import every capability's models and return the tables they declare."""
    for module in pkgutil.walk_packages(parley.__path__, "parley."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
    return Base.metadata


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the job queue's own tables out of comparisons: procrastinate's script makes them."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def run_migrations() -> None:
    """Run the migrations that were asked for, each in a transaction of its own."""
    url = context.config.attributes["url"]
    engine = create_engine(psycopg_url(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=all_tables(),
            transaction_per_migration=True,
            include_schemas=True,
            include_name=is_ours,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run_migrations()
