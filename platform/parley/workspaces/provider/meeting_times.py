"""Suggesting times, recording answers, fixing one with its places, moving it. The coordinator's pages."""

import uuid
from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework.domain import CaseState
from parley.casework.request import MeetingMode
from parley.kernel.errors import Conflict, Invalid
from parley.law.domain import LawVersion, Limit
from parley.meetings.domain import SlotAnswer, notice_is_short
from parley.meetings.queries import mediators
from parley.meetings.service import changing, fixing, proposing
from parley.meetings.views import MeetingView
from parley.meetings.wording import period_words, register_words
from parley.tenancy import queries as tenancy
from parley.web import current
from parley.web.fields import Choice
from parley.web.forms import BaseForm
from parley.workspaces.meeting_forms import read_answers, times_form
from parley.workspaces.provider import meeting_forms
from parley.workspaces.provider.act_page import ActPage
from parley.workspaces.provider.meeting_page import MEETING, OpenedMeeting, meeting_act, opened_meeting
from parley.workspaces.provider.opening import provider_id
from parley.workspaces.rules import law_of

#: Said of a suggested time that has come too near for the notice a family has a right to.
TOO_SOON = "Less than {notice} from now: only if the family says that this is enough."

_BOTH = ("GET", "POST")
_FORM = "provider/meeting_form.html"
_PLACES = "provider/meeting_places.html"


