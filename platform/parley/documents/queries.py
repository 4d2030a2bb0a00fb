"""Reading documents, each list for one reader; what the reader may not see is never in it."""

import uuid
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parley.casework.domain import PartyKind, Viewer
from parley.casework.models import PartyMember, RequestDraft, Share
from parley.casework.views import CaseView
from parley.documents.domain import Belonging, DocumentView, Reader
from parley.documents.models import Document
from parley.kernel.errors import NotFound


def reader_of(case: CaseView) -> Reader:
    """Return who reads documents when ``case`` was read for them: who may see the case at all is decided there."""
    me = case.me()
    if case.viewer is Viewer.PROVIDER:
        return Reader(viewer=case.viewer)
    if case.viewer is Viewer.LOCAL_AUTHORITY:
        council = frozenset(party.id for party in case.parties if party.kind is PartyKind.LOCAL_AUTHORITY)
        return Reader(viewer=case.viewer, party_ids=council)
    if me is None:
        raise NotFound
    return Reader(viewer=case.viewer, party_ids=frozenset({me.party_id}), member_id=me.id)


def documents_of_case(session: Session, case: CaseView) -> tuple[DocumentView, ...]:
    """Return the documents that the reader of ``case`` may read, oldest first, without those that were removed."""
    rows = session.scalars(
        select(Document)
        .where(Document.authority_id == case.authority_id, Document.case_id == case.id, Document.removed_at.is_(None))
        .order_by(Document.added_at, Document.id)
    ).all()
    return _readable(session, reader_of(case), case.authority_id, case.id, rows)


def document_of_case(session: Session, case: CaseView, document_id: uuid.UUID) -> DocumentView:
    """Return one document. Raises NotFound for one of another case, a removed one and one the reader may not read."""
    row = session.get(Document, (case.authority_id, document_id))
    if row is None or row.case_id != case.id or row.removed_at is not None:
        raise NotFound
    for view in _readable(session, reader_of(case), case.authority_id, case.id, [row]):
        return view
    raise NotFound


def documents_of_draft(
    session: Session, *, authority_id: uuid.UUID, draft_id: uuid.UUID, owner_id: uuid.UUID
) -> tuple[DocumentView, ...]:
    """Return what its owner added to a request being written, oldest first."""
    rows = session.scalars(
        select(Document)
        .where(
            Document.authority_id == authority_id,
            Document.draft_id == draft_id,
            Document.added_by == owner_id,
            Document.removed_at.is_(None),
        )
        .order_by(Document.added_at, Document.id)
    )
    return tuple(_view(row, is_mine=True, shared_with=frozenset()) for row in rows)


def count_of(
    session: Session, authority_id: uuid.UUID, *, case_id: uuid.UUID | None = None, draft_id: uuid.UUID | None = None
) -> int:
    """Return how many documents a case (or a draft) has, removed ones not counted."""
    where = Document.case_id == case_id if case_id else Document.draft_id == draft_id
    counted = select(func.count()).where(Document.authority_id == authority_id, where, Document.removed_at.is_(None))
    return session.scalars(counted).one()


def documents_without_draft(session: Session, authority_id: uuid.UUID) -> list[Document]:
    """Return what was added to requests that are no longer being written and never became a case."""
    draft = select(RequestDraft.id).where(
        RequestDraft.authority_id == Document.authority_id, RequestDraft.id == Document.draft_id
    )
    return list(
        session.scalars(
            select(Document).where(
                Document.authority_id == authority_id, Document.draft_id.is_not(None), ~draft.exists()
            )
        )
    )


def membership(
    session: Session, authority_id: uuid.UUID, case_id: uuid.UUID, identity_id: uuid.UUID
) -> Belonging | None:
    """Return whose a document is that ``identity_id`` added before they had a place in the case, or None."""
    row = session.execute(
        select(PartyMember.party_id, PartyMember.id).where(
            PartyMember.authority_id == authority_id,
            PartyMember.case_id == case_id,
            PartyMember.identity_id == identity_id,
        )
    ).first()
    return Belonging(party_id=row.party_id, member_id=row.id) if row else None


def _readable(
    session: Session, reader: Reader, authority_id: uuid.UUID, case_id: uuid.UUID, rows: Iterable[Document]
) -> tuple[DocumentView, ...]:
    shares: dict[uuid.UUID, set[uuid.UUID]] = {}
    running = select(Share.item_id, Share.party_id).where(
        Share.authority_id == authority_id, Share.case_id == case_id, Share.stopped_at.is_(None)
    )
    for item_id, party_id in session.execute(running):
        shares.setdefault(item_id, set()).add(party_id)
    seen = []
    for row in rows:
        whose, shared_with = Belonging(party_id=row.party_id, member_id=row.member_id), shares.get(row.id, set())
        if not reader.may_read(whose, frozenset(shared_with)):
            continue
        is_mine = reader.owns(whose)
        knows_shares = is_mine or reader.viewer is Viewer.PROVIDER
        seen.append(_view(row, is_mine=is_mine, shared_with=frozenset(shared_with if knows_shares else ())))
    return tuple(seen)


def _view(row: Document, *, is_mine: bool, shared_with: frozenset[uuid.UUID]) -> DocumentView:
    return DocumentView(
        id=row.id,
        title=row.title,
        file_name=row.file_name,
        kind=row.kind,
        size=row.size,
        pieces=row.pieces,
        added_at=row.added_at,
        party_id=row.party_id,
        is_mine=is_mine,
        scan=row.scan,
        shared_with=shared_with,
    )
