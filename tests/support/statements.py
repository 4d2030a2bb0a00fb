"""Counting what a page asks of the database."""

import contextlib
from collections.abc import Iterator
from typing import Any
from unittest import mock

import psycopg

from parley.db.scope import Login
from parley.db.session import Database


@contextlib.contextmanager
def statements_of(database: Database, *logins: Login) -> Iterator[list[str]]:
    """Give a list that fills with every statement sent over ``logins`` in this block, each on one line.

    Counted at the driver, which every statement passes. The scope that each transaction sets counts as the statement
    it is.
    """
    seen: list[str] = []
    users = {database.engine(login).url.username for login in logins}
    execute, executemany = psycopg.Cursor.execute, psycopg.Cursor.executemany

    def note(cursor: psycopg.Cursor[Any], statement: Any) -> None:
        if cursor.connection.info.user in users:
            text = statement.decode() if isinstance(statement, bytes) else str(statement)
            seen.append(" ".join(text.split()))

    def noted(cursor: psycopg.Cursor[Any], statement: Any, *rest: Any, **options: Any) -> Any:
        note(cursor, statement)
        return execute(cursor, statement, *rest, **options)

    def many_noted(cursor: psycopg.Cursor[Any], statement: Any, *rest: Any, **options: Any) -> Any:
        note(cursor, statement)
        return executemany(cursor, statement, *rest, **options)

    with (
        mock.patch.object(psycopg.Cursor, "execute", noted),
        mock.patch.object(psycopg.Cursor, "executemany", many_noted),
    ):
        yield seen
