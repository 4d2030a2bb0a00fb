"""Every row of a database as it was: to see what changed since, and to put it back."""

import psycopg
from psycopg import sql

_KEPT = "kept_by_tests"
_TABLES = (
    "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'r' AND n.nspname IN ('public', 'compartment', 'jobs') ORDER BY 1, 2"
)

#: Of each table: how many rows, and a sum of their hashes.
Digest = dict[str, tuple[object, ...]]


class StoredRows:
    """The rows of every table at one moment. Looks behind the walls, as the superuser."""

    def __init__(self, admin_url: str) -> None:
        """Keep every row as it is now."""
        self._admin = psycopg.connect(admin_url, autocommit=True)
        self._tables = {
            f"{schema}.{name}": sql.Identifier(schema, name) for schema, name in self._admin.execute(_TABLES)
        }
        self._admin.execute(
            sql.SQL("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}").format(sql.Identifier(_KEPT))
        )
        for name, table in self._tables.items():
            copy = sql.SQL("CREATE UNLOGGED TABLE {} AS TABLE {}").format(sql.Identifier(_KEPT, name), table)
            self._admin.execute(copy)
        self._digest = self._now()

    def changed(self) -> set[str]:
        """Return the tables that are not as they were."""
        return {name for name, digest in self._now().items() if digest != self._digest[name]}

    def put_back(self) -> set[str]:
        """Put every row back as it was; return the tables in which something had changed."""
        changed = self.changed()
        with self._admin.transaction():
            # Rows point at each other; together they are whole again.
            self._admin.execute("SET LOCAL session_replication_role = replica")
            for name in changed:
                table, kept = self._tables[name], sql.Identifier(_KEPT, name)
                self._admin.execute(sql.SQL("DELETE FROM {}").format(table))
                self._admin.execute(sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE TABLE {}").format(table, kept))
        return changed

    def close(self) -> None:
        """Drop what was kept."""
        self._admin.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(_KEPT)))
        self._admin.close()

    def _now(self) -> Digest:
        """Return how many rows each table has, and a digest of them whatever their order."""
        one = "SELECT {}, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {} t"
        every = sql.SQL(" UNION ALL ").join(sql.SQL(one).format(name, table) for name, table in self._tables.items())
        return {str(name): tuple(digest) for name, *digest in self._admin.execute(every)}
