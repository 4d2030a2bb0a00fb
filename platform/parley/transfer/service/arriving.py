"""Bringing in a council that another deployment sealed: all of it, checked by counts and hashes, or nothing."""

import base64
import dataclasses
import datetime as dt
import json
import pathlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Table, text
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
    carried_columns,
    carried_lines,
    carried_tables,
    renamed_codes,
    tallied,
)
from parley.transfer.queries.listed_children import children_of, listed_child
from parley.transfer.sealed_stream import SealedFileError, unsealed
from parley.transfer.service.carrying import FORMAT, Carried, schema_version
from parley.transfer.service.emptying import empty, require_unused, scope_to

Progress = Callable[[str], None]

#: Rows written at once, and how many bytes of them at most.
ROWS, BYTES = 500, 4 * 1024 * 1024

#: What is known by name here, and its table.
_KINDS = {kind: kind for kind in NAMED.values()}

_UNKNOWN = "The file is of a newer Parley, or not whole. Upgrade this deployment to what made it and try again."


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


def look_at(path: pathlib.Path, private_key: bytes) -> tuple[Arrival, Carried]:
    """Read a sealed file to its end; return what it holds. Writes nothing. Raises SealedFileError."""
    with path.open("rb") as file:
        lines = _lines(unsealed(file, private_key))
        arrival, tables = _arrival(next(lines, "")), {}
        for name, rows in _tables(lines):
            counted = tallied(rows.each())
            _require_equal(name, rows.told, counted)
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
        lines = _lines(unsealed(file, private_key))
        arrival = _arrival(next(lines, ""))
        with database.begin(mover_scope(arrival.id)) as session:
            _make_room(session, arrival)
            _take_key(session, arrival, at)
            tables = {}
            for name, rows in _tables(lines):
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


class _Rows:
    """The rows of one table as they come; ``told`` is what the file says they come to, once all were read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.told: Tally | None = None

    def each(self) -> Iterator[str]:
        for line in self._lines:
            if line.startswith("#"):
                said = json.loads(line[1:])
                self.told = Tally(rows=said["rows"], sha256=said["sha256"])
                return
            yield line


def _lines(pieces: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line.decode() for line in whole)


def _arrival(line: str) -> Arrival:
    said = json.loads(line.removeprefix("#") or "{}")
    if said.get("format") != FORMAT:
        raise SealedFileError(_UNKNOWN)
    council = said["council"]
    return Arrival(
        id=uuid.UUID(council["id"]),
        slug=council["slug"],
        name=council["name"],
        made_at=said["made_at"],
        schema=said["schema"],
        named=said["named"],
        key=base64.b64decode(said["key"]),
    )


def _tables(lines: Iterator[str]) -> Iterator[tuple[str, _Rows]]:
    """Yield each table with its rows, which are to be read before the next one."""
    missing = {table.name for table in carried_tables()}
    while missing:
        name = json.loads(next(lines, "#{}")[1:]).get("table")
        if name not in missing:
            raise SealedFileError(_UNKNOWN)
        missing.remove(name)
        yield name, _Rows(lines)
    if "tables" not in json.loads(next(lines, "#{}")[1:]) or next(lines, None) is not None:
        raise SealedFileError(_UNKNOWN)


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
    session.add(DataKey(realm_id=arrival.id, wrapped=new.wrapped, wrapped_by=new.by, created_at=at))
    session.flush()


def _write(session: Session, arrival: Arrival, name: str, rows: _Rows) -> Tally:
    (table,) = (table for table in carried_tables() if table.name == name)
    insert, complete = _insert(table), _COMPLETED.get(name)
    for batch in _batches(rows.each()):
        whole = complete(session, arrival, batch) if complete else batch
        session.execute(insert, {"rows": f"[{','.join(whole)}]"})
    written = tallied(carried_lines(session, table, arrival.id))
    _require_equal(name, rows.told, written)
    return written


def _require_equal(name: str, told: Tally | None, found: Tally) -> None:
    if told != found:
        raise SealedFileError(f"The rows of {name} do not come to the count and hash that the file gives for them.")


def _insert(table: Table) -> Any:
    """Return the statement that writes lines of ``table``; what is named there is found here by its name."""
    columns = [column.name for column in carried_columns(table)]
    more = [name for name in _MADE_ANEW.get(table.name, ())]
    named = [
        f"'{column}', (SELECT n.id FROM {NAMED[column]} n WHERE n.slug = e.value->>'{column}')"
        for column in columns
        if column in NAMED
    ]
    for column in columns:
        if (codes := renamed_codes(table.name, column, f"(e.value->'{column}')", to_names=False)) is not None:
            named.append(f"'{column}', {codes}")
    listed = ", ".join(f'"{name}"' for name in (*columns, *more))
    shown = ", ".join(f'r."{name}"' for name in (*columns, *more))
    return text(
        f'INSERT INTO "{table.name}" ({listed}) SELECT {shown} FROM jsonb_array_elements(CAST(:rows AS jsonb)) e,'
        f' LATERAL jsonb_populate_record(NULL::"{table.name}", e.value || jsonb_build_object({", ".join(named)})) r'
    )


def _batches(lines: Iterator[str]) -> Iterator[list[str]]:
    """Yield the lines in batches that are neither many rows nor many bytes."""
    batch: list[str] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line)
        if len(batch) >= ROWS or size >= BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


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
