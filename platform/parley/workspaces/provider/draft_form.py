"""The form in which a mediator writes a draft: what was agreed, who does what by when, what is still open."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from parley.casework.agreement import LONGEST_ITEM, MOST_ITEMS, ActionText, AgreementText, OutcomeKind
from parley.kernel.errors import Invalid
from parley.outcomes.wording import KINDS
from parley.web.fields import Choice, DateField, RadioField, Required, SelectField, TextField
from parley.web.forms import BaseForm

#: Boxes for actions on an empty form, and how many more a filled one offers.
FIRST_ROWS, SPARE_ROWS = 2, 1

#: How the form names the provider itself among those who do something.
PROVIDER = "provider"

_ALL = LONGEST_ITEM * MOST_ITEMS


class DraftForm(BaseForm):
    """What is asked once; actions are added by ``draft_form``, row by row."""

    kind = RadioField(
        "What came of the meeting?",
        [Required("Select what came of the meeting")],
        choices=tuple(Choice(value=kind.value, text=text) for kind, text in KINDS.items()),
    )
    points = TextField(
        "What was agreed",
        hint="Write each point on a line of its own.",
        max_length=_ALL,
        rows=6,
        noun="what was agreed",
    )
    remaining = TextField(
        "What is still open",
        hint="Write each issue on a line of its own, in words that every side can confirm. Nothing that was said in "
        "confidence: a family may print this for an appeal.",
        max_length=_ALL,
        rows=4,
        noun="what is still open",
    )


def draft_form(parties: Mapping[uuid.UUID | None, str], text: AgreementText | None, rows: int) -> DraftForm:
    """Return the form with ``rows`` rows of actions, filled with ``text`` if any.

    ``parties`` are who may be given one, id to name; under None is the provider itself.
    """
    choices = tuple(Choice(value=str(key or PROVIDER), text=name) for key, name in parties.items())
    fields: dict[str, Any] = {}
    for row in range(rows):
        number = row + 1
        fields[f"what_{row}"] = TextField(
            f"Action {number}: what is to be done", max_length=LONGEST_ITEM, rows=2, noun="what is to be done"
        )
        fields[f"owner_{row}"] = SelectField(f"Action {number}: who does it", choices=choices)
        fields[f"due_{row}"] = DateField(f"Action {number}: by when", noun="the date")
    form: type[DraftForm] = type("DraftFormWithActions", (DraftForm,), fields)
    return form(data=_filled(text) if text else {})


def rows_for(text: AgreementText | None) -> int:
    """Return how many rows of actions a form begins with."""
    return min(MOST_ITEMS, len(text.actions) + SPARE_ROWS) if text and text.actions else FIRST_ROWS


def read_text(form: DraftForm, rows: int) -> AgreementText:
    """Return what a valid form says. Raises Invalid for an action that is half written; empty rows are left out."""
    actions, found = [], {}
    for row in _written(form, rows):
        what, owner, due = form[f"what_{row}"].data, form[f"owner_{row}"].data, form[f"due_{row}"].data
        if what and owner and due:
            actions.append(ActionText(what=str(what), owner_id=_owner(str(owner)), due_on=due))
            continue
        for name, missing, message in (
            ("what", not what, "Enter what is to be done"),
            ("owner", not owner, "Choose who does it"),
            ("due", not due, "Enter the date by which it is done"),
        ):
            if missing:
                found[f"{name}_{row}"] = [message]
    if found:
        raise Invalid(found)
    return AgreementText(
        kind=OutcomeKind(form.kind.data),
        points=_lines(form.points.data),
        actions=tuple(actions),
        remaining=_lines(form.remaining.data),
    )


def errors_by_row(invalid: Invalid, form: DraftForm, rows: int) -> Invalid:
    """Return what the rules of an agreement refuse with each action's problem at the row it was written in."""
    written = _written(form, rows)
    placed = {f"action_{index}": f"what_{row}" for index, row in enumerate(written)}
    dates = {f"action_{index}": f"due_{row}" for index, row in enumerate(written)}
    errors: dict[str, Sequence[str]] = {}
    for field, messages in invalid.errors.items():
        at = dates if any("date" in message for message in messages) else placed
        errors[at.get(field, field)] = messages
    return Invalid(errors)


def _written(form: DraftForm, rows: int) -> list[int]:
    """Return the rows in which something was written or chosen."""
    return [
        row
        for row in range(rows)
        if form[f"what_{row}"].data or form[f"owner_{row}"].data or any(_date(form, row).parts.values())
    ]


def _owner(chosen: str) -> uuid.UUID | None:
    return None if chosen == PROVIDER else uuid.UUID(chosen)


def _date(form: DraftForm, row: int) -> DateField:
    field = form[f"due_{row}"]
    if not isinstance(field, DateField):
        raise TypeError("the date of an action is asked by a DateField")
    return field


def _filled(text: AgreementText) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": text.kind.value,
        "points": "\n".join(text.points),
        "remaining": "\n".join(text.remaining),
    }
    for row, action in enumerate(text.actions):
        values |= {
            f"what_{row}": action.what,
            f"owner_{row}": str(action.owner_id or PROVIDER),
            f"due_{row}": action.due_on,
        }
    return values


def _lines(typed: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (typed or "").splitlines() if line.strip())
