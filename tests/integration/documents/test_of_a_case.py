"""Documents of a case: added, shown, read, removed, as the roles that pages run as."""

import dataclasses

import pytest
import sqlalchemy as sa

from parley.access.domain import Role
from parley.audit.models import AuditEvent
from parley.casework.domain import CaseState, PartyKind
from parley.casework.models import Party, Share, TimelineEntry, WorklistEntry
from parley.db.session import Database
from parley.documents import service
from parley.documents.blobs import PieceMissingError
from parley.documents.domain import MOST_PER_CASE, FileProblem
from parley.documents.models import Document, DocumentChunk
from parley.documents.sealing import PIECE_BYTES
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.kernel.ids import new_id
from support import documents as files
from support.document_desk import REPORT, Desk, Person, coordinator, invited, officer, parent
from support.factories import NOW, Factory, MadeCase, acting


def test_a_document_comes_back_as_it_was_handed_in(desk: Desk, case: MadeCase) -> None:
    document = desk.add(parent(case), title="  The   educational psychologist's report ")
    assert desk.titles(parent(case)) == ["The educational psychologist's report"]
    assert desk.read(parent(case), document) == REPORT
    assert len(REPORT) > 2 * PIECE_BYTES


def test_without_a_title_it_is_called_by_its_file(desk: Desk, case: MadeCase) -> None:
    desk.add(parent(case), name="../خطة الدعم 💙.pdf")
    assert desk.titles(parent(case)) == ["خطة الدعم 💙.pdf"]


def test_a_document_is_seen_by_its_owner_and_the_provider_until_it_is_shared(
    desk: Desk, make: Factory, case: MadeCase
) -> None:
    school = make.party(case)
    teacher = invited(case, make.member(case, school))
    desk.add(parent(case), title="report")
    seen = {"parent": parent(case), "provider": coordinator(case), "council": officer(case), "school": teacher}
    assert {who: desk.titles(person) for who, person in seen.items()} == {
        "parent": ["report"],
        "provider": ["report"],
        "council": [],
        "school": [],
    }


def test_another_parent_sees_nothing_of_it(desk: Desk, make: Factory, case: MadeCase) -> None:
    identity = new_id()
    make.member(case, case.family, name="Kit Marsh", capacity="parent_carer", identity_id=identity)
    other = Person(
        case.authority.id, case.id, case.authority_scope, acting(Role.FAMILY, case.authority, identity_id=identity)
    )
    document = desk.add(parent(case))
    assert desk.titles(other) == []
    with pytest.raises(NotFound):
        desk.read(other, document)
    with pytest.raises(NotFound):
        desk.share(other, document, case.council)


def test_sharing_shows_it_to_one_party_and_stopping_ends_that(desk: Desk, make: Factory, case: MadeCase) -> None:
    teacher = invited(case, make.member(case, make.party(case)))
    document = desk.add(parent(case), title="report")
    desk.share(parent(case), document, case.council)
    desk.share(parent(case), document, case.council)
    assert desk.read(officer(case), document) == REPORT
    assert desk.titles(teacher) == []
    desk.share(parent(case), document, case.council, stop=True)
    desk.share(parent(case), document, case.council, stop=True)
    assert desk.titles(officer(case)) == []
    with pytest.raises(NotFound):
        desk.read(officer(case), document)


def test_nobody_shares_what_is_not_theirs(desk: Desk, make: Factory, case: MadeCase) -> None:
    school = make.party(case)
    document = desk.add(parent(case))
    desk.share(parent(case), document, case.council)
    for person in (officer(case), coordinator(case)):
        with pytest.raises(NotFound):
            desk.share(person, document, school)


def test_a_councils_document_can_be_shown_to_the_family(desk: Desk, case: MadeCase) -> None:
    document = desk.add(officer(case), title="decision letter")
    assert desk.titles(parent(case)) == []
    desk.share(officer(case), document, case.family)
    assert desk.titles(parent(case)) == ["decision letter"]


def test_the_council_is_not_told_that_the_family_added_something(
    desk: Desk, database: Database, case: MadeCase
) -> None:
    desk.add(parent(case))
    desk.add(officer(case))
    with database.begin(case.authority_scope) as session:
        entry = session.scalars(sa.select(TimelineEntry).where(TimelineEntry.case_id == case.id)).one()
        assert (entry.code, entry.viewers) == ("document_added", ["family", "provider"])


def test_every_reading_is_recorded_and_names_nobody(desk: Desk, database: Database, case: MadeCase) -> None:
    document = desk.add(parent(case), title="Rowan's report")
    desk.read(parent(case), document)
    desk.read(coordinator(case), document)
    for scope in (case.authority_scope, case.provider_scope):
        with database.begin(scope) as session:
            event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "document.read")).one()
            assert (event.subject_id, event.case_id) == (document, case.id)
            assert "Rowan" not in str(event.codes)


