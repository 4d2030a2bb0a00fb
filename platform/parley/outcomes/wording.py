"""An outcome in plain words, the same for every side. Pure."""

import datetime as dt
from collections.abc import Mapping

from parley.casework.agreement import OutcomeKind
from parley.outcomes.domain import ActionChange, ActionFacts, ActionState

KINDS: Mapping[OutcomeKind, str] = {
    OutcomeKind.FULL: "Everything was agreed",
    OutcomeKind.PARTIAL: "Some things were agreed, and some were not",
    OutcomeKind.NONE: "Nothing was agreed",
    OutcomeKind.BACK_TO_PANEL: "The council looks at its decision again",
}

TONES: Mapping[OutcomeKind, str] = {
    OutcomeKind.FULL: "good",
    OutcomeKind.PARTIAL: "good",
    OutcomeKind.NONE: "neutral",
    OutcomeKind.BACK_TO_PANEL: "waiting",
}

#: What every page with an outcome says of it.
NOT_BINDING = "What was agreed is not legally binding."
RIGHTS = (
    "It does not take away anybody’s right to complain or to appeal, and it moves no date that the law sets. If an "
    "agreed action is not done, the family can say so here, and can complain to whoever agreed to do it."
)

#: The button of each change, as its own side and as the provider (who records what it was told) reads it.
OWN_BUTTONS: Mapping[ActionChange, str] = {
    ActionChange.DONE: "Mark as done",
    ActionChange.CONFIRM: "Yes, it is done",
    ActionChange.DISPUTE: "Say that it is not done",
    ActionChange.TAKE_BACK: "Undo",
}
PROVIDER_BUTTONS: Mapping[ActionChange, str] = {
    ActionChange.DONE: "Record that it is done",
    ActionChange.CONFIRM: "The family says it is done",
    ActionChange.DISPUTE: "The family says it is not done",
    ActionChange.TAKE_BACK: "Undo",
}

#: Said where the page opens again.
DONE: Mapping[ActionChange, str] = {
    ActionChange.DONE: "It is marked as done. You can undo this for a day.",
    ActionChange.CONFIRM: "It is recorded that this is done. You can undo this for a day.",
    ActionChange.DISPUTE: "It is recorded that this is not done. Every side can read what you wrote.",
    ActionChange.TAKE_BACK: "That was undone.",
}


def action_words(facts: ActionFacts, on: dt.date) -> tuple[str, str]:
    """Return how an action stands on the London date ``on``, in a few words, and the tone."""
    if facts.state is ActionState.DISPUTED:
        return "Not done, the family says", "bad"
    if facts.is_overdue(on):
        return "Overdue", "bad"
    if facts.is_settled:
        return "Done", "good"
    return {ActionState.OPEN: ("To do", "waiting"), ActionState.DONE: ("Marked as done", "good")}[facts.state]
