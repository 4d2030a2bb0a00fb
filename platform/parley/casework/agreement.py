"""What a meeting came to, as it is drafted in confidence and, once every side confirmed it, released. Pure.

The same text passes from the compartment to the open side; this module knows neither.
"""

import dataclasses
import datetime as dt
import enum
import json
import uuid
from collections.abc import Sequence

#: Enqueued by the compartment when somebody confirmed a copy; run by the open side, which then holds the outcome.
RELEASE = "outcomes.release"

#: A point, an action or an issue is a sentence or two; the whole fits on a page or two.
LONGEST_ITEM = 1000
MOST_ITEMS = 20

#: What is agreed for later than this is a slip of the pen.
FURTHEST = dt.timedelta(days=3 * 366)


class OutcomeKind(enum.StrEnum):
    """How far a meeting came."""

    FULL = "full"
    PARTIAL = "partial"
    """Some points are agreed and some issues remain, which may narrow an appeal."""
    NONE = "none"
    BACK_TO_PANEL = "back_to_panel"
    """The council looks at its decision again: real, and not final."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ActionText:
    """Something that a party (by its id), or the provider (None), is to do by a London date."""

    what: str
    owner_id: uuid.UUID | None
    due_on: dt.date


@dataclasses.dataclass(frozen=True, kw_only=True)
class AgreementText:
    """An outcome in words: what is agreed, who does what by when, and what remains."""

    kind: OutcomeKind
    points: tuple[str, ...] = ()
    actions: tuple[ActionText, ...] = ()
    remaining: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return it as text that ``from_json`` reads."""
        return json.dumps(
            {
                "kind": self.kind.value,
                "points": self.points,
                "actions": [
                    {
                        "what": action.what,
                        "owner_id": str(action.owner_id) if action.owner_id else None,
                        "due_on": action.due_on.isoformat(),
                    }
                    for action in self.actions
                ],
                "remaining": self.remaining,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> "AgreementText":
        """Read what ``to_json`` wrote."""
        read = json.loads(text)
        return cls(
            kind=OutcomeKind(read["kind"]),
            points=tuple(read["points"]),
            actions=tuple(
                ActionText(
                    what=action["what"],
                    owner_id=uuid.UUID(action["owner_id"]) if action["owner_id"] else None,
                    due_on=dt.date.fromisoformat(action["due_on"]),
                )
                for action in read["actions"]
            ),
            remaining=tuple(read["remaining"]),
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Confirmation:
    """That a side confirmed its own copy: which party, when, and whether it was read back and confirmed by phone."""

    party_id: uuid.UUID
    at: dt.datetime
    spoken: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConfirmedAgreement:
    """A draft that every side confirmed: all that ever leaves the compartment, and only then."""

    draft_id: uuid.UUID
    meeting_id: uuid.UUID
    version: int
    text: AgreementText
    confirmations: tuple[Confirmation, ...]


def agreement_problems(text: AgreementText, parties: frozenset[uuid.UUID], on: dt.date) -> dict[str, list[str]]:
    """Return what keeps ``text`` from being put to the parties on ``on``: field to messages for people.

    ``parties`` are those who were at the meeting: nobody else but the provider can be given something to do. The fields
    are "points", "remaining", "actions", and "action_0", "action_1" ... for one action.
    """
    found = _kind_problems(text)
    for field, items in (("points", text.points), ("remaining", text.remaining)):
        if problem := _items_problem(items):
            found.setdefault(field, []).append(problem)
    if len(text.actions) > MOST_ITEMS:
        found.setdefault("actions", []).append(f"Enter at most {MOST_ITEMS} actions")
    for index, action in enumerate(text.actions):
        if problem := _action_problem(action, parties, on):
            found[f"action_{index}"] = [problem]
    return found


def _kind_problems(text: AgreementText) -> dict[str, list[str]]:
    agreed = bool(text.points or text.actions)
    match text.kind:
        case OutcomeKind.FULL if not agreed:
            return {"points": ["Enter what was agreed"]}
        case OutcomeKind.FULL if text.remaining:
            return {"remaining": ["If issues remain, the agreement is a partial one"]}
        case OutcomeKind.PARTIAL if not agreed or not text.remaining:
            field = "remaining" if agreed else "points"
            return {field: ["Enter both what was agreed and what remains"]}
        case OutcomeKind.NONE if agreed:
            return {"kind": ["If something was agreed, the agreement is a full or a partial one"]}
        case OutcomeKind.BACK_TO_PANEL if not text.actions:
            return {"actions": ["Enter what the council looks at again, and by when"]}
    return {}


def _items_problem(items: Sequence[str]) -> str | None:
    if len(items) > MOST_ITEMS:
        return f"Enter at most {MOST_ITEMS}"
    if any(len(item) > LONGEST_ITEM for item in items):
        return f"Each must be {LONGEST_ITEM:,} characters or fewer"
    return None


def _action_problem(action: ActionText, parties: frozenset[uuid.UUID], on: dt.date) -> str | None:
    if not action.what.strip():
        return "Enter what is to be done"
    if len(action.what) > LONGEST_ITEM:
        return f"What is to be done must be {LONGEST_ITEM:,} characters or fewer"
    if action.owner_id is not None and action.owner_id not in parties:
        return "Choose who does it"
    if not on <= action.due_on <= on + FURTHEST:
        return "The date must be today or later, and within three years"
    return None
