"""Counting what a page asks of the database."""

import contextlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from parley.db.scope import Login
from parley.db.session import Database


@contextlib.contextmanager
def statements_of(database: Database, *logins: Login) -> Iterator[list[str]]:
    """Give a list that fills with every statement sent over ``logins`` in this block, each on one line.

    The scope that each transaction sets counts as the statement it is.
    """
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(" ".join(statement.split()))

    engines = [database.engine(login) for login in logins]
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            sa.event.remove(engine, "before_cursor_execute", note)
