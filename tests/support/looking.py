"""Looking at rows as the logins that Parley's processes use."""

import dataclasses
import enum

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from parley.db.scope import Scope
from parley.db.session import Database
from support.planting import Row, key_of


class Sight(enum.StrEnum):
    """What came of looking for a row."""

    SEEN = "seen"
    NOTHING = "nothing"
    """As if there were no such row."""
    REFUSED = "refused"
    """An error: no privilege, or the scope does not say what the wall asks."""


@dataclasses.dataclass(frozen=True)
class Looking:
    """Looks for one row of a table in whatever scope."""

    database: Database
    table: sa.Table
    row: Row

    @property
    def select(self) -> sa.Select[tuple[int]]:
        """The statement that looks for the row."""
        return sa.select(sa.literal(1)).select_from(self.table).where(self._key)

    def sight(self, scope: Scope) -> Sight:
        """Return what ``scope`` sees of the row."""
        with self.database.begin(scope) as session:
            try:
                found = session.execute(self.select)
                return Sight.SEEN if found.first() else Sight.NOTHING
            except DBAPIError:
                return Sight.REFUSED

    def may(self, privilege: str, scope: Scope) -> bool:
        """Tell whether the scope's login was granted ``privilege`` (SELECT, ...) on the table or a column of it."""
        return bool(self._privileged(privilege, scope))

    def refusal(self, scope: Scope, values: Row) -> str:
        """Return the SQLSTATE with which a new row of ``values`` is refused in ``scope``, or "". It is not kept."""
        with self.database.begin(scope) as session:
            try:
                session.execute(sa.insert(self.table).values(**values))
            except DBAPIError as error:
                return str(getattr(error.orig, "sqlstate", error.orig))
        return ""

    def changes(self, scope: Scope) -> int:
        """Return how many rows an update, then a deletion, of the row change in ``scope``. Nothing is kept."""
        columns = self._privileged("UPDATE", scope)
        update = sa.update(self.table).values({name: self.table.columns[name] for name in columns})
        return (self._changed(scope, update) if columns else 0) + self._changed(scope, sa.delete(self.table))

    def _changed(self, scope: Scope, statement: sa.Update | sa.Delete) -> int:
        with self.database.begin(scope) as session:
            try:
                return session.execute(statement.where(self._key)).rowcount
            except DBAPIError:
                return 0

    def _privileged(self, privilege: str, scope: Scope) -> list[str]:
        """Return the columns on which the scope's login holds ``privilege``."""
        columns = sa.text(
            "SELECT a.attname FROM pg_attribute a WHERE a.attrelid = (SELECT c.oid FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = :table AND n.nspname = :schema)"
            " AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(a.attrelid, a.attnum, :privilege)"
        )
        named = {"table": self.table.name, "schema": self.table.schema or "public", "privilege": privilege}
        with self.database.begin(scope) as session:
            return list(session.scalars(columns, named))

    @property
    def _key(self) -> sa.ColumnElement[bool]:
        return key_of(self.table, self.row)
