"""Taking a council's records out for the council: what it may read, in one file that it can use without Parley."""

import dataclasses
import datetime as dt
import hashlib
import json
import pathlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.db.scope import Login, Scope, export_scope
from parley.db.sealed import unsealer
from parley.db.session import Database
from parley.documents.blobs import POSTGRES, Blob, BlobStore
from parley.documents.sealing import opened_piece
from parley.kernel.clock import london_date
from parley.tenancy.domain import Authority
from parley.transfer.bundle import MANIFEST, README, Bundle, Written
from parley.transfer.domain import FORMAT, TABLES
from parley.transfer.new_file import new_file
from parley.transfer.queries.council_records import CouncilRecords
from parley.transfer.readme import readme

READ_AT_ONCE = 1024 * 1024

#: Told what is being written, before each table and each document.
Progress = Callable[[str], None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Export:
    """What an export holds. ``sha256`` is of the whole file, "" for one that was only counted."""

    tables: Mapping[str, Written]
    documents: Mapping[str, Written]
    sha256: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many lines each table has."""
        return {name: written.lines for name, written in self.tables.items()}


def count_for_council(database: Database, council: Authority) -> dict[str, int]:
    """Return how many lines each table of the council's export would have now."""
    with database.begin(export_scope(council.id)) as session:
        records = CouncilRecords(session, council.id, council.name)
        return {table: records.count(table) for table in TABLES}


def export_for_council(
    database: Database,
    council: Authority,
    path: pathlib.Path,
    *,
    actor: Actor,
    at: dt.datetime,
    progress: Progress = lambda what: None,
    blobs: BlobStore = POSTGRES,
) -> Export:
    """Write to ``path`` what the council may read, as it stood at one moment, and record that it was taken out.

    Raises Conflict when ``path`` exists. A run that fails or is killed leaves no file of that name.
    """
    with new_file(path) as file:
        with database.begin(export_scope(council.id)) as session:
            found = _write(session, council, file, at, progress, blobs)
        export = dataclasses.replace(found, sha256=_sha256(file))
        # Before the file has its name: one that was taken out is never unrecorded.
        _record(database, council, export, actor, at)
    return export


def _write(
    session: Session, council: Authority, file: BinaryIO, at: dt.datetime, progress: Progress, blobs: BlobStore
) -> Export:
    records = CouncilRecords(session, council.id, council.name)
    with Bundle(file) as bundle:
        day = london_date(at)
        bundle.text(README, readme(council.name, f"{day.day} {day:%B %Y}"))
        tables = {}
        for table in TABLES:
            progress(table)
            tables[table] = bundle.lines(f"{table}.jsonl", records.records(table))
        documents = {}
        for row in records.documents():
            name = records.file_of(row)
            progress(name)
            documents[name] = bundle.content(name, _pieces(session, council, row, blobs))
        export = Export(tables=tables, documents=documents)
        bundle.text(MANIFEST, json.dumps(_manifest(council, at, export), indent=2, ensure_ascii=False))
    return export


def _pieces(session: Session, council: Authority, row: Any, blobs: BlobStore) -> Iterator[bytes]:
    document_id, unseal = uuid.UUID(row.id), unsealer(session, council.id)
    blob = Blob(authority_id=council.id, document_id=document_id, case_id=uuid.UUID(row.case_id))
    for number in range(row.pieces):
        yield opened_piece(unseal, council.id, document_id, number, row.pieces, blobs.read(session, blob, number))


def _manifest(council: Authority, at: dt.datetime, export: Export) -> dict[str, Any]:
    tables = {
        f"{name}.jsonl": {"lines": written.lines, "bytes": written.bytes, "sha256": written.sha256}
        for name, written in export.tables.items()
    }
    documents = {name: {"bytes": written.bytes, "sha256": written.sha256} for name, written in export.documents.items()}
    return {
        "format": FORMAT,
        "council": {"slug": council.slug, "name": council.name, "gss_code": council.gss_code},
        "made_at": at.isoformat(),
        "tables": tables,
        "documents": documents,
    }


def _sha256(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(READ_AT_ONCE):
        digest.update(piece)
    return digest.hexdigest()


def _record(database: Database, council: Authority, export: Export, actor: Actor, at: dt.datetime) -> None:
    codes: dict[str, str | int] = {
        "cases": export.counts["cases"],
        "documents": len(export.documents),
        "sha256": export.sha256,
    }
    with database.begin(Scope(login=Login.OPERATOR, realm_id=council.id)) as session:
        audit.record(
            session,
            at=at,
            actor=actor,
            action="authority.export",
            realm_id=council.id,
            subject_id=council.id,
            codes=codes,
        )
        session.commit()
