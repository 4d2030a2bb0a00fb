"""Migrations lead from nothing to exactly what the models declare, one after the other, and back."""

import re

import psycopg
from alembic import command
from alembic.script import ScriptDirectory

from parley.db.prepare import alembic_config, migrate, migrations_folder
from support import database


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def test_the_migrated_database_is_what_the_models_declare(login_urls: dict[str, str]) -> None:
    command.check(alembic_config(login_urls["owner"]))


def test_migrations_are_one_line_and_numbered_in_order() -> None:
    revisions = [script.revision for script in reversed(list(_scripts().walk_revisions()))]
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    files = sorted(path.name for path in (migrations_folder() / "versions").glob("*.py"))
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.py", name) for name in files)
    assert [name[:4] for name in files] == revisions


def test_every_migration_can_be_undone(database_server: str, empty_database: str) -> None:
    urls = database.prepared(database_server, empty_database)
    command.downgrade(alembic_config(urls["owner"]), "base")
    with psycopg.connect(empty_database) as admin:
        left = admin.execute(
            "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'v', 'S') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
            " AND n.nspname NOT LIKE 'pg_toast%'"
        ).fetchall()
    assert left == [("public.alembic_version",)]
    migrate(urls["owner"])
    command.check(alembic_config(urls["owner"]))
