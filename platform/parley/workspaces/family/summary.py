"""Check your answers: what was typed, question by question, and who will see what. Pure."""

import dataclasses
import datetime as dt
from typing import Any

from parley.casework.domain import REQUEST_VISIBILITY, PartyKind, StatementKind, Viewer
from parley.web.fields import CheckboxesField, RadioField
from parley.web.formatting import long_date, phone_display
from parley.workspaces.family.assembling import shares_of
from parley.workspaces.family.draft import Draft
from parley.workspaces.family.journey import applicable, filled_form
from parley.workspaces.family.steps.disagreement import labels_of
from parley.workspaces.family.steps.step import Section, Step

_SHOWN_OF_TEXT = 160


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """One answer as it is read back; ``slug`` is the question that changes it, "" for what the check brought."""

    name: str
    value: str
    slug: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Group:
    """The answers of one section."""

    title: str
    lines: tuple[Line, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sight:
    """One row of "who will see what": an item, what was said, and an answer for each reader."""

    item: str
    value: str | None
    answers: tuple[Any, ...]


def groups(draft: Draft) -> list[Group]:
    """Return every answer that is done, by section, each with the question that changes it."""
    lines = [
        (step.section, line)
        for step in applicable(draft)
        if draft.is_done(step.slug)
        for line in lines_as_kept(step, draft)
    ]
    lines += [(Section.DISAGREEMENT, line) for line in _from_check(draft)]
    return [
        Group(title=title, lines=tuple(line for section, line in lines if section == title))
        for title in Section
        if any(section == title for section, _ in lines)
    ]


def _from_check(draft: Draft) -> list[Line]:
    """Return what the check brought about the disagreement, which the request does not ask again."""
    if draft.check is None:
        return []
    answers = draft.check["answers"]
    stage = labels_of("stage", [answers.get("stage")], draft.around.words)
    lines = [Line(name="Where things are", value=", ".join(stage), slug="")]
    for matter in answers.get("matters", ()):
        about = labels_of("about", [matter["about"]], draft.around.words)
        sides = labels_of("against", matter["against"], draft.around.words)
        lines.append(Line(name="What it is about", value=f"{', '.join(about)} (with: {', '.join(sides)})", slug=""))
    return lines


def lines_as_kept(step: type[Step], draft: Draft) -> list[Line]:
    """Return what is kept for one question, line by line."""
    form = filled_form(step, draft)
    form.validate()
    revealed = form.revealed_names()
    shown = [(asked, _value(asked)) for asked in form]
    # What a choice reveals is only read back where it was asked, that is, where something stands in it.
    return [
        Line(name=_name(asked), value=value or step.nothing, slug=step.slug)
        for asked, value in shown
        if value or asked.name not in revealed
    ]


def _name(asked: Any) -> str:
    return str(asked.label.text).removesuffix(" (optional)")


def _value(asked: Any) -> str:
    match asked.data:
        case None | "" | []:
            return ""
        case dt.date() as day:
            return long_date(day)
        case list() as chosen:
            return ", ".join(choice.text for choice in asked.choices if choice.value in chosen)
        case value if isinstance(asked, RadioField) and not isinstance(asked, CheckboxesField):
            return next((choice.text for choice in asked.choices if choice.value == value), "")
        case value if getattr(asked, "input_type", "") == "tel":
            return phone_display(str(value))
        case value:
            return str(value)


_ITEMS = {
    "who_asks": "Who asks",
    "child": "Who it is about",
    "area_and_bodies": "What it is about, and with whom",
    "stage_and_dates": "The stage, and dates of letters",
    "contact": "How to reach you, and the address",
    "safety": "What keeps you safe",
    "access_needs": "What you need to take part",
    "story": "Your story",
    "wish": "What you wish for",
    "child_views": "Their own views",
    "documents": "Your documents",
}
_STATEMENTS = {kind.value: kind for kind in StatementKind}
_KIND_OF_READER = {
    Viewer.LOCAL_AUTHORITY: frozenset({PartyKind.LOCAL_AUTHORITY}),
    Viewer.INVITED: frozenset({PartyKind.SETTING, PartyKind.ICB}),
}
READERS = (Viewer.PROVIDER, Viewer.LOCAL_AUTHORITY, Viewer.INVITED)


def reader_names(draft: Draft) -> list[str]:
    """Return the names of the three readers, in the order of the columns."""
    return [draft.around.provider, draft.around.council, "A school or NHS body that is asked"]


def sights(draft: Draft) -> list[Sight]:
    """Return who will see what of this request when it is sent."""
    table = dict(REQUEST_VISIBILITY)
    # The child's own views are shared as the family's other words are.
    table["child_views"] = table["wish"]
    values = {"who_asks": draft.get("your-name", "name"), "child": draft.child_name} | {
        kind.value: _shortened(body) for kind, body in draft.statements.items()
    }
    return [
        Sight(
            item=text,
            value=values.get(item),
            answers=tuple(_answer(item, reader, table[item][reader], draft) for reader in READERS),
        )
        for item, text in _ITEMS.items()
        if item not in _STATEMENTS or _STATEMENTS[item] in draft.statements
    ]


def _answer(item: str, reader: Viewer, kind: str, draft: Draft) -> Any:
    match kind:
        case "share":
            shared = {
                party
                for statement, party in shares_of(draft)
                if statement is _STATEMENTS.get(item) and party in _KIND_OF_READER[reader]
            }
            return {"kind": "yes", "text": "You share it"} if shared else "ask"
        case "summary":
            return {"kind": "ask", "text": "In short, if it may be asked"}
        case "logistics":
            return {"kind": "ask", "text": "Only what a meeting needs"}
        case _:
            return kind


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_OF_TEXT else f"{line[:_SHOWN_OF_TEXT].rstrip()} …"
