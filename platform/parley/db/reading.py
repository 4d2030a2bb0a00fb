"""Reads that nearly every page sends: a select compiled once, which then goes straight to the driver.

SQLAlchemy's own way from a statement to its rows takes longer than PostgreSQL takes to answer an indexed read
(decision 10). What a session gives stays: the transaction, its scope, and so every wall.
"""

import dataclasses
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

_Convert = Callable[[Any], Any]


@dataclasses.dataclass(frozen=True)
class _Compiled:
    """A statement as the driver takes it, the values that are part of it, and what makes a row of an answer."""

    sql: bytes
    fixed: Mapping[str, Any]
    row: _Convert


class Reading:
    """A select that is put together once and filled in each time.

    For a fixed, hot statement with named parameters that reads columns, not objects.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        """Take the statement; it is compiled when it is first asked, when every model is known."""
        self._statement = statement
        self._compiled: _Compiled | None = None

    def rows(self, session: Session, asked: Mapping[str, Any]) -> list[Any]:
        """Return the rows, each a named tuple with the statement's columns; ``asked`` fills its parameters in.

        Raises what SQLAlchemy would: a subclass of its DBAPIError.
        """
        if session.autoflush:
            session.flush()
        connection = session.connection()
        compiled = self._compiled or self._compile(connection.dialect)
        return [compiled.row(values) for values in straight(connection, compiled.sql, {**compiled.fixed, **asked})]

    def one(self, session: Session, asked: Mapping[str, Any]) -> Any:
        """Return the first row, or None where there is none."""
        return next(iter(self.rows(session, asked)), None)

    def _compile(self, dialect: Dialect) -> _Compiled:
        statement = self._statement.compile(dialect=dialect)
        fixed = {
            name: _converted(statement.binds[name].type.dialect_impl(dialect).bind_processor(dialect), value)
            for name, value in statement.params.items()
        }
        # Two threads that compile at once compile the same.
        self._compiled = _Compiled(str(statement).encode(), fixed, _row_maker(self._statement, dialect))
        return self._compiled


def straight(
    connection: Connection, sql: bytes, values: Mapping[str, Any] | Sequence[Any]
) -> psycopg.Cursor[tuple[Any, ...]]:
    """Send ``sql`` to the driver beneath ``connection``, within its transaction, and return the driver's answer.

    Raises what SQLAlchemy would: a subclass of its DBAPIError. A connection that is lost is not used again, nor are
    those that lie in the pool beside it: when a database restarts, all are gone.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"this goes to psycopg, and here is {type(driver)}")
    try:
        return driver.execute(sql, values)
    except psycopg.Error as error:
        lost = driver.closed
        if lost:
            connection.invalidate(error)
            connection.engine.dispose()
        raise DBAPIError.instance(
            sql.decode(),
            None,
            error,
            psycopg.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=connection.dialect,
        ) from error


def _row_maker(statement: Select[*tuple[Any, ...]], dialect: Dialect) -> _Convert:
    """Return what makes a named tuple of a row, with the values that a column's own type converts."""
    columns = list(statement.selected_columns)
    row = namedtuple("Row", [str(column.key) for column in columns])  # type: ignore[misc]  # known at run time
    converters = [
        (place, convert)
        for place, column in enumerate(columns)
        if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
    ]

    def make(values: tuple[Any, ...]) -> Any:
        filled = list(values)
        for place, convert in converters:
            filled[place] = convert(filled[place])
        return row._make(filled)

    return make if converters else row._make


def _converted(convert: _Convert | None, value: Any) -> Any:
    return convert(value) if convert else value
