"""Policies that are laid on the tables after every migration, so that they are always those of the program."""

import hashlib

import psycopg


def lay_policy(owner: psycopg.Connection[tuple[object, ...]], table: str, name: str, statement: str) -> None:
    """Have ``table`` carry the policy ``name`` as ``statement`` creates it; as the table's owner.

    One that is as it should be is left alone: to make it anew would lock a table that people work with. What it is
    told apart by stands in its comment.
    """
    digest = hashlib.sha256(statement.encode()).hexdigest()
    found = owner.execute(
        "SELECT obj_description(oid, 'pg_policy') FROM pg_policy WHERE polrelid = %s::text::regclass AND polname = %s",
        (table, name),
    ).fetchone()
    if found == (digest,):
        return
    owner.execute(f"DROP POLICY IF EXISTS {name} ON {table}".encode())
    owner.execute(statement.encode())
    owner.execute(f"COMMENT ON POLICY {name} ON {table} IS '{digest}'".encode())
