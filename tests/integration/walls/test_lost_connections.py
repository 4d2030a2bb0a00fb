"""After a restart of the database: what lay in the pools is gone, and no page is the one to find out."""

import psycopg

from parley.db.scope import platform_scope
from parley.db.session import Database


def test_a_session_replaces_a_connection_that_the_server_dropped(database: Database, admin_url: str) -> None:
    with database.begin(platform_scope()) as session:
        session.connection()
    _drop_everybody(admin_url)
    session = database.session(platform_scope())
    try:
        assert session.connection().exec_driver_sql("SELECT 1").scalar() == 1
    finally:
        session.close()


def _drop_everybody(admin_url: str) -> None:
    with psycopg.connect(admin_url) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
