"""Use cases on documents. Each public function is one use case in one transaction, which it commits."""

import dataclasses
import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from typing import BinaryIO

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.casework.domain import CaseState, ItemKind, Viewer
from parley.casework.service.drafts import load_draft
from parley.casework.service.record import Act, case_for_update
from parley.casework.service.sharing import end_share, start_share
from parley.casework.timeline import CaseNews, Happening
from parley.casework.views import CaseView
from parley.db.scope import Scope
from parley.db.sealed import realm_keys, unsealer
from parley.db.session import Database, scope_of
from parley.documents import queries
from parley.documents.blobs import POSTGRES, Blob, BlobStore
from parley.documents.domain import (
    MOST_PER_CASE,
    Belonging,
    DocumentView,
    FileProblem,
    ScanState,
    problem,
)
from parley.documents.inspection import inspect
from parley.documents.models import Document
from parley.documents.sealing import opened_piece, piece_count, sealed_pieces
from parley.kernel.errors import Conflict, NotFound
from parley.kernel.ids import new_id

LONGEST_TITLE = 120

#: Whose adding is told in the timeline of family and provider; what the others add is theirs until they share it.
_TOLD = frozenset({Viewer.FAMILY, Viewer.PROVIDER})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as it was handed in: a seekable stream, the name it came with, and what the person calls it."""

    stream: BinaryIO
    name: str
    title: str = ""


def add_to_case(
    session: Session, *, actor: Actor, at: dt.datetime, case: CaseView, upload: Upload, blobs: BlobStore = POSTGRES
) -> uuid.UUID:
    """Add a file to a case for whom ``case`` was read; return the document's id. Commits.

    Nobody but its owner and the provider sees it until it is shared. Raises Invalid with the code of a FileProblem,
    Conflict once the case is closed.
    """
    row = case_for_update(session, case.authority_id, case.id)
    _require_open(row.state)
    _require_room(queries.count_of(session, case.authority_id, case_id=case.id))
    whose = queries.reader_of(case).belonging
    document = _keep(session, blobs, actor, at, upload, whose, authority_id=case.authority_id, case_id=case.id)
    act = Act(session=session, case=row, actor=actor, by=case.viewer, at=at)
    if case.viewer in _TOLD:
        act.happened(Happening.DOCUMENT_ADDED, subject_id=document.id)
    else:
        act.audited(Happening.DOCUMENT_ADDED.value, subject_id=document.id)
    session.commit()
    return document.id


def add_to_draft(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    draft_id: uuid.UUID,
    upload: Upload,
    blobs: BlobStore = POSTGRES,
) -> uuid.UUID:
    """Add a file to the actor's own request being written; return the document's id. Commits.

    It goes with the request when that is sent, and away with it when it is not. Raises Invalid with the code of a
    FileProblem, NotFound for a draft that is not the person's own.
    """
    owner = _identity(actor)
    load_draft(session, authority_id=authority_id, draft_id=draft_id, owner_id=owner)
    _require_room(queries.count_of(session, authority_id, draft_id=draft_id))
    nobody_yet = Belonging(party_id=None, member_id=None)
    document = _keep(session, blobs, actor, at, upload, nobody_yet, authority_id=authority_id, draft_id=draft_id)
    _audit(session, actor, at, "document.add", document)
    session.commit()
    return document.id


def attach_on_sending(session: Session, news: CaseNews, *, blobs: BlobStore = POSTGRES) -> None:
    """Let a draft's documents go with the case it became, unshared, as its asker's own: subscribe this to CaseNews.

    Works in the transaction of the sending, where the case has the draft's id.
    """
    if news.happening is not Happening.REQUEST_SENT:
        return
    of_draft = (Document.authority_id == news.authority_id, Document.draft_id == news.case_id)
    added = session.execute(select(Document.id, Document.added_by).where(*of_draft)).all()
    if not added:
        return
    whose = queries.membership(session, news.authority_id, news.case_id, added[0].added_by)
    if whose is None:
        raise NotFound
    attached = {"case_id": news.case_id, "draft_id": None, **dataclasses.asdict(whose)}
    session.execute(update(Document).where(*of_draft).values(**attached))
    blobs.hand_over(session, news.authority_id, [row.id for row in added], news.case_id)


def remove_from_case(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    case: CaseView,
    document_id: uuid.UUID,
    blobs: BlobStore = POSTGRES,
) -> None:
    """Remove the reader's own document from a case for good, content and names. Commits.

    Raises NotFound for one that is not theirs, Conflict while it is shared.
    """
    row = case_for_update(session, case.authority_id, case.id)
    view = _own(session, case, document_id)
    if view.shared_with:
        raise Conflict(
            "This document is shared. Stop sharing it first, then you can remove it.", code="document-shared"
        )
    _erase(session, blobs, case.authority_id, view.id, at)
    Act(session=session, case=row, actor=actor, by=case.viewer, at=at).audited("document_removed", subject_id=view.id)
    session.commit()


def remove_from_draft(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    draft_id: uuid.UUID,
    document_id: uuid.UUID,
    blobs: BlobStore = POSTGRES,
) -> None:
    """Remove a document from the actor's own request being written, for good. Commits. Raises NotFound."""
    document = session.get(Document, (authority_id, document_id))
    if document is None or document.draft_id != draft_id or document.added_by != _identity(actor):
        raise NotFound
    _audit(session, actor, at, "document.remove", document)
    blobs.delete(session, authority_id, [document_id])
    session.delete(document)
    session.commit()


