"""What came of a meeting, in the words of pages: the outcome, its agreed actions, and what one side may say of them.

For every side, the provider's included.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from flask import url_for

from parley.casework.domain import PartyKind
from parley.casework.views import CaseView
from parley.casework.wording import Names, party_name
from parley.db.scope import Scope, Side, compartment_scope
from parley.kernel.clock import london_date
from parley.kernel.sentences import capitalised
from parley.outcomes.domain import UNDO_WITHIN, ActionChange
from parley.outcomes.queries import ActionView, OutcomeView, outcomes
from parley.outcomes.wording import KINDS, OWN_BUTTONS, TONES, action_words
from parley.web import current

#: Changes that are one click; a dispute has words, and so a page of its own.
CLICKS = frozenset({ActionChange.DONE, ActionChange.CONFIRM, ActionChange.TAKE_BACK})


@dataclasses.dataclass(frozen=True, kw_only=True)
class OwnOutcome:
    """A case before somebody of one side: ``side`` and ``person_id`` say who opens it."""

    view: CaseView
    names: Names
    side: Side
    person_id: uuid.UUID
    phone: str | None = None
    may_answer: bool = True
    may_confirm: bool = True
    """Whether a copy of theirs still speaks for their side."""
    buttons: Mapping[ActionChange, str] = dataclasses.field(default_factory=lambda: OWN_BUTTONS)

    def address(self, endpoint: str, **more: Any) -> str:
        """Return the address of one of the audience's pages about the case, on a page of the same audience."""
        if self.side is Side.PROVIDER:
            more["authority_id"] = self.view.authority_id
        return url_for(f".{endpoint}", case_id=self.view.id, **more)

    @property
    def scope(self) -> Scope:
        """The compartment of the case as this side opens it."""
        authority_id, realm_id = self.view.authority_id, current.actor().realm.id
        return compartment_scope(realm_id, authority_id, self.view.id, side=self.side, person_id=self.person_id)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ActionWords:
    """An agreed action as a page writes it. ``clicks`` are (value, button); ``dispute`` leads to a page of its own."""

    what: str
    owner: str
    due_on: dt.date
    state: str
    tone: str
    disputed: str
    done_on: dt.date | None
    undo_until: dt.datetime | None
    address: str
    clicks: list[tuple[str, str]]
    dispute: tuple[str, str] | None


def recorded(view: CaseView) -> list[OutcomeView]:
    """Return the outcomes of the case that are open to its parties."""
    return list(outcomes(current.session(), view, at=current.now()))


def outcome_words(own: OwnOutcome, outcome: OutcomeView, *, for_others: bool = False) -> dict[str, Any]:
    """Return an outcome as pages write it; ``for_others`` when somebody else is to read the page (it is printed)."""
    return {
        "kind": KINDS[outcome.kind],
        "tone": TONES[outcome.kind],
        "was_confirmed": outcome.was_confirmed,
        "recorded_at": outcome.recorded_at,
        "points": outcome.points,
        "remaining": outcome.remaining,
        "actions": [action_of(own, action, for_others=for_others) for action in outcome.actions],
        "confirmed_by": [
            (party_words(own, by.party_id, for_others=for_others), by.at, by.spoken) for by in outcome.confirmed_by
        ],
    }


def action_of(own: OwnOutcome, action: ActionView, *, for_others: bool = False) -> ActionWords:
    """Return an action as pages write it, with what this side may say of it."""
    state, tone = action_words(action.facts, current.today())
    undo = ActionChange.TAKE_BACK in action.changes
    disputes = own.may_answer and ActionChange.DISPUTE in action.changes
    return ActionWords(
        what=action.what,
        owner=party_words(own, action.owner_id, for_others=for_others),
        due_on=action.facts.due_on,
        state=state,
        tone=tone,
        disputed=action.disputed,
        done_on=london_date(action.facts.done_at) if action.facts.done_at else None,
        undo_until=action.facts.since + UNDO_WITHIN if undo else None,
        address=own.address("outcome_action", action_id=action.id),
        clicks=[(change.value, own.buttons[change]) for change in ActionChange if change in action.changes & CLICKS]
        if own.may_answer
        else [],
        dispute=(own.buttons[ActionChange.DISPUTE], own.address("outcome_dispute", action_id=action.id))
        if disputes
        else None,
    )


def party_words(own: OwnOutcome, party_id: uuid.UUID | None, *, for_others: bool = False) -> str:
    """Return what a party, or the provider (None), is called at the beginning of a sentence.

    "You" for its own family, unless others read it.
    """
    if party_id is None:
        return capitalised(own.names.provider)
    party = next(party for party in own.view.parties if party.id == party_id)
    if own.side is Side.FAMILY and party.kind is PartyKind.FAMILY and not for_others:
        return "You"
    return capitalised(party_name(party, own.names))
