"""Bringing in a council that another deployment sealed: all of it, checked by counts and hashes, or nothing."""

import base64
import dataclasses
import datetime as dt
import json
import pathlib
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.db.models import DataKey
from parley.db.scope import mover_scope
from parley.db.session import Database
from parley.db.wrapping import wrap_new
from parley.kernel.errors import Conflict
from parley.transfer.queries.carried_rows import (
    NAMED,
    Tally,
    carried_lines,
    carried_names,
    carried_tables,
    tallied,
)
from parley.transfer.queries.listed_children import children_of, listed_child
from parley.transfer.sealed_stream import unsealed
from parley.transfer.service.carrying import FORMAT, Carried, schema_version
from parley.transfer.service.emptying import empty, require_unused, scope_to
from parley.transfer.service.sealed_rows import Rows, header_of, insert_lines, lines_of, require_equal, tables_of

Progress = Callable[[str], None]

#: What is known by name here, and its table.
_KINDS = {kind: kind for kind in NAMED.values()}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Arrival:
    """What a sealed file says of itself before its rows."""

    id: uuid.UUID
    slug: str
    name: str
    made_at: str
    schema: str
    named: Mapping[str, list[str]]
    key: bytes = dataclasses.field(repr=False)
    key_version: int


def look_at(path: pathlib.Path, private_key: bytes) -> tuple[Arrival, Carried]:
    """Read a sealed file to its end; return what it holds. Writes nothing. Raises SealedFileError."""
    with path.open("rb") as file:
        lines = lines_of(unsealed(file, private_key))
        arrival, tables = _arrival(header_of(lines, FORMAT)), {}
        for name, rows in tables_of(lines, carried_names()):
            counted = tallied(rows.each())
            require_equal(name, rows.told, counted)
            tables[name] = counted
    return arrival, Carried(tables=tables)


def bring_in(
    database: Database,
    path: pathlib.Path,
    private_key: bytes,
    *,
    actor: Actor,
    at: dt.datetime,
    progress: Progress = lambda what: None,
) -> tuple[Arrival, Carried]:
    """Write the council of a sealed file into this deployment, in one transaction, and record that.

    Its data key is wrapped by this deployment's master key. What was written is read back and must come to the counts
    and hashes of the file. A council of the same name that was loaded from files and holds nothing gives its place.
    Raises SealedFileError, and Conflict where this deployment cannot take it; nothing is written then.
    """
    with path.open("rb") as file:
        lines = lines_of(unsealed(file, private_key))
        arrival = _arrival(header_of(lines, FORMAT))
        with database.begin(mover_scope(arrival.id)) as session:
            _make_room(session, arrival)
            _take_key(session, arrival, at)
            tables = {}
            for name, rows in tables_of(lines, carried_names()):
                progress(name)
                tables[name] = _write(session, arrival, name, rows)
            carried = Carried(tables=tables)
            audit.record(
                session,
                at=at,
                actor=actor,
                action="authority.bring_in",
                realm_id=arrival.id,
                subject_id=arrival.id,
                codes={"cases": carried.counts["case"], "sealed": carried.sha256},
            )
            session.commit()
    return arrival, carried


def _arrival(said: Mapping[str, Any]) -> Arrival:
    council = said["council"]
    return Arrival(
        id=uuid.UUID(council["id"]),
        slug=council["slug"],
        name=council["name"],
        made_at=said["made_at"],
        schema=said["schema"],
        named=said["named"],
        key=base64.b64decode(said["key"]),
        key_version=said["key_version"],
    )


def _make_room(session: Session, arrival: Arrival) -> None:
    """Refuse what does not fit here; take away an empty council of the same name."""
    here = schema_version(session)
    if here != arrival.schema:
        raise Conflict(
            f"The file was made with schema {arrival.schema}, and this deployment has {here}. Bring both to the same"
            " release, export again, and import that.",
            code="schema-differs",
        )
    for kind, slugs in arrival.named.items():
        known = set(session.scalars(text(f"SELECT slug FROM {_KINDS[kind]}")))
        if missing := sorted(set(slugs) - known):
            raise Conflict(
                f"Its records name a {kind} that is not here: {', '.join(missing)}. Add its file to the tenants folder"
                " and run `parley authority load` first.",
                code="not-known-here",
            )
    named = text("SELECT id FROM local_authority WHERE slug = :slug OR id = :id")
    for (authority_id,) in session.execute(named, {"slug": arrival.slug, "id": arrival.id}).all():
        require_unused(session, authority_id, arrival.slug)
        empty(session, authority_id)
    scope_to(session, arrival.id)


def _take_key(session: Session, arrival: Arrival, at: dt.datetime) -> None:
    new = wrap_new(session, arrival.key)
    session.add(
        DataKey(realm_id=arrival.id, version=arrival.key_version, wrapped=new.wrapped, wrapped_by=new.by, created_at=at)
    )
    session.flush()


def _write(session: Session, arrival: Arrival, name: str, rows: Rows) -> Tally:
    (table,) = (table for table in carried_tables() if table.name == name)
    insert, complete = insert_lines(table, _MADE_ANEW.get(name, ())), _COMPLETED.get(name)
    for batch in rows.batches():
        whole = complete(session, arrival, batch) if complete else batch
        session.execute(insert, {"rows": f"[{','.join(whole)}]"})
    written = tallied(carried_lines(session, table, arrival.id))
    require_equal(name, rows.told, written)
    return written


#: Columns that are made anew here.
_MADE_ANEW: Mapping[str, tuple[str, ...]] = {"provider_worklist": ("name_sealed", "child_fingerprint")}


def _worklist(session: Session, arrival: Arrival, lines: list[str]) -> list[str]:
    """Return rows of a provider's list with the child's name under that provider's key of this deployment."""
    rows = [json.loads(line) for line in lines]
    children = children_of(session, arrival.id, [row["case_id"] for row in rows])
    for row in rows:
        # Of a case whose council's time is over, the provider's entry is what is left, and its name was the provider's.
        if (child := children.get(row["case_id"])) is not None:
            sealed = listed_child(session, row["provider_id"], row["case_id"], child)
            row |= {column: f"\\x{value.hex()}" for column, value in sealed.items()}
    return [json.dumps(row) for row in rows]


_COMPLETED: Mapping[str, Callable[[Session, Arrival, list[str]], list[str]]] = {"provider_worklist": _worklist}
