"""What is stored is sealed, opens in its own place only, and is read a piece at a time."""

import hashlib
import io

import pytest
import sqlalchemy as sa

from parley.db.realm_keys import SealBrokenError
from parley.db.session import Database
from parley.documents import service
from parley.documents.blobs import Blob, PieceMissingError, PostgresBlobs
from parley.documents.domain import LARGEST_BYTES, FileProblem
from parley.documents.models import Document, DocumentChunk
from parley.documents.sealing import PIECE_BYTES
from parley.documents.service import Upload
from parley.kernel.errors import Invalid
from support import documents as files
from support.document_desk import REPORT, Desk, parent
from support.factories import NOW, MadeCase


def test_what_is_stored_is_ciphertext_and_its_digest_is_kept(desk: Desk, database: Database, case: MadeCase) -> None:
    desk.add(parent(case), content=files.TEXT, name="our story.txt")
    with database.begin(case.authority_scope) as session:
        row = session.scalars(sa.select(Document)).one()
        sealed = session.scalars(sa.select(DocumentChunk.sealed)).all()
    assert files.TEXT not in b"".join(sealed)
    assert b"story" not in (row.file_name_sealed or b"") + (row.title_sealed or b"")
    assert hashlib.sha256(b"".join(sealed)).digest() == row.sha256
    assert (row.size, row.pieces, row.scan) == (len(files.TEXT), 1, "not_scanned")


@pytest.mark.parametrize("moved", ["to another document", "to another place"])
def test_ciphertext_that_was_moved_does_not_open(desk: Desk, admin_url: str, case: MadeCase, moved: str) -> None:
    first, second = desk.add(parent(case)), desk.add(parent(case), content=REPORT + b"another")
    source = (second, 0) if moved == "to another document" else (first, 1)
    engine = sa.create_engine(admin_url.replace("postgresql://", "postgresql+psycopg://"), poolclass=sa.NullPool)
    piece = sa.select(DocumentChunk.sealed).where(
        DocumentChunk.document_id == source[0], DocumentChunk.number == source[1]
    )
    with engine.begin() as connection:
        connection.execute(
            sa.update(DocumentChunk)
            .where(DocumentChunk.document_id == first, DocumentChunk.number == 0)
            .values(sealed=connection.scalar(piece))
        )
    with pytest.raises(SealBrokenError):
        desk.read(parent(case), first)


def test_a_file_that_is_too_large_leaves_nothing(database: Database, case: MadeCase) -> None:
    for size in (30 * 1024 * 1024, LARGEST_BYTES + 1):
        upload = Upload(stream=files.Unread(size), name="report.pdf")
        with database.begin(case.authority_scope) as session:
            view = parent(case).view(session)
            with pytest.raises(Invalid) as refused:
                service.add_to_case(session, actor=case.family_actor, at=NOW, case=view, upload=upload)
        assert refused.value.code == FileProblem.TOO_LARGE
    with database.begin(case.authority_scope) as session:
        assert session.scalars(sa.select(Document)).all() == []


def test_one_piece_at_a_time_is_in_memory(database: Database, case: MadeCase) -> None:
    class Watched(io.BytesIO):
        largest = 0

        def read(self, size: int | None = -1, /) -> bytes:
            content = super().read(size)
            Watched.largest = max(Watched.largest, len(content))
            return content

    content = files.PDF + bytes(5 * 1024 * 1024)
    upload = Upload(stream=Watched(content), name="report.pdf")
    with database.begin(case.authority_scope) as session:
        view = parent(case).view(session)
        service.add_to_case(session, actor=case.family_actor, at=NOW, case=view, upload=upload)
    assert Watched.largest == PIECE_BYTES


def test_a_missing_piece_is_an_error_and_not_a_shorter_file(database: Database, desk: Desk, case: MadeCase) -> None:
    document = desk.add(parent(case))
    with database.begin(case.authority_scope) as session:
        session.execute(sa.delete(DocumentChunk).where(DocumentChunk.number == 2))
        session.commit()
    with pytest.raises(PieceMissingError):
        desk.read(parent(case), document)
    blob = Blob(authority_id=case.authority.id, document_id=document, case_id=case.id)
    with database.begin(case.authority_scope) as session, pytest.raises(PieceMissingError):
        PostgresBlobs().read(session, blob, 99)
