"""Tables of documents and their sealed content."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from parley.db.base import RECORD_OF_CASE, Base, enum_column, of_case, points_at
from parley.db.sealed import SealedText
from parley.documents.domain import DocumentKind, ScanState


class Document(Base):
    """A file that somebody added to a request being written, or to a case.

    ``draft_id`` points at no row on purpose: a draft ends in the transaction that makes it a case, and what an expired
    one leaves is dropped by a job. Until there is a case only the council's own login, and with it the family, reaches
    it. ``sha256`` is of the sealed content, so that a copy can be checked without a key.
    """

    __tablename__ = "document"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        CheckConstraint("num_nonnulls(case_id, draft_id) = 1", name="of_case_or_draft"),
        of_case(),
        points_at("party", "party_id"),
        points_at("party_member", "member_id"),
        Index(None, "authority_id", "case_id"),
        Index(None, "authority_id", "draft_id"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID | None]
    draft_id: Mapped[uuid.UUID | None]
    party_id: Mapped[uuid.UUID | None]
    member_id: Mapped[uuid.UUID | None]
    added_by: Mapped[uuid.UUID]
    title_sealed: Mapped[bytes | None]
    title = SealedText()
    file_name_sealed: Mapped[bytes | None]
    file_name = SealedText()
    kind: Mapped[DocumentKind] = enum_column(DocumentKind)
    size: Mapped[int]
    pieces: Mapped[int]
    sha256: Mapped[bytes]
    scan: Mapped[ScanState] = enum_column(ScanState)
    added_at: Mapped[dt.datetime]
    removed_at: Mapped[dt.datetime | None]


class DocumentChunk(Base):
    """A sealed piece of a document's content, counted from 0."""

    __tablename__ = "document_chunk"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "document_id"], ["document.authority_id", "document.id"], ondelete="CASCADE"
        ),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    document_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case_id: Mapped[uuid.UUID | None]
    sealed: Mapped[bytes]
