"""What people write in one request, each piece one word, so that it can be looked for wherever it may be.

The word names the family it is about and its kind.
"""

import dataclasses
import uuid
from contextlib import AbstractContextManager

from sqlalchemy import select

from parley.access.domain import Actor, Role
from parley.casework.domain import StatementKind
from parley.casework.models import PartyMember, Statement
from parley.compartment import safeguarding, service
from parley.compartment.domain import MessageChannel, Told
from parley.db.scope import Side, compartment_scope
from parley.db.session import Session
from support.document_desk import Desk, Person
from support.documents import PDF
from support.factories import Factory, MadeCase, acting
from support.family import Served


@dataclasses.dataclass(frozen=True, kw_only=True)
class Identities:
    """Whom the people of the requests are signed in as."""

    parent: uuid.UUID
    other_parent: uuid.UUID
    young_person: uuid.UUID
    officer: uuid.UUID
    coordinator: uuid.UUID
    mediator: uuid.UUID


class StageWords:
    """Has the people of a request write what they can, for those who may read it."""

    def __init__(self, make: Factory, council: Served, people: Identities, name: str) -> None:
        """Take who they are, and the ``name`` that begins every word of theirs."""
        self.make, self.council, self.people, self.name = make, council, people, name
        self._desk = Desk(make.database)

    def word(self, kind: str) -> str:
        """Return the word that stands for what somebody wrote."""
        return f"{self.name}{kind}"

    def written_in(self, case: MadeCase) -> None:
        """Have everybody write in ``case``."""
        now = self.make.clock.now()
        of_case = {"authority_id": case.authority.id, "case_id": case.id, "member_id": case.parent, "written_at": now}
        alone = Statement(kind=StatementKind.STORY, body=self.word("story"), **of_case)
        shown = Statement(kind=StatementKind.WISH, body=self.word("wish"), **of_case)
        with self.make.database.begin(case.authority_scope) as session:
            session.add_all((alone, shown))
            session.commit()
        self.make.share(case, case.council, shown.id)
        for identity_id, whose in ((self.people.parent, "paper"), (self.people.other_parent, "otherpaper")):
            person = Person(case.authority.id, case.id, case.authority_scope, self._family(identity_id))
            paper = self._desk.add(person, PDF, title=self.word(whose))
            # Shown to the council, and not any more: so nobody but who added it reads it.
            self._desk.share(person, paper, case.council)
            self._desk.share(person, paper, case.council, stop=True)
            if identity_id == self.people.parent:
                shown_paper = self._desk.add(person, PDF, title=self.word("shownpaper"))
                self._desk.share(person, shown_paper, case.council)
        self._in_confidence(case)

    def _in_confidence(self, case: MadeCase) -> None:
        """Have everybody say in the case's compartment what is for one side alone."""
        parent, other = case.parent, self._other_parent(case)
        here, they = self.council.authority, self.people
        said = (
            (Side.FAMILY, parent, self._family(they.parent), MessageChannel.FAMILY_PROVIDER, "message"),
            (Side.FAMILY, other, self._family(they.other_parent), MessageChannel.FAMILY_PROVIDER, "othermessage"),
            (
                Side.COUNCIL,
                they.officer,
                acting(Role.OFFICER, here, identity_id=they.officer),
                MessageChannel.COUNCIL_PROVIDER,
                "councilmessage",
            ),
        )
        now = self.make.clock.now()
        for side, person_id, actor, channel, kind in said:
            with self._compartment(case, here.id, side, person_id) as session:
                service.send_message(session, actor=actor, at=now, channel=channel, body=self.word(kind))
        mediator = acting(Role.MEDIATOR, case.provider, identity_id=they.mediator)
        with self._compartment(case, case.provider.id, Side.PROVIDER, they.mediator) as session:
            service.write_note(session, actor=mediator, at=now, body=self.word("note"))
        with self._compartment(case, case.provider.id, Side.PROVIDER, they.mediator) as session:
            safeguarding.raise_concern(session, actor=mediator, at=now, body=self.word("concern"), told=Told.NOBODY)

    def _compartment(
        self, case: MadeCase, realm_id: uuid.UUID, side: Side, person_id: uuid.UUID
    ) -> AbstractContextManager[Session]:
        scope = compartment_scope(realm_id, case.authority.id, case.id, side=side, person_id=person_id)
        return self.make.database.begin(scope)

    def _other_parent(self, case: MadeCase) -> uuid.UUID:
        with self.make.database.begin(case.authority_scope) as session:
            theirs = (PartyMember.case_id == case.id, PartyMember.identity_id == self.people.other_parent)
            return session.scalars(select(PartyMember.id).where(*theirs)).one()

    def _family(self, identity_id: uuid.UUID) -> Actor:
        return acting(Role.FAMILY, self.council.authority, identity_id=identity_id)
