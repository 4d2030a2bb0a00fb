"""What becomes of agreed actions: who may say what of them, and when. Pure."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterable

from parley.casework.agreement import OutcomeKind
from parley.casework.domain import PartyKind, Viewer

#: How long whoever said something of an action can take it back.
UNDO_WITHIN = dt.timedelta(days=1)

#: What a family says is missing has room for a reason and not for a file.
LONGEST_DISPUTE = 2000


class ActionState(enum.StrEnum):
    """How an agreed action stands."""

    OPEN = "open"
    DONE = "done"
    """Its owner says so."""
    CONFIRMED = "confirmed"
    """The family says so too."""
    DISPUTED = "disputed"
    """The family says that it is not done, or not as agreed."""


class ActionChange(enum.StrEnum):
    """What somebody says of an agreed action."""

    DONE = "done"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    TAKE_BACK = "take_back"


#: How an action stands after each change but the last, which leads back.
LEADS_TO: dict[ActionChange, ActionState] = {
    ActionChange.DONE: ActionState.DONE,
    ActionChange.CONFIRM: ActionState.CONFIRMED,
    ActionChange.DISPUTE: ActionState.DISPUTED,
}

#: The side on which each party acts; None is the provider, which is no party.
ACTS_AS: dict[PartyKind | None, Viewer] = {
    None: Viewer.PROVIDER,
    PartyKind.FAMILY: Viewer.FAMILY,
    PartyKind.LOCAL_AUTHORITY: Viewer.LOCAL_AUTHORITY,
    PartyKind.SETTING: Viewer.INVITED,
    PartyKind.ICB: Viewer.INVITED,
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class ActionFacts:
    """What decides what may be said of an action: whose it is (None: the provider's), how it stands since when, by
    whom, and its date.
    """

    owner: PartyKind | None
    state: ActionState
    since: dt.datetime
    by: Viewer | None
    due_on: dt.date
    done_at: dt.datetime | None

    def is_overdue(self, on: dt.date) -> bool:
        """Tell whether its date is past and it is not done, or not as agreed."""
        return self.state in {ActionState.OPEN, ActionState.DISPUTED} and on > self.due_on

    @property
    def is_settled(self) -> bool:
        """Tell whether nobody is waiting for anybody: the family confirmed it, or did it itself."""
        done_by_family = self.state is ActionState.DONE and self.owner is PartyKind.FAMILY
        return self.state is ActionState.CONFIRMED or done_by_family


def possible_changes(
    facts: ActionFacts, viewer: Viewer, *, is_owner: bool, at: dt.datetime, on: dt.date
) -> frozenset[ActionChange]:
    """Return what ``viewer`` may say of the action at ``at``, which is the London date ``on``.

    ``is_owner``: the viewer is of the party that is to do it. The provider may say for anybody what they told it.
    """
    state, provider = facts.state, viewer is Viewer.PROVIDER
    checks = (provider or viewer is Viewer.FAMILY) and facts.owner is not PartyKind.FAMILY
    found = set()
    if (is_owner or provider) and state in {ActionState.OPEN, ActionState.DISPUTED}:
        found.add(ActionChange.DONE)
    if checks and state in {ActionState.DONE, ActionState.DISPUTED}:
        found.add(ActionChange.CONFIRM)
    if checks and (state is ActionState.DONE or (state is ActionState.OPEN and on > facts.due_on)):
        found.add(ActionChange.DISPUTE)
    recent = at - facts.since <= UNDO_WITHIN
    if state is not ActionState.OPEN and facts.by is viewer and recent and (is_owner or checks or provider):
        found.add(ActionChange.TAKE_BACK)
    return frozenset(found)


def state_after(facts: ActionFacts, change: ActionChange) -> ActionState:
    """Return how the action stands after a possible ``change``."""
    if change is not ActionChange.TAKE_BACK:
        return LEADS_TO[change]
    was_done = facts.state is not ActionState.DONE and facts.done_at is not None
    return ActionState.DONE if was_done else ActionState.OPEN


def is_complete(kind: OutcomeKind, actions: Iterable[ActionFacts]) -> bool:
    """Tell whether a case closes by itself: all was agreed, and all that was to be done is done and confirmed."""
    known = list(actions)
    return kind is OutcomeKind.FULL and bool(known) and all(action.is_settled for action in known)
