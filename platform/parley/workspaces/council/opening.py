"""What every page about one case of the council begins with: its open side, its rules, and who the reader is."""

import dataclasses
import uuid

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from parley.casework import queries
from parley.casework.domain import PartyKind
from parley.casework.views import CaseView, PartyView
from parley.casework.wording import Names
from parley.policy.domain import Policy
from parley.web import current
from parley.workspaces import rules


@dataclasses.dataclass(frozen=True, kw_only=True)
class Opened:
    """A case that an officer has before them."""

    view: CaseView
    policy: Policy
    names: Names

    @property
    def own(self) -> PartyView:
        """The council's own side."""
        return next(party for party in self.view.parties if party.kind is PartyKind.LOCAL_AUTHORITY)


def opened(case_id: uuid.UUID) -> Opened:
    """Return the case in the address. Raises NotFound for another council's, and until this one was told of it."""
    view = queries.council_view(current.session(), authority_id=current.authority_id(), case_id=case_id)
    policy = rules.policy_of(view)
    return Opened(view=view, policy=policy, names=rules.names_under(policy, current.site().council.name))


def back_to(case_id: uuid.UUID, done: str) -> ResponseReturnValue:
    """Lead back to the case, which then says what was done. ``done`` holds nothing about a person."""
    flash(done)
    return redirect(url_for("council.case", case_id=case_id), 303)
