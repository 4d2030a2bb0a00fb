"""What the login that carries whole councils in and out, and removes them, may do: within one council's scope alone.

It reads, adds and deletes every row of the council that is named in the scope, and alters none; of the audit it deletes
nothing either. The confidential side is closed to it: it may find out of which cases something lies there, and no more.
Of tables that have no wall it touches the council's own by what its statements say. A table that is added later is
covered without anybody remembering.
"""

import psycopg
from psycopg import sql

from parley.db.laid import lay_policy
from parley.db.walls import OF_AUTHORITY, OF_REALM, ROLES

POLICY = "of_mover"
MOVER = ROLES["mover"]

_WHOLE = "SELECT, INSERT, DELETE"

#: What is granted where it is not all that is granted on a table with rows of councils.
GRANTS = {
    "audit_event": "SELECT, INSERT",
    "local_authority": _WHOLE,
    "provider": "SELECT",
    "region": "SELECT",
    "alembic_version": "SELECT",
    "key_adoption": "SELECT",
}

#: What it may know of the confidential side: of which cases something is there.
CONFIDENTIAL = "SELECT (case_id)"


def mover_condition(columns: frozenset[str]) -> str | None:
    """Return which rows of a table with ``columns`` are of the council in the scope; None for a table of no council."""
    if "authority_id" in columns:
        return OF_AUTHORITY
    return OF_REALM if "realm_id" in columns else None


def mover_policy(table: str, condition: str) -> str:
    """Return SQL that lets the login at the rows of ``table`` for which ``condition`` holds, and at no other."""
    return f"CREATE POLICY {POLICY} ON {table} TO {MOVER} USING ({condition}) WITH CHECK ({condition})"


def open_to_mover(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """Let the login at what there is now; as the tables' owner, after every migration."""
    for table, walled, columns in _tables(owner):
        condition = mover_condition(columns)
        privileges = CONFIDENTIAL if table.startswith("compartment.") else GRANTS.get(table, _WHOLE)
        if condition is None and table not in GRANTS:
            continue
        owner.execute(f"GRANT {privileges} ON {table} TO {MOVER}".encode())
        if walled and condition is not None:
            lay_policy(owner, table, POLICY, mover_policy(table, condition))
    if owner.execute("SELECT to_regnamespace('compartment')").fetchone() != (None,):
        owner.execute(sql.SQL("GRANT USAGE ON SCHEMA compartment TO {}").format(sql.Identifier(MOVER)))


def _tables(owner: psycopg.Connection[tuple[object, ...]]) -> list[tuple[str, bool, frozenset[str]]]:
    """Return the tables that there are, each with whether it has row-level security and the names of its columns."""
    found = owner.execute(
        "SELECT c.oid::regclass::text, c.relrowsecurity, string_agg(a.attname, ' ') FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relkind = 'r' AND n.nspname IN ('public', 'compartment') GROUP BY c.oid"
    ).fetchall()
    return [(str(table), bool(walled), frozenset(str(columns).split())) for table, walled, columns in found]
