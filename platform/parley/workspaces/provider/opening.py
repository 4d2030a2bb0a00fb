"""Opening a case for a page: the view of it, what the provider knows beside it, and the way back to it."""

import dataclasses
import uuid

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from parley.casework import queries, worklists
from parley.casework.domain import PartyKind
from parley.casework.views import CaseView, MemberView, PartyView
from parley.casework.wording import Names
from parley.casework.worklists import Desk
from parley.kernel.errors import NotFound
from parley.policy.domain import Policy
from parley.policy.queries import policy_of_version
from parley.web import current


@dataclasses.dataclass(frozen=True, kw_only=True)
class Opened:
    """A case that somebody of the provider has before them."""

    view: CaseView
    desk: Desk

    @property
    def names(self) -> Names:
        """What the council and the provider of this case are called."""
        return Names(council=self.desk.council, provider=self.desk.provider)

    def policy(self) -> Policy:
        """Return the council's policy in the version the case began under."""
        return policy_of_version(current.session(), self.view.authority_id, self.view.policy_version_id)

    def party(self, party_id: uuid.UUID) -> PartyView:
        """Return a side of the case besides the family. Raises NotFound."""
        found = [party for party in self.view.parties if party.id == party_id and party.kind is not PartyKind.FAMILY]
        if not found:
            raise NotFound
        return found[0]

    def family(self) -> list[MemberView]:
        """Return the people of the family's own party, whoever holds the rights first."""
        parties = {party.id for party in self.view.parties if party.kind is PartyKind.FAMILY}
        people = [member for member in self.view.members if member.party_id in parties]
        return sorted(people, key=lambda member: not member.is_rights_holder)

    def family_member(self, member_id: uuid.UUID) -> MemberView:
        """Return a person of the family's party. Raises NotFound."""
        found = [member for member in self.family() if member.id == member_id]
        if not found:
            raise NotFound
        return found[0]


def provider_id() -> uuid.UUID:
    """Return the provider whose staff the signed-in person is of."""
    return current.actor().realm.id


def opened(authority_id: uuid.UUID, case_id: uuid.UUID) -> Opened:
    """Return the case in the address. Raises NotFound for one that the provider does not hold."""
    session = current.session()
    view = queries.provider_view(session, authority_id=authority_id, case_id=case_id)
    desk = worklists.on_the_desk(session, provider_id=provider_id(), authority_id=authority_id, case_id=case_id)
    return Opened(view=view, desk=desk)


def back_to(authority_id: uuid.UUID, case_id: uuid.UUID, done: str) -> ResponseReturnValue:
    """Lead back to the case, which then says what was done (a key of ``words.DONE``)."""
    return redirect(url_for("provider.case", authority_id=authority_id, case_id=case_id, done=done), 303)