@requires(Permission.CASE_COORDINATE)
def propose(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Suggest times to everybody."""
    found = opened_meeting(authority_id, case_id)
    if found.case.view.standing is not CaseState.AGREED:
        raise Conflict("Times can be suggested once everybody has agreed and while none is fixed.", code="not-agreed")
    form = meeting_forms.slots_form(moved=False, mode=found.meeting.mode if found.meeting else _wished_mode(found))
    rows: list[int] = []

    def do() -> str:
        periods = form.periods()
        rows[:] = [row for row, _ in periods]
        proposing.propose_times(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            mode=MeetingMode(form["mode"].data),
            slots=[period for _, period in periods],
            seen=found.seen,
            **found.ids,
        )
        return "The times are suggested. Everybody in the case is asked which they can do."

    page = ActPage(
        title="Suggest times for a meeting",
        does=(
            "Everybody in the case is asked which of these they can do. Nobody sees what another answered but you.",
            "Those whom mail does not reach become tasks for you.",
        ),
        button="Suggest these times",
        template=_FORM,
    )
    return meeting_act(
        found,
        page,
        form,
        do,
        take=lambda invalid: form.take_slot_errors(invalid, rows),
        groups=meeting_forms.slot_groups(),
        wishes=_wishes(found),
    )


@requires(Permission.CASE_COORDINATE)
def new_times(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Give up the fixed time and ask everybody for others."""
    found = opened_meeting(authority_id, case_id)
    shown = found.open_meeting()
    form, rows = meeting_forms.slots_form(moved=True, mode=shown.mode), list[int]()

    def do() -> str:
        periods = form.periods()
        rows[:] = [row for row, _ in periods]
        changing.ask_for_new_times(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            asked_by=meeting_forms.asked_by_of(form),
            mode=MeetingMode(form["mode"].data),
            slots=[period for _, period in periods],
            policy=found.case.policy(),
            seen=shown.version,
            **found.ids,
        )
        return "The old time is given up, and everybody is asked for another"

    page = ActPage(
        title="Ask everybody for other times",
        does=(
            "The fixed time is given up at once: calendars take it out, and the mediator is free then. It comes back "
            "when you fix another.",
        ),
        button="Give up the time and ask",
        tone="warning",
        template=_FORM,
    )
    return meeting_act(
        found,
        page,
        form,
        do,
        take=lambda invalid: form.take_slot_errors(invalid, rows),
        groups=meeting_forms.slot_groups(),
        wishes=_wishes(found),
    )


@requires(Permission.CASE_COORDINATE)
def answers(authority_id: uuid.UUID, case_id: uuid.UUID, member_id: uuid.UUID) -> ResponseReturnValue:
    """Write down which times somebody can do, as they said."""
    found = opened_meeting(authority_id, case_id)
    shown, person = found.open_meeting(), found.person(member_id)
    known = {slot.id: slot.answers[member_id] for slot in shown.slots if member_id in slot.answers}
    form = times_form(shown, known, whose="They")

    def do() -> str:
        proposing.answer_as_told(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            member_id=member_id,
            answers=read_answers(form, shown),
            **found.ids,
        )
        return f"What {person.name} said is noted"

    page = ActPage(title=f"Which times suit {person.name}?", does=(), button="Save", template=_FORM)
    return meeting_act(found, page, form, do)


@requires(Permission.CASE_COORDINATE)
def mediator(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Say who leads the meeting."""
    found = opened_meeting(authority_id, case_id)
    shown = found.open_meeting()
    day = shown.period.day if shown.period and not shown.asks else current.today()
    choices = tuple(
        Choice(value=record.id.hex, text=f"{record.name} ({register_words(record.registration)})")
        for record in mediators(current.session(), provider_id=provider_id())
        if not record.retired and record.registration.is_valid_on(day)
    )
    fields = {"mediator": meeting_forms.mediator_field(choices)}
    form = type("AskMediatorForm", (BaseForm,), fields)(
        data={"mediator": shown.mediator.id.hex if shown.mediator else None}
    )

    def do() -> str:
        fixing.assign_mediator(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            mediator_id=uuid.UUID(hex=form["mediator"].data),
            seen=shown.version,
            **found.ids,
        )
        return "The mediator is assigned"

    page = ActPage(
        title="Assign a mediator",
        does=(
            "Only those are offered whose register entry is complete and has not run out. Everybody in the case reads "
            "the name and the entry.",
            "Ask first whether they know anybody in the case.",
        ),
        button="Assign",
        template=_FORM,
    )
    return meeting_act(found, page, form, do, no_mediators=not choices)


@requires(Permission.CASE_COORDINATE)
def fix(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Fix a time, and where everybody goes."""
    found = opened_meeting(authority_id, case_id)
    shown = found.open_meeting()
    field = meeting_forms.slot_field(
        shown, _tallies(shown, law_of(found.case.view)), {slot.id: period_words(slot.period) for slot in shown.slots}
    )
    form = meeting_forms.arrangement_form(
        shown, {"slot": field}, notice=_notice(law_of(found.case.view)), link_template=_link_template()
    )

    def do() -> str:
        fixing.fix_meeting(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            slot_id=uuid.UUID(hex=form["slot"].data),
            arrangement=form.arrangement(shown.people),
            seen=shown.version,
            **found.ids,
        )
        return "The meeting is fixed. Everybody hears of it, each with their own place and calendar entry."

    page = ActPage(
        title="Fix the time and place",
        does=("Everybody reads their own time, place and link, and nobody else’s.",),
        button="Fix the meeting",
        template=_PLACES,
    )
    return _arranged(found, page, form, do)


@requires(Permission.CASE_COORDINATE)
def move(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Move the meeting to a time that everybody has agreed to."""
    found = opened_meeting(authority_id, case_id)
    shown = found.open_meeting()
    form = meeting_forms.arrangement_form(shown, meeting_forms.moved_fields(), notice=_notice(law_of(found.case.view)))

    def do() -> str:
        fixing.move_meeting(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            asked_by=meeting_forms.asked_by_of(form),
            period=meeting_forms.period_of(form),
            arrangement=form.arrangement(shown.people),
            seen=shown.version,
            **found.ids,
        )
        return "The meeting is moved. Everybody hears of it."

    page = ActPage(
        title="Move the meeting",
        does=("For a time that you have agreed with everybody already. To ask them first, ask for other times.",),
        button="Move the meeting",
        template=_PLACES,
    )
    return _arranged(found, page, form, do)


@requires(Permission.CASE_COORDINATE)
def places(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Change where people go, at the same time."""
    found = opened_meeting(authority_id, case_id)
    shown = found.open_meeting()
    form = meeting_forms.arrangement_form(shown, {})

    def do() -> str:
        changed = fixing.change_places(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            arrangement=form.arrangement(shown.people),
            seen=shown.version,
            **found.ids,
        )
        return "Saved. Those hear of it for whom something changed." if changed else "Saved. Nobody goes elsewhere."

    page = ActPage(
        title="Change where people go",
        does=("Only those hear of it for whom something changes, each of their own.",),
        button="Save",
        template=_PLACES,
    )
    return _arranged(found, page, form, do)


def add_pages(pages: Blueprint) -> None:
    """Add these pages to the provider's."""
    add = pages.add_url_rule
    add(f"{MEETING}/times", "meeting_propose", propose, methods=_BOTH)
    add(f"{MEETING}/times/<uuid:member_id>", "meeting_answers", answers, methods=_BOTH)
    add(f"{MEETING}/mediator", "meeting_mediator", mediator, methods=_BOTH)
    add(f"{MEETING}/fix", "meeting_fix", fix, methods=_BOTH)
    add(f"{MEETING}/places", "meeting_places", places, methods=_BOTH)
    add(f"{MEETING}/move", "meeting_move", move, methods=_BOTH)
    add(f"{MEETING}/new-times", "meeting_new_times", new_times, methods=_BOTH)


def _arranged(
    found: OpenedMeeting, page: ActPage, form: meeting_forms.ArrangementForm, do: Callable[[], str]
) -> ResponseReturnValue:
    people = found.open_meeting().people

    def take(invalid: Invalid) -> None:
        # A time of a move is asked in three fields; what is wrong with it is said at the first.
        errors = {"day" if name == "period" else name: messages for name, messages in invalid.errors.items()}
        form.take_arrangement_errors(Invalid(errors), people)

    own = meeting_forms.own_groups(people)
    return meeting_act(
        found,
        page,
        form,
        do,
        take=take,
        groups=[(person.name, names) for person, names in own],
        own=[(person, meeting_forms.apart_note(person.invitee), names) for person, names in own],
        mediator=found.open_meeting().mediator,
    )


def _notice(law: LawVersion) -> str:
    """Return how long before a meeting a family has to be told of it."""
    return str(law.limits[Limit.MEDIATION_NOTICE].period)


def _tallies(shown: MeetingView, law: LawVersion) -> dict[uuid.UUID, str]:
    """Return what people said to each time, in a line."""
    too_soon = TOO_SOON.format(notice=_notice(law))
    names = {person.member_id: person.name for person in shown.people}
    lines = {}
    for slot in shown.slots:
        said = {
            answer: [names[member] for member, value in slot.answers.items() if value is answer and member in names]
            for answer in SlotAnswer
        }
        silent = [name for member, name in names.items() if member not in slot.answers]
        parts = [
            ("can", said[SlotAnswer.CAN]),
            ("only if needed", said[SlotAnswer.IF_NEEDED]),
            ("cannot", said[SlotAnswer.CANNOT]),
            ("no answer yet", silent),
        ]
        said_of_it = "; ".join(f"{what}: {', '.join(who)}" for what, who in parts if who)
        short = notice_is_short(slot.period.day, current.today(), law)
        lines[slot.id] = f"{too_soon} {said_of_it}" if short else said_of_it
    return lines


def _wishes(found: OpenedMeeting) -> list[tuple[str, str]]:
    """Return what people said of times before anybody suggested any."""
    said = [
        (member.name, str((member.access_needs or {}).get("availability", ""))) for member in found.case.view.members
    ]
    said += [(party.name, f"cannot: {party.unavailable}") for party in found.case.view.parties if party.unavailable]
    return [(name, words) for name, words in said if words]


def _wished_mode(found: OpenedMeeting) -> MeetingMode | None:
    modes = [mode for member in found.case.family() for mode in (member.access_needs or {}).get("modes", ())]
    return MeetingMode(modes[0]) if modes else None


def _link_template() -> str:
    return str(tenancy.provider_by_id(current.session(), provider_id()).profile.get("meeting_link") or "")
