"""Sealing the content of a document anew, under another version of its council's key."""

import hashlib
import uuid

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from parley.db.realm_keys import RealmKeys
from parley.documents.blobs import POSTGRES, Blob, BlobStore
from parley.documents.models import Document, DocumentChunk
from parley.documents.sealing import resealed_piece


def reseal_document(
    session: Session, keys: RealmKeys, authority_id: uuid.UUID, document_id: uuid.UUID, *, blobs: BlobStore = POSTGRES
) -> bool:
    """Seal every piece of a document anew under the version that seals now, in the caller's transaction.

    Returns whether it was done: not while somebody else has the document or a piece of it in hand, for whom it does
    not wait. Raises SealBrokenError for a piece that does not open.
    """
    of_document = (DocumentChunk.authority_id == authority_id, DocumentChunk.document_id == document_id)
    # In this order: whoever removes a document has its pieces in hand before the document itself.
    held = session.scalars(select(DocumentChunk.number).where(*of_document).with_for_update(skip_locked=True)).all()
    count = session.scalar(
        select(Document.pieces)
        .where(Document.authority_id == authority_id, Document.id == document_id)
        .with_for_update(key_share=True, skip_locked=True)
    )
    if count is None or len(held) != count:
        return False
    blob, digest = Blob(authority_id=authority_id, document_id=document_id, case_id=None), hashlib.sha256()
    for number in range(count):
        sealed = blobs.read(session, blob, number)
        anew = resealed_piece(keys, authority_id, document_id, number, count, sealed)
        blobs.replace(session, blob, number, anew)
        digest.update(anew)
    session.execute(
        update(Document)
        .where(Document.authority_id == authority_id, Document.id == document_id)
        .values(sha256=digest.digest())
    )
    return True
