"""Statements handed to the driver itself, on a session's own connection."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]


class Sent(NamedTuple):
    """SQL as the driver takes it, with its parameters."""

    sql: bytes
    values: Mapping[str, Any] | Sequence[Any]


def straight(connection: Connection, *statements: Sent) -> list[psycopg.Cursor[tuple[Any, ...]]]:
    """Send ``statements`` to the driver beneath ``connection``, within its transaction and in one round trip, and
    return the driver's answers.

    Raises what SQLAlchemy would, for the first that failed: a subclass of its DBAPIError. A connection that is lost is
    not used again, nor are those that lie in the pool beside it: when a database restarts, all are gone.
    """
    driver = driver_of(connection)
    with said_as_sqlalchemy_does(connection, driver, *(statement.sql for statement in statements)):
        if len(statements) == 1:
            return [driver.execute(*statements[0])]
        with driver.pipeline():
            return [driver.execute(*statement) for statement in statements]


def driver_of(connection: Connection) -> psycopg.Connection[Any]:
    """Return the driver's connection beneath ``connection``."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"this goes to psycopg, and here is {type(driver)}")
    return driver


@contextlib.contextmanager
def said_as_sqlalchemy_does(
    connection: Connection, driver: psycopg.Connection[Any], *statements: bytes
) -> Iterator[None]:
    """Raise what the driver raises as SQLAlchemy's own, and let go of a connection that is lost."""
    try:
        yield
    except psycopg.Error as error:
        lost = driver.closed
        if lost:
            connection.invalidate(error)
            connection.engine.dispose()
        raise DBAPIError.instance(
            b"; ".join(statements).decode(),
            None,
            error,
            psycopg.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=connection.dialect,
        ) from error


def converters_of(statement: SQLCompiler, dialect: Dialect) -> dict[str, Convert]:
    """Return, by parameter of ``statement``, what makes of a value what the driver takes; most need nothing."""
    found = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in statement.binds.items()}
    return {name: convert for name, convert in found.items() if convert is not None}


def converted(convert: Convert | None, value: Any) -> Any:
    """Return ``value`` as the driver takes it."""
    return convert(value) if convert else value
