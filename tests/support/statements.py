"""Counting and keeping what a page asks of the database."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from unittest import mock

import psycopg

from parley.db.scope import Login
from parley.db.session import Database


class Sent(NamedTuple):
    """A statement as it was handed to the driver, over which login, and what fills it in."""

    login: Login
    statement: Any
    parameters: Any

    @property
    def text(self) -> str:
        """The statement on one line."""
        text = self.statement.decode() if isinstance(self.statement, bytes) else str(self.statement)
        return " ".join(text.split())


@contextlib.contextmanager
def statements_of(database: Database, *logins: Login) -> Iterator[list[str]]:
    """Give a list that fills with every statement sent over ``logins`` in this block, each on one line.

    Counted at the driver, which every statement passes. The scope that each transaction sets counts as the statement
    it is.
    """
    seen: list[str] = []
    with _noted(database, logins, lambda sent: seen.append(sent.text)):
        yield seen


@contextlib.contextmanager
def sent_by(database: Database, *logins: Login) -> Iterator[list[Sent]]:
    """Give a list as ``statements_of`` does, with all that it takes to send each statement again."""
    seen: list[Sent] = []
    with _noted(database, logins, seen.append):
        yield seen


@contextlib.contextmanager
def _noted(database: Database, logins: tuple[Login, ...], note: Callable[[Sent], None]) -> Iterator[None]:
    by_user = {database.engine(login).url.username: login for login in logins}
    execute, executemany = psycopg.Cursor.execute, psycopg.Cursor.executemany

    def look(cursor: psycopg.Cursor[Any], statement: Any, parameters: Any) -> None:
        login = by_user.get(cursor.connection.info.user)
        if login is not None:
            note(Sent(login, statement, parameters))

    def noted(cursor: psycopg.Cursor[Any], statement: Any, parameters: Any = None, **options: Any) -> Any:
        look(cursor, statement, parameters)
        return execute(cursor, statement, parameters, **options)

    def many_noted(cursor: psycopg.Cursor[Any], statement: Any, rows: Any, **options: Any) -> Any:
        look(cursor, statement, rows)
        return executemany(cursor, statement, rows, **options)

    with (
        mock.patch.object(psycopg.Cursor, "execute", noted),
        mock.patch.object(psycopg.Cursor, "executemany", many_noted),
    ):
        yield
