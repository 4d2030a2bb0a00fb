"""People of a case, and the desk where they put documents and take them from."""

import dataclasses
import io
import uuid

from sqlalchemy.orm import Session

from parley.access.domain import Actor, Role
from parley.casework import queries as casework
from parley.casework.views import CaseView
from parley.db.scope import Scope
from parley.db.session import Database
from parley.documents import queries, service
from parley.documents.service import Upload
from support import documents as files
from support.factories import NOW, MadeCase, acting

REPORT = files.PDF + bytes(range(256)) * 3000


@dataclasses.dataclass(frozen=True)
class Person:
    """Somebody with a scope to work in and a view of the case."""

    authority_id: uuid.UUID
    case_id: uuid.UUID
    scope: Scope
    actor: Actor
    member_id: uuid.UUID | None = None

    def view(self, session: Session) -> CaseView:
        """Return the case as this person sees it."""
        ids = {"authority_id": self.authority_id, "case_id": self.case_id}
        if Role.COORDINATOR in self.actor.roles:
            return casework.provider_view(session, **ids)
        if Role.OFFICER in self.actor.roles:
            return casework.council_view(session, **ids)
        if Role.INVITED in self.actor.roles:
            assert self.member_id
            return casework.invited_view(session, member_id=self.member_id, **ids)
        assert self.actor.identity_id
        return casework.family_view(session, identity_id=self.actor.identity_id, **ids)


def parent(case: MadeCase) -> Person:
    return Person(case.authority.id, case.id, case.authority_scope, case.family_actor)


def officer(case: MadeCase) -> Person:
    return Person(case.authority.id, case.id, case.authority_scope, acting(Role.OFFICER, case.authority))


def coordinator(case: MadeCase) -> Person:
    return Person(case.authority.id, case.id, case.provider_scope, acting(Role.COORDINATOR, case.provider))


def invited(case: MadeCase, member_id: uuid.UUID) -> Person:
    return Person(case.authority.id, case.id, case.authority_scope, acting(Role.INVITED, case.authority), member_id)


@dataclasses.dataclass
class Desk:
    """Where people of a case put documents and take them from."""

    database: Database

    def add(self, person: Person, content: bytes = REPORT, name: str = "report.pdf", title: str = "") -> uuid.UUID:
        """Add a file; return the document's id."""
        with self.database.begin(person.scope) as session:
            upload = Upload(stream=io.BytesIO(content), name=name, title=title)
            view = person.view(session)
            return service.add_to_case(session, actor=person.actor, at=NOW, case=view, upload=upload)

    def titles(self, person: Person) -> list[str]:
        """Return what is in the person's list."""
        with self.database.begin(person.scope) as session:
            return [document.title for document in queries.documents_of_case(session, person.view(session))]

    def read(self, person: Person, document_id: uuid.UUID) -> bytes:
        """Open a document and return its content."""
        with self.database.begin(person.scope) as session:
            opened = service.open_document(
                session, actor=person.actor, at=NOW, case=person.view(session), document_id=document_id
            )
        return b"".join(service.contents(self.database, person.scope, person.authority_id, opened))

    def share(self, person: Person, document_id: uuid.UUID, party_id: uuid.UUID, *, stop: bool = False) -> None:
        """Share a document with a party, or stop."""
        use_case = service.unshare if stop else service.share
        with self.database.begin(person.scope) as session:
            view = person.view(session)
            use_case(session, actor=person.actor, at=NOW, case=view, document_id=document_id, party_id=party_id)

    def remove(self, person: Person, document_id: uuid.UUID) -> None:
        """Remove a document."""
        with self.database.begin(person.scope) as session:
            view = person.view(session)
            service.remove_from_case(session, actor=person.actor, at=NOW, case=view, document_id=document_id)
