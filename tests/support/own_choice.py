"""A case whose child reaches the day on which the choice becomes their own."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from parley.access.domain import Role, system_actor
from parley.casework import queries
from parley.casework.domain import Capacity, CaseState
from parley.casework.models import PartyMember
from parley.casework.service import own_yes
from parley.casework.views import CaseView, MemberView
from parley.db.scope import Login, authority_scope
from support.factories import Factory, MadeCase, acting
from support.family import Served
from support.people import at_realm
from support.staff import told_case

#: Born on it, a child turns 16 in the school year that ends in 2027, and the last Friday of that June is this.
BORN, THE_DAY = "2011-03-02", dt.datetime(2027, 6, 25, 7, 0, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True)
class Growing:
    """A case of a parent, of which the council was told, and those who act in it."""

    make: Factory
    council: Served
    made: MadeCase

    @property
    def ids(self) -> dict[str, uuid.UUID]:
        """What names the case."""
        return {"authority_id": self.made.authority.id, "case_id": self.made.id}

    def look(self, at: dt.datetime = THE_DAY) -> None:
        """Do what the nightly look does in this one case."""
        with self.make.database.begin(authority_scope(self.made.authority.id, login=Login.WORKER)) as session:
            own_yes.begin_own_choice(session, actor=system_actor(at_realm(self.made.authority)), at=at, **self.ids)

    def parent(self, act: Any, *, at: dt.datetime = THE_DAY, **values: Any) -> Any:
        """Let the parent do something."""
        with self.make.database.begin(self.made.authority_scope) as session:
            return act(session, actor=self.made.family_actor, at=at, **self.ids, **values)

    def provider(self, act: Any, *, at: dt.datetime = THE_DAY, **values: Any) -> Any:
        """Let a coordinator do something."""
        actor = acting(Role.COORDINATOR, self.made.provider)
        with self.make.database.begin(self.made.provider_scope) as session:
            return act(session, actor=actor, at=at, **self.ids, **values)

    def officer(self, act: Any, *, at: dt.datetime = THE_DAY, **values: Any) -> Any:
        """Let an officer do something."""
        actor = acting(Role.OFFICER, self.made.authority)
        with self.make.database.begin(self.made.authority_scope) as session:
            return act(session, actor=actor, at=at, **self.ids, **values)

    def of_parent(self) -> CaseView:
        """Return the case as the parent reads it."""
        with self.make.database.begin(self.made.authority_scope) as session:
            return queries.family_view(session, identity_id=self.made.parent_identity, **self.ids)

    def of_council(self) -> CaseView:
        """Return it as the council reads it."""
        with self.make.database.begin(self.made.authority_scope) as session:
            return queries.council_view(session, **self.ids)

    def of_provider(self) -> CaseView:
        """Return it as the provider reads it."""
        with self.make.database.begin(self.made.provider_scope) as session:
            return queries.provider_view(session, **self.ids)

    def young_person(self) -> MemberView | None:
        """Return the young person's own place in the case, as the provider reads it, if they have one."""
        members = self.of_provider().members
        return next((one for one in members if one.capacity is Capacity.YOUNG_PERSON), None)

    def sign_young_person_up(self, identity_id: uuid.UUID) -> None:
        """Let the young person take their own place."""
        found = self.young_person()
        assert found
        with self.make.database.begin(self.made.authority_scope) as session:
            session.get_one(PartyMember, (self.made.authority.id, found.id)).identity_id = identity_id
            session.commit()


def growing(
    make: Factory, council: Served, *, born: str = BORN, state: CaseState = CaseState.COUNCIL_TOLD, **values: Any
) -> Growing:
    """Make a case whose child was born on ``born``."""
    return Growing(make, council, told_case(make, council, born=born, state=state, **{"due_in": None, **values}))