def share(
    session: Session, *, actor: Actor, at: dt.datetime, case: CaseView, document_id: uuid.UUID, party_id: uuid.UUID
) -> None:
    """Show the reader's own document to another party from now on. Commits. Doing so twice changes nothing.

    Raises NotFound unless the document is theirs and the party still in the case, Conflict once the case is closed.
    """
    act, view, shared_by = _sharing(session, actor, at, case, document_id)
    start_share(act, view.id, ItemKind.DOCUMENT, party_id, own_party_id=view.party_id, shared_by=shared_by)
    session.commit()


def unshare(
    session: Session, *, actor: Actor, at: dt.datetime, case: CaseView, document_id: uuid.UUID, party_id: uuid.UUID
) -> None:
    """Stop showing the reader's own document to a party, for the future. Commits. Doing so twice changes nothing.

    What was read before cannot be unread. Raises NotFound unless the document is theirs.
    """
    act, view, _ = _sharing(session, actor, at, case, document_id)
    end_share(act, view.id, ItemKind.DOCUMENT, party_id, own_party_id=view.party_id)
    session.commit()


def open_document(
    session: Session, *, actor: Actor, at: dt.datetime, case: CaseView, document_id: uuid.UUID
) -> DocumentView:
    """Return a document that the reader of ``case`` is about to read, and record that they read it. Commits.

    Its content then comes from ``contents``. Raises NotFound for what the reader may not read.
    """
    view = queries.document_of_case(session, case, document_id)
    audit.record(
        session,
        at=at,
        actor=actor,
        action="document.read",
        realm_id=scope_of(session).realm_id,
        subject_id=view.id,
        case_id=case.id,
        codes={"viewer": case.viewer.value},
    )
    session.commit()
    return view


def contents(
    database: Database, scope: Scope, authority_id: uuid.UUID, document: DocumentView, *, blobs: BlobStore = POSTGRES
) -> Iterator[bytes]:
    """Yield the content of a document that was just opened in ``scope``, a piece at a time.

    Each piece is read in a short transaction of its own, so that a slow line holds no connection, and the walls are
    asked anew each time. Raises SealBrokenError or PieceMissingError, which end the answer short of its length.
    """
    blob = Blob(authority_id=authority_id, document_id=document.id, case_id=scope.case_id)
    for number in range(document.pieces):
        with database.begin(scope) as session:
            sealed = blobs.read(session, blob, number)
            unseal = unsealer(session, authority_id)
            content = opened_piece(unseal, authority_id, document.id, number, document.pieces, sealed)
        yield content


def drop_abandoned(session: Session, *, authority_id: uuid.UUID, blobs: BlobStore = POSTGRES) -> int:
    """Delete what was added to the council's requests that were discarded or ran out; return how many. Commits."""
    left = queries.documents_without_draft(session, authority_id)
    blobs.delete(session, authority_id, [document.id for document in left])
    for document in left:
        session.delete(document)
    session.commit()
    return len(left)


def _keep(
    session: Session,
    blobs: BlobStore,
    actor: Actor,
    at: dt.datetime,
    upload: Upload,
    whose: Belonging,
    *,
    authority_id: uuid.UUID,
    case_id: uuid.UUID | None = None,
    draft_id: uuid.UUID | None = None,
) -> Document:
    """Check the file, seal it piece by piece into the store, and write its row."""
    file = inspect(upload.stream, upload.name)
    document = Document(
        authority_id=authority_id,
        id=new_id(),
        case_id=case_id,
        draft_id=draft_id,
        party_id=whose.party_id,
        member_id=whose.member_id,
        added_by=_identity(actor),
        title=" ".join(upload.title.split())[:LONGEST_TITLE] or file.name,
        file_name=file.name,
        kind=file.kind,
        size=file.size,
        pieces=piece_count(file.size),
        sha256=b"",
        scan=ScanState.NOT_SCANNED,
        added_at=at,
    )
    session.add(document)
    session.flush()
    digest = hashlib.sha256()
    blob = Blob(authority_id=authority_id, document_id=document.id, case_id=case_id)
    keys = realm_keys(session, authority_id)
    for number, sealed in enumerate(sealed_pieces(keys, authority_id, document.id, upload.stream, file.size)):
        digest.update(sealed)
        blobs.write(session, blob, number, sealed)
    document.sha256 = digest.digest()
    return document


def _erase(
    session: Session, blobs: BlobStore, authority_id: uuid.UUID, document_id: uuid.UUID, at: dt.datetime
) -> None:
    """Destroy the content and the names; what stays says that there was a document, and when."""
    blobs.delete(session, authority_id, [document_id])
    document = session.get_one(Document, (authority_id, document_id))
    document.title = document.file_name = ""
    document.removed_at = at


def _sharing(
    session: Session, actor: Actor, at: dt.datetime, case: CaseView, document_id: uuid.UUID
) -> tuple[Act, DocumentView, uuid.UUID]:
    row = case_for_update(session, case.authority_id, case.id)
    view = _own(session, case, document_id)
    act = Act(session=session, case=row, actor=actor, by=case.viewer, at=at)
    return act, view, queries.reader_of(case).member_id or _identity(actor)


def _own(session: Session, case: CaseView, document_id: uuid.UUID) -> DocumentView:
    view = queries.document_of_case(session, case, document_id)
    if not view.is_mine:
        raise NotFound
    return view


def _identity(actor: Actor) -> uuid.UUID:
    if actor.identity_id is None:
        raise NotFound
    return actor.identity_id


def _require_open(state: CaseState) -> None:
    if state is CaseState.CLOSED:
        raise Conflict("This case is closed, so nothing more can be added to it.", code="closed")


def _require_room(count: int) -> None:
    if count >= MOST_PER_CASE:
        raise problem(FileProblem.TOO_MANY)


def _audit(session: Session, actor: Actor, at: dt.datetime, action: str, document: Document) -> None:
    realm_id = scope_of(session).realm_id
    audit.record(session, at=at, actor=actor, action=action, realm_id=realm_id, subject_id=document.id)
