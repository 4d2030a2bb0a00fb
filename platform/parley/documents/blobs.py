"""Where sealed content lies: a port, and PostgreSQL behind it.

A store sees ciphertext only, in numbered pieces, and works within the caller's transaction as far as it can.
"""

import dataclasses
import uuid
from collections.abc import Collection
from typing import Protocol

from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from sqlalchemy.orm import Session

from parley.documents.models import DocumentChunk


class PieceMissingError(LookupError):
    """A document's row is there and a piece of its content is not."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Blob:
    """The content of one document; ``case_id`` is None while it belongs to a draft."""

    authority_id: uuid.UUID
    document_id: uuid.UUID
    case_id: uuid.UUID | None


class BlobStore(Protocol):
    """What keeps sealed content."""

    def write(self, session: Session, blob: Blob, number: int, sealed: bytes) -> None:
        """Keep piece ``number`` (from 0) of ``blob``; it is there once the transaction commits, or never needed."""
        ...

    def replace(self, session: Session, blob: Blob, number: int, sealed: bytes) -> None:
        """Put ``sealed`` in the place of piece ``number``; as ``write``."""
        ...

    def read(self, session: Session, blob: Blob, number: int) -> bytes:
        """Return piece ``number`` of ``blob``. Raises PieceMissingError."""
        ...

    def hand_over(
        self, session: Session, authority_id: uuid.UUID, documents: Collection[uuid.UUID], case_id: uuid.UUID
    ) -> None:
        """Let what was a draft's content belong to the case it became."""
        ...

    def delete(self, session: Session, authority_id: uuid.UUID, documents: Collection[uuid.UUID]) -> None:
        """Destroy the content of ``documents``, at the latest when the transaction has committed."""
        ...


class PostgresBlobs:
    """Pieces as rows, behind the same walls as everything else."""

    def write(self, session: Session, blob: Blob, number: int, sealed: bytes) -> None:
        """Write the row."""
        session.execute(insert(DocumentChunk).values(**dataclasses.asdict(blob), number=number, sealed=sealed))

    def replace(self, session: Session, blob: Blob, number: int, sealed: bytes) -> None:
        """Change the row."""
        session.execute(
            update(DocumentChunk)
            .where(_of(blob.authority_id, [blob.document_id]), DocumentChunk.number == number)
            .values(sealed=sealed)
        )

    def read(self, session: Session, blob: Blob, number: int) -> bytes:
        """Read the row that the walls show."""
        sealed = session.scalar(
            select(DocumentChunk.sealed).where(
                DocumentChunk.authority_id == blob.authority_id,
                DocumentChunk.document_id == blob.document_id,
                DocumentChunk.number == number,
            )
        )
        if sealed is None:
            raise PieceMissingError(f"document {blob.document_id} lacks piece {number}")
        return sealed

    def hand_over(
        self, session: Session, authority_id: uuid.UUID, documents: Collection[uuid.UUID], case_id: uuid.UUID
    ) -> None:
        """Change the rows' case; PostgreSQL leaves the content itself where it is."""
        session.execute(update(DocumentChunk).where(_of(authority_id, documents)).values(case_id=case_id))

    def delete(self, session: Session, authority_id: uuid.UUID, documents: Collection[uuid.UUID]) -> None:
        """Delete the rows."""
        session.execute(delete(DocumentChunk).where(_of(authority_id, documents)))


def _of(authority_id: uuid.UUID, documents: Collection[uuid.UUID]) -> ColumnElement[bool]:
    return and_(DocumentChunk.authority_id == authority_id, DocumentChunk.document_id.in_(documents))


#: What documents are kept in unless the caller says otherwise. It holds no connection and no state.
POSTGRES: BlobStore = PostgresBlobs()
