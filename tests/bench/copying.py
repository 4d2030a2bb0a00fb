"""Writing very many rows of models at once, behind the walls that hold for everybody."""

from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from parley.db.base import Base
from parley.db.sealed import SealedText
from parley.kernel.ids import new_id


def row(session: Session, model: type[Base], **values: Any) -> Base:
    """Return a row of ``model`` that no session knows yet, its texts sealed under the key of its realm."""
    texts = {name: value for name, value in values.items() if isinstance(vars(model).get(name), SealedText)}
    made = model(**{name: value for name, value in values.items() if name not in texts})
    if "id" in model.__table__.c and made.id is None:  # type: ignore[attr-defined]
        made.id = new_id()  # type: ignore[attr-defined]
    for name, text in texts.items():
        vars(model)[name].write(session, made, text)
    return made


def write(session: Session, rows: Iterable[Base]) -> None:
    """Write ``rows``, in the order of their tables' first rows, within the session's transaction.

    COPY is refused where row-level security holds, so each table goes by way of a temporary one.
    """
    connection: psycopg.Connection[Any] = session.connection().connection.dbapi_connection
    by_model: dict[type[Base], list[Base]] = {}
    for one in rows:
        by_model.setdefault(type(one), []).append(one)
    for model, of_model in by_model.items():
        _copy(session, connection, model, of_model)


def _copy(session: Session, connection: psycopg.Connection[Any], model: type[Base], rows: list[Base]) -> None:
    columns = _columns(session, model)
    table, incoming = sql.Identifier(model.__tablename__), sql.Identifier(f"incoming_{model.__tablename__}")
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _, _ in columns)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TEMPORARY TABLE {} (LIKE {}) ON COMMIT DROP").format(incoming, table))
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(incoming, names)) as copy:
            for one in rows:
                copy.write_row([bind(getattr(one, attribute)) for _, attribute, bind in columns])
        cursor.execute(sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(table, names, names, incoming))
        cursor.execute(sql.SQL("DROP TABLE {}").format(incoming))


def _columns(session: Session, model: type[Base]) -> list[tuple[str, str, Callable[[Any], Any]]]:
    """Return each column's name, the attribute that holds it, and what makes of its value what the driver takes."""
    dialect = session.get_bind().dialect
    found = []
    for attribute in inspect(model).column_attrs:
        (column,) = attribute.columns
        bind = column.type.dialect_impl(dialect).bind_processor(dialect)
        found.append((column.name, attribute.key, bind or _as_it_is))
    return found


def _as_it_is(value: Any) -> Any:
    return value