def test_the_owner_removes_it_while_nobody_is_shown_it(desk: Desk, database: Database, case: MadeCase) -> None:
    document = desk.add(parent(case))
    desk.share(parent(case), document, case.council)
    with pytest.raises(Conflict, match="Stop sharing it first"):
        desk.remove(parent(case), document)
    with pytest.raises(NotFound):
        desk.remove(coordinator(case), document)
    desk.share(parent(case), document, case.council, stop=True)
    desk.remove(parent(case), document)
    assert desk.titles(coordinator(case)) == []
    with database.begin(case.authority_scope) as session:
        row = session.scalars(sa.select(Document)).one()
        assert (row.file_name_sealed, row.title_sealed, row.removed_at) == (None, None, NOW)
        assert session.scalars(sa.select(DocumentChunk)).all() == []


def test_a_provider_takes_back_what_it_added_by_mistake(desk: Desk, case: MadeCase) -> None:
    document = desk.add(coordinator(case))
    assert desk.titles(officer(case)) == []
    desk.remove(coordinator(case), document)
    assert desk.titles(coordinator(case)) == []


def test_a_provider_reads_the_case_it_holds_and_no_other(desk: Desk, make: Factory, database: Database) -> None:
    provider = make.provider()
    here, there = make.case(provider=provider), make.case(provider=provider)
    desk.add(parent(here), title="here")
    hidden = desk.add(parent(there), title="there")
    assert desk.titles(coordinator(here)) == ["here"]
    with pytest.raises(NotFound):
        desk.read(coordinator(here), hidden)
    crossed = dataclasses.replace(coordinator(there), scope=here.provider_scope)
    with pytest.raises(NotFound):
        desk.titles(crossed)
    with database.begin(here.provider_scope) as session:
        assert set(session.scalars(sa.select(DocumentChunk.case_id))) == {here.id}


def test_a_provider_that_no_longer_holds_the_case_gets_no_further_piece(
    desk: Desk, database: Database, case: MadeCase
) -> None:
    document = desk.add(parent(case))
    with database.begin(case.provider_scope) as session:
        view = coordinator(case).view(session)
        opened = service.open_document(session, actor=coordinator(case).actor, at=NOW, case=view, document_id=document)
    pieces = service.contents(database, case.provider_scope, case.authority.id, opened)
    assert len(next(pieces)) == PIECE_BYTES
    with database.begin(case.authority_scope) as session:
        session.execute(sa.update(WorklistEntry).values(held_until=NOW))
        session.commit()
    with pytest.raises(PieceMissingError):
        next(pieces)


def test_there_are_never_more_documents_than_the_limit(database: Database, desk: Desk, case: MadeCase) -> None:
    first = desk.add(parent(case), content=files.TEXT, name="1.txt")
    for number in range(2, MOST_PER_CASE + 1):
        desk.add(parent(case), content=files.TEXT, name=f"{number}.txt")
    with pytest.raises(Invalid) as refused:
        desk.add(parent(case), content=files.TEXT, name="one more.txt")
    assert refused.value.code == FileProblem.TOO_MANY
    desk.remove(parent(case), first)
    desk.add(parent(case), content=files.TEXT, name="in its place.txt")


def test_a_closed_case_takes_no_document(make: Factory, desk: Desk) -> None:
    closed = make.case(state=CaseState.CLOSED)
    with pytest.raises(Conflict, match="closed"):
        desk.add(parent(closed))


def test_a_share_is_of_a_document_and_dated(desk: Desk, database: Database, case: MadeCase) -> None:
    document = desk.add(parent(case))
    desk.share(parent(case), document, case.council)
    with database.begin(case.authority_scope) as session:
        share = session.scalars(sa.select(Share)).one()
        assert (share.item_kind, share.item_id, share.shared_by) == ("document", document, case.parent)
        assert share.shared_at == NOW


def test_a_document_is_shown_to_other_parties_still_in_the_case_only(
    desk: Desk, make: Factory, database: Database, case: MadeCase
) -> None:
    removed, elsewhere = make.party(case, PartyKind.ICB, name="The ICB"), make.case(case.authority).council
    with database.begin(case.authority_scope) as session:
        session.execute(sa.update(Party).where(Party.id == removed).values(removed_at=NOW))
        session.commit()
    document = desk.add(parent(case))
    for party in (removed, elsewhere, case.family, new_id()):
        with pytest.raises(NotFound):
            desk.share(parent(case), document, party)
