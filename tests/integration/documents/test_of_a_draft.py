"""Documents of a request being written: the owner's alone, gone with it, or on with the case it becomes."""

import io
import uuid

import pytest
import sqlalchemy as sa

from parley.access.domain import Actor, Role
from parley.casework.allocation import straight_to
from parley.casework.domain import PartyKind
from parley.casework.models import Party, RequestDraft
from parley.casework.service.sending import Rules, send_request
from parley.casework.timeline import CaseNews, Happening
from parley.db.keys import Vault
from parley.db.scope import Login, authority_scope, provider_case_scope
from parley.db.session import Database
from parley.documents import queries, service
from parley.documents.jobs import tasks
from parley.documents.models import Document, DocumentChunk
from parley.documents.sealing import piece_count
from parley.documents.service import Upload
from parley.jobs.domain import Attempt
from parley.kernel.errors import NotFound
from parley.kernel.ids import new_id
from parley.law.versions import law_on
from support.document_desk import REPORT, Desk, Person, parent
from support.factories import COMPARTMENT_KEY, NOW, Factory, acting
from support.policies import policy_of
from support.requests import a_request


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


@pytest.fixture
def attaching(database: Database) -> Database:
    """The same database, in which news of a case is heard as app.py has it."""
    engines = {login: database.engine(login) for login in Login}
    heard = Database(engines, database.vault, Vault(COMPARTMENT_KEY))
    heard.subscriptions.subscribe(CaseNews, service.attach_on_sending)
    return heard


def test_a_drafts_documents_go_with_the_request_as_the_askers_own(
    make: Factory, attaching: Database, desk: Desk
) -> None:
    authority, provider = make.authority(), make.provider()
    make.commission(authority, provider)
    draft = make.draft(authority)
    asker = acting(Role.FAMILY, authority, identity_id=draft.owner_id)
    document = _add_to_draft(attaching, draft, asker)
    with attaching.begin(authority_scope(authority.id)) as session:
        sent = send_request(
            session,
            actor=asker,
            at=NOW,
            authority=authority,
            receiving=straight_to(provider.id),
            case_id=draft.id,
            request=a_request(),
            rules=Rules(policy=policy_of("derby"), policy_version_id=new_id(), law=law_on(NOW.date())),
        )
        parties = session.scalars(sa.select(Party).where(Party.kind == PartyKind.LOCAL_AUTHORITY)).all()
    family = Person(draft.authority_id, sent.id, authority_scope(authority.id), asker)
    staff = Person(
        authority.id,
        sent.id,
        provider_case_scope(provider.id, authority.id, sent.id),
        acting(Role.COORDINATOR, provider),
    )
    assert desk.read(family, document) == REPORT
    assert desk.read(staff, document) == REPORT
    for party in parties:
        desk.share(family, document, party.id)
    with pytest.raises(NotFound):
        desk.share(staff, document, new_id())


def test_other_news_attaches_nothing(make: Factory, database: Database) -> None:
    authority = make.authority()
    draft = make.draft(authority)
    _add_to_draft(database, draft, acting(Role.FAMILY, authority, identity_id=draft.owner_id))
    news = CaseNews(
        happening=Happening.ACKNOWLEDGED,
        authority_id=authority.id,
        case_id=draft.id,
        provider_id=new_id(),
        at=NOW,
        by=None,
        codes={},
    )
    with database.begin(authority_scope(authority.id)) as session:
        service.attach_on_sending(session, news)
        session.commit()
    assert _of_draft(database, draft, draft.owner_id) == ["report.pdf"]


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
