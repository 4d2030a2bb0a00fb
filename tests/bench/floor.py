"""The least that each kind of page could be: Flask, psycopg and PostgreSQL, and nothing of Parley.

``gunicorn floor:app`` with FLOOR_DATABASE naming a database that ``prepare_floor`` made. What a page of Parley costs is
read beside the floor of the same run, because absolute figures differ from machine to machine and hour to hour.
"""

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from flask import Flask, Response, redirect, render_template, request
from jinja2 import DictLoader
from psycopg_pool import ConnectionPool

ROWS = 10_000
PAGE_BYTES = 9_000
TOKEN = "floor-session"  # noqa: S105
AUTHORITY = uuid.UUID(int=1)
PERSON = uuid.UUID(int=2)

_MINE = "authority_id = (SELECT current_setting('floor.authority')::uuid)"

_TABLES = f"""
CREATE TABLE session (authority_id uuid, token_hash bytea, person_id uuid, PRIMARY KEY (authority_id, token_hash));
CREATE TABLE item (authority_id uuid, id uuid, due_on date, title text, state text, PRIMARY KEY (authority_id, id));
CREATE INDEX item_due_idx ON item (authority_id, due_on, id);
CREATE TABLE part (authority_id uuid, id uuid, item_id uuid, kind int, body text, PRIMARY KEY (authority_id, id));
CREATE INDEX part_item_idx ON part (authority_id, item_id, kind);
CREATE TABLE event (authority_id uuid, id uuid, item_id uuid, action text, PRIMARY KEY (authority_id, id));
INSERT INTO session SELECT '{AUTHORITY}', sha256('{TOKEN}'), '{PERSON}';
INSERT INTO item SELECT '{AUTHORITY}', gen_random_uuid(), date '2026-01-01' + n % 400, 'Item number ' || n, 'open'
  FROM generate_series(1, {ROWS}) AS n;
INSERT INTO part SELECT '{AUTHORITY}', gen_random_uuid(), item.id, kind, repeat('words ', 20)
  FROM item, generate_series(1, 3) AS kind;
"""
_WALLED = ("session", "item", "part", "event")

_FILLER = "".join(f'<p class="row">{number} of what surrounds every page</p>\n' for number in range(200))
_PAGES = {
    "list.html": "<!doctype html><ul>{% for row in rows %}<li>{{ row[1] }} {{ row[2] }} {{ row[3] }}</li>{% endfor %}"
    f"</ul>{_FILLER[: PAGE_BYTES - 1_500]}",
    "detail.html": "<!doctype html><h1>{{ item[1] }}</h1>{% for part in parts %}<p>{{ part[0] }}</p>{% endfor %}"
    f"{_FILLER[: PAGE_BYTES - 500]}",
}


def prepare_floor(admin: str) -> str:
    """Fill the database that ``admin`` names; return the address of a login that the walls hold for."""
    with psycopg.connect(admin) as connection:
        connection.execute(_TABLES)
        connection.execute("CREATE ROLE floor_app LOGIN PASSWORD 'floor' NOSUPERUSER NOBYPASSRLS")
        for table in _WALLED:
            connection.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            connection.execute(f"CREATE POLICY mine ON {table} USING ({_MINE})")
            connection.execute(f"GRANT SELECT, INSERT ON {table} TO floor_app")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    credentials, _, place = admin.partition("@")
    return f"{credentials.partition('://')[0]}://floor_app:floor@{place}"


def create_floor(database: str) -> Flask:
    """Return the floor's application."""
    app = Flask("floor")
    app.jinja_loader = DictLoader(_PAGES)
    pool = ConnectionPool(database, min_size=4, max_size=8, open=True)

    @contextmanager
    def signed_in() -> Iterator[tuple[psycopg.Connection[Any], uuid.UUID]]:
        token_hash = hashlib.sha256(request.cookies.get("floor", TOKEN).encode()).digest()
        with pool.connection() as connection:
            connection.execute("SELECT set_config('floor.authority', %s, true)", (str(AUTHORITY),))
            row = connection.execute(
                "SELECT person_id FROM session WHERE authority_id = %s AND token_hash = %s", (AUTHORITY, token_hash)
            ).fetchone()
            assert row is not None
            yield connection, row[0]

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    @app.get("/list")
    def listing() -> str:
        with signed_in() as (connection, _person):
            rows = connection.execute(
                "SELECT id, title, state, due_on FROM item WHERE authority_id = %s ORDER BY due_on, id LIMIT 25",
                (AUTHORITY,),
            ).fetchall()
        return render_template("list.html", rows=rows)

    @app.get("/detail/<uuid:item_id>")
    def detail(item_id: uuid.UUID) -> str:
        with signed_in() as (connection, _person):
            item = connection.execute(
                "SELECT id, title, state FROM item WHERE authority_id = %s AND id = %s", (AUTHORITY, item_id)
            ).fetchone()
            parts = [
                connection.execute(
                    "SELECT body FROM part WHERE authority_id = %s AND item_id = %s AND kind = %s",
                    (AUTHORITY, item_id, kind),
                ).fetchone()
                for kind in (1, 2, 3)
            ]
            connection.execute(
                "INSERT INTO event VALUES (%s, gen_random_uuid(), %s, 'item.read')", (AUTHORITY, item_id)
            )
        return render_template("detail.html", item=item, parts=parts)

    @app.post("/create")
    def create() -> Response:
        made = uuid.uuid4()
        with pool.connection() as connection:
            connection.execute("SELECT set_config('floor.authority', %s, true)", (str(AUTHORITY),))
            connection.execute(
                "INSERT INTO item VALUES (%s, %s, current_date, %s, 'new')",
                (AUTHORITY, made, request.form["title"]),
            )
        return redirect(f"/detail/{made}", 303)  # type: ignore[return-value]

    return app


def item_ids(admin: str, count: int) -> list[uuid.UUID]:
    """Return the ids of some items, for the detail page."""
    with psycopg.connect(admin) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM item ORDER BY id LIMIT %s", (count,))]


if "FLOOR_DATABASE" in os.environ:
    app = create_floor(os.environ["FLOOR_DATABASE"])
