"""Plants one row in every table, whatever its columns, so that no table is forgotten when walls are tried.

Planting is done by the superuser, behind the walls: what is then tried is only whether others see it.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from parley.kernel.ids import new_id
from support.models import declared

Row = Mapping[str, Any]

#: Where the id of a row is one of the ids that a planting is about.
OWN_IDS = {"case": {"id": "case_id"}}

#: Values of columns that a check of the table's own asks for.
WANTED: Mapping[str, Row] = {
    "mediator_booking": {"ends_at": dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)},
    # All that a provider may add; what has words comes by the release.
    "outcome": {"kind": "none"},
}

_PLAIN: Mapping[type[sa.types.TypeEngine[Any]], Any] = {
    sa.DateTime: dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC),
    sa.Date: dt.date(2026, 11, 24),
    sa.Boolean: False,
    sa.Integer: 1,
    sa.BigInteger: 1,
    sa.Float: 1.0,
    sa.Numeric: 1,
    postgresql.JSONB: {},
}


class Planting:
    """One row per table, all about the same ``ids`` (authority_id, provider_id, realm_id, case_id)."""

    def __init__(self, admin: sa.Engine, **ids: uuid.UUID) -> None:
        """Write through the superuser's engine; the council and the provider in ``ids`` must be there already."""
        self.admin = admin
        self.ids = ids
        self._rows: dict[str, Row] = {}

    def row(self, table: sa.Table) -> Row:
        """Return this planting's row of ``table``, writing it, and the rows it refers to, the first time."""
        name = table.fullname
        if name not in self._rows:
            values = self.values(table)
            with self.admin.begin() as connection:
                connection.execute(sa.insert(table).values(**values))
            self._rows[name] = values
        return self._rows[name]

    def values(self, table: sa.Table, **instead: Any) -> dict[str, Any]:
        """Return values for a new row of ``table``, which refers to this planting's rows but for ``instead``."""
        known = {column: self.ids[named] for column, named in OWN_IDS.get(table.name, {}).items()}
        known |= self.ids | WANTED.get(table.fullname, {}) | instead
        values = {column.name: known.get(column.name, _plain(column)) for column in table.columns}
        for key in table.foreign_key_constraints:
            parent = key.referred_table
            if parent is table or parent.fullname not in declared() or not is_tenants(parent):
                continue
            for element in key.elements:
                column = element.parent
                if column.name not in known and not column.nullable:
                    values[column.name] = self.row(parent)[element.column.name]
            if all(values[element.parent.name] is not None for element in key.elements):
                self.row(parent)
        return values


def is_tenants(table: sa.Table) -> bool:
    """Tell whether rows of ``table`` belong to one tenant (so that councils and providers themselves do not)."""
    return bool({"authority_id", "realm_id", "provider_id"} & set(table.primary_key.columns.keys()))


def key_of(table: sa.Table, row: Row) -> sa.ColumnElement[bool]:
    """Return the condition that finds ``row``."""
    return sa.and_(*(column == row[column.name] for column in table.primary_key))


def _plain(column: sa.Column[Any]) -> Any:
    if column.nullable:
        return None
    if isinstance(column.type, sa.Enum):
        return (column.type.enum_class and next(iter(column.type.enum_class))) or column.type.enums[0]
    if isinstance(column.type, sa.Uuid):
        return new_id()
    if isinstance(column.type, sa.LargeBinary):
        return new_id().bytes
    if isinstance(column.type, sa.String):
        return f"{column.name}-{new_id()}"
    return next(value for kind, value in _PLAIN.items() if isinstance(column.type, kind))
