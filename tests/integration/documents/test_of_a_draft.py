"""Documents of a request being written: the owner's alone, gone with it, or on with the case it becomes."""

import dataclasses
import io
import uuid

import pytest
import sqlalchemy as sa

from parley.access.domain import Actor, Role
from parley.casework.domain import CaseState
from parley.casework.models import RequestDraft
from parley.casework.timeline import CaseNews, Happening
from parley.db.scope import Login, authority_scope
from parley.db.session import Database
from parley.documents import queries, service
from parley.documents.jobs import tasks
from parley.documents.models import Document, DocumentChunk
from parley.documents.sealing import piece_count
from parley.documents.service import Upload
from parley.jobs.domain import Attempt
from parley.kernel.errors import NotFound
from parley.kernel.ids import new_id
from support.document_desk import REPORT, Desk, coordinator, officer, parent
from support.factories import NOW, Factory, acting


def _add_to_draft(database: Database, draft: RequestDraft, owner: Actor, name: str = "report.pdf") -> uuid.UUID:
    with database.begin(authority_scope(draft.authority_id)) as session:
        return service.add_to_draft(
            session,
            actor=owner,
            at=NOW,
            authority_id=draft.authority_id,
            draft_id=draft.id,
            upload=Upload(stream=io.BytesIO(REPORT), name=name),
        )


def _of_draft(database: Database, draft: RequestDraft, owner_id: uuid.UUID) -> list[str]:
    ids = {"authority_id": draft.authority_id, "draft_id": draft.id, "owner_id": owner_id}
    with database.begin(authority_scope(draft.authority_id)) as session:
        return [document.file_name for document in queries.documents_of_draft(session, **ids)]


def test_a_drafts_documents_are_its_owners(make: Factory, database: Database) -> None:
    authority = make.authority()
    draft = make.draft(authority)
    owner = acting(Role.FAMILY, authority, identity_id=draft.owner_id)
    document = _add_to_draft(database, draft, owner)
    assert _of_draft(database, draft, draft.owner_id) == ["report.pdf"]
    assert _of_draft(database, draft, new_id()) == []
    somebody = acting(Role.FAMILY, authority)
    with pytest.raises(NotFound):
        _add_to_draft(database, draft, somebody)
    ids = {"authority_id": authority.id, "draft_id": draft.id, "document_id": document}
    with database.begin(authority_scope(authority.id)) as session:
        with pytest.raises(NotFound):
            service.remove_from_draft(session, actor=somebody, at=NOW, **ids)
        service.remove_from_draft(session, actor=owner, at=NOW, **ids)
    assert _of_draft(database, draft, draft.owner_id) == []


def test_a_drafts_documents_go_with_the_request_as_the_askers_own(
    make: Factory, database: Database, desk: Desk
) -> None:
    authority = make.authority()
    draft = make.draft(authority)
    document = _add_to_draft(database, draft, acting(Role.FAMILY, authority, identity_id=draft.owner_id))
    case = make.case(authority, case_id=draft.id, parent_identity=draft.owner_id, state=CaseState.COUNCIL_TOLD)
    news = CaseNews(
        happening=Happening.REQUEST_SENT,
        authority_id=authority.id,
        case_id=case.id,
        provider_id=case.provider.id,
        at=NOW,
        by=None,
        codes={},
    )
    assert desk.titles(coordinator(case)) == []
    with database.begin(case.authority_scope) as session:
        service.attach_on_sending(session, dataclasses.replace(news, happening=Happening.ACKNOWLEDGED))
        service.attach_on_sending(session, news)
        session.execute(sa.delete(RequestDraft))
        session.commit()
    assert desk.read(coordinator(case), document) == REPORT
    assert desk.titles(officer(case)) == []
    desk.share(parent(case), document, case.council)
    assert desk.read(officer(case), document) == REPORT


def test_what_belonged_to_a_draft_that_is_gone_is_swept_away(make: Factory, database: Database, desk: Desk) -> None:
    authority = make.authority()
    kept, discarded = make.draft(authority), make.draft(authority)
    for draft in (kept, discarded):
        _add_to_draft(database, draft, acting(Role.FAMILY, authority, identity_id=draft.owner_id))
    sent = make.case(authority)
    desk.add(parent(sent))
    with database.begin(authority_scope(authority.id)) as session:
        session.execute(sa.delete(RequestDraft).where(RequestDraft.id == discarded.id))
        session.commit()
    (sweep,) = tasks(database)
    for _ in range(2):
        sweep.run(Attempt(number=1, is_last=True), timestamp=0)
        with database.begin(authority_scope(authority.id, login=Login.WORKER)) as session:
            assert set(session.scalars(sa.select(Document.draft_id))) == {kept.id, None}
            assert session.scalars(sa.select(sa.func.count(DocumentChunk.number))).one() == 2 * piece_count(len(REPORT))
