"""Inserts that SQLAlchemy sends one after another, held back and sent together.

SQLAlchemy's unit of work waits for the answer to each insert, which nobody looks at. Within PostgreSQL's pipeline it
cannot do its own work: an error of one statement would meet it in the middle of another, where nothing can be taken
back. So it works first, and what it would have sent goes afterwards (decision 10).
"""

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, event

from parley.db.straight import driver_of, said_as_sqlalchemy_does

_HELD = "held_back"


class _Insert(NamedTuple):
    """An insert as the driver takes it: with the values of one row, or of several."""

    sql: bytes
    values: Any
    many: bool


def hold_back(engine: Engine) -> None:
    """Let inserts over ``engine`` be held back, where ``one_round_trip`` says so."""
    event.listen(engine, "do_execute", _hold_one)
    event.listen(engine, "do_executemany", _hold_many)


@contextlib.contextmanager
def one_round_trip(connection: Connection) -> Iterator[None]:
    """Have the inserts that SQLAlchemy sends over ``connection`` in this block go at its end, in one round trip.

    Raises there what SQLAlchemy would have raised for the first that failed: a subclass of its DBAPIError. Where the
    block itself fails nothing is sent.
    """
    held: list[_Insert] = []
    connection.info[_HELD] = held
    try:
        yield
    finally:
        del connection.info[_HELD]
    if not held:
        return
    driver = driver_of(connection)
    with said_as_sqlalchemy_does(connection, driver, *(insert.sql for insert in held)), driver.pipeline():
        for insert in held:
            if insert.many:
                driver.cursor().executemany(insert.sql, insert.values)
            else:
                driver.execute(insert.sql, insert.values)


def _hold_one(_cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    return _held(statement, parameters, context, many=False)


def _hold_many(_cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    return _held(statement, parameters, context, many=True)


def _held(statement: str, parameters: Any, context: Any, *, many: bool) -> bool:
    """Hold an insert back and tell so; anything else, and one whose answer is read, goes its usual way."""
    if not context.isinsert or context.compiled.effective_returning:
        return False
    held: list[_Insert] | None = context.root_connection.info.get(_HELD)
    if held is None:
        return False
    held.append(_Insert(statement.encode(), parameters, many))
    return True
