"""Inserts that nearly every page or use case sends: compiled once, which then go straight to the driver.

For rows that the same transaction does not read back as objects. See ``reading``, and decision 10.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Dialect, insert
from sqlalchemy.orm import Session

from parley.db.base import Base
from parley.db.straight import Convert, Sent, converters_of, straight


class _Compiled(NamedTuple):
    sql: bytes
    converters: Mapping[str, Convert]


class Writing:
    """An insert into one table that is put together once and filled in each time."""

    def __init__(self, model: type[Base]) -> None:
        """Take the table's model; the insert is compiled when it is first sent."""
        self._table = model.metadata.tables[model.__tablename__]
        self._compiled: _Compiled | None = None

    def sent(self, dialect: Dialect, row: Mapping[str, Any]) -> Sent:
        """Return what goes to the driver for ``row``, which has a value for every column."""
        sql, converters = self._compiled or self._compile(dialect)
        return Sent(sql, {**row, **{name: convert(row[name]) for name, convert in converters.items()}})

    def _compile(self, dialect: Dialect) -> _Compiled:
        statement = insert(self._table).compile(dialect=dialect, column_keys=list(self._table.columns.keys()))
        self._compiled = _Compiled(str(statement).encode(), converters_of(statement, dialect))
        return self._compiled


def write(session: Session, writing: Writing, row: Mapping[str, Any]) -> None:
    """Write ``row``, which has a value for every column. Raises what SQLAlchemy would: a subclass of its DBAPIError."""
    connection = session.connection()
    straight(connection, writing.sent(connection.dialect, row))
