"""Statements that many pages send and whose rows they read: compiled once, they then go straight to the driver.

SQLAlchemy's own way from a statement to its rows takes longer than PostgreSQL takes to answer an indexed read, and a
round trip to PostgreSQL takes longer than most answers (decision 10): what a page asks of one case is asked together.
What a session gives stays: the transaction, its scope, and so every wall.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar, overload

import psycopg
from sqlalchemy import Dialect, Select
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningDelete, ReturningInsert

from parley.db.straight import Sent, converted, converters_of, straight

Row = TypeVar("Row")


#: A select, or a change that returns rows.
Statement = Select[*tuple[Any, ...]] | ReturningInsert[*tuple[Any, ...]] | ReturningDelete[*tuple[Any, ...]]


class _Compiled(NamedTuple):
    """A statement as the driver takes it, the values that are part of it, and what makes a row of an answer."""

    sql: bytes
    fixed: Mapping[str, Any]
    row: Callable[[tuple[Any, ...]], Any]


class Reading(Generic[Row]):
    """A statement that is put together once and filled in each time.

    For a fixed, hot statement with named parameters that reads columns, not objects.
    """

    @overload
    def __init__(self: "Reading[Any]", statement: Statement) -> None: ...
    @overload
    def __init__(self, statement: Statement, row: type[Row]) -> None: ...
    def __init__(self, statement: Statement, row: Any = None) -> None:
        """Take the statement; it is compiled when it is first asked, when every model is known.

        ``row`` is a NamedTuple with a field for each column, in their order; without it, one is made.
        """
        self._statement = statement
        self._row = row
        self._compiled: _Compiled | None = None

    def rows(self, session: Session, asked: Mapping[str, Any]) -> list[Row]:
        """Return the rows, each a named tuple with the statement's columns; ``asked`` fills its parameters in.

        Raises what SQLAlchemy would: a subclass of its DBAPIError.
        """
        return together(session, self.asking(asked))[0]

    def asking(self, asked: Mapping[str, Any]) -> "Question":
        """Return this reading as a question, to be asked ``together`` with others."""
        return Question(self, asked)

    def one(self, session: Session, asked: Mapping[str, Any]) -> Row | None:
        """Return the first row, or None where there is none."""
        return next(iter(self.rows(session, asked)), None)

    def compiled(self, dialect: Dialect) -> _Compiled:
        """Return the statement as the driver behind ``dialect`` takes it."""
        if self._compiled is None:
            statement = self._statement.compile(dialect=dialect)
            converters = converters_of(statement, dialect)
            fixed = {name: converted(converters.get(name), value) for name, value in statement.params.items()}
            # Two threads that compile at once compile the same.
            self._compiled = _Compiled(str(statement).encode(), fixed, _row_maker(self._statement, self._row, dialect))
        return self._compiled


class Question(NamedTuple):
    """A reading with what fills its parameters in."""

    reading: Reading[Any]
    asked: Mapping[str, Any]

    def sent(self, dialect: Dialect) -> Sent:
        """Return what goes to the driver."""
        compiled = self.reading.compiled(dialect)
        return Sent(compiled.sql, {**compiled.fixed, **self.asked})

    def read(self, answer: psycopg.Cursor[tuple[Any, ...]], dialect: Dialect) -> list[Any]:
        """Return the rows of the driver's ``answer``."""
        return list(map(self.reading.compiled(dialect).row, answer.fetchall()))


def together(session: Session, *questions: Question) -> list[list[Any]]:
    """Return the rows that answer each question, having asked them all in one round trip.

    Raises what SQLAlchemy would, for the first question that failed: a subclass of its DBAPIError.
    """
    if session.autoflush:
        session.flush()
    connection = session.connection()
    dialect = connection.dialect
    answers = straight(connection, *(question.sent(dialect) for question in questions))
    return [question.read(answer, dialect) for question, answer in zip(questions, answers, strict=True)]


def _row_maker(statement: Statement, row: Any, dialect: Dialect) -> Callable[[tuple[Any, ...]], Any]:
    """Return what makes a named tuple of a row, with the values that a column's own type converts."""
    columns = list(statement.exported_columns)
    names = tuple(str(column.key) for column in columns)
    row = row or namedtuple("Row", names)
    if row._fields != names:
        raise TypeError(f"{row.__name__} has the fields {row._fields}, and its statement the columns {names}")
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
