"""What the role for backups may do: read everything, write nothing, be nobody that a process of Parley's runs as."""

import psycopg
from psycopg import sql

from parley.db.walls import BACKUP_ROLE

#: The schemas that a backup holds.
SCHEMAS = ("public", "jobs", "compartment")

POLICY = "of_backup"


def backup_policy(table: str) -> str:
    """Return SQL that shows every row of ``table`` to the role for backups, which needs no BYPASSRLS for that."""
    return f"CREATE POLICY {POLICY} ON {table} FOR SELECT TO {BACKUP_ROLE} USING (true)"


def open_to_backup(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """Let the role for backups read what there is now; as the tables' owner, after every migration."""
    made = owner.execute("SELECT nspname FROM pg_namespace WHERE nspname = ANY (%s)", (list(SCHEMAS),)).fetchall()
    for schema in (str(row[0]) for row in made):
        names = {"schema": sql.Identifier(schema), "role": sql.Identifier(BACKUP_ROLE)}
        if schema != "public":
            owner.execute(sql.SQL("GRANT USAGE ON SCHEMA {schema} TO {role}").format(**names))
        owner.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}").format(**names))
        owner.execute(sql.SQL("GRANT SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}").format(**names))
    walled = owner.execute(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relrowsecurity AND n.nspname = ANY (%s)"
        " AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = %s)",
        (list(SCHEMAS), POLICY),
    ).fetchall()
    for (table,) in walled:
        owner.execute(backup_policy(str(table)).encode())
