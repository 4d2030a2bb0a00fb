"""A case's meeting as its provider sees it, and what is done with it once it is fixed."""

import uuid

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from parley.access.domain import Permission, requires
from parley.casework.domain import CaseState, PartyKind
from parley.casework.views import CaseView
from parley.meetings.domain import MeetingState, Need, SlotAnswer
from parley.meetings.queries import mediators_entry
from parley.meetings.service import changing, proposing
from parley.meetings.views import AttendeeView, MeetingView
from parley.meetings.wording import (
    ANSWERS,
    MODES,
    NEEDS,
    STATES,
    mediator_words,
    period_words,
)
from parley.web import current
from parley.web.fields import Choice
from parley.workspaces.meeting_forms import SpokenBringForm, SpokenPreparationForm, preparation_data
from parley.workspaces.own_meeting import calendar_answer, in_short
from parley.workspaces.provider import meeting_forms, words
from parley.workspaces.provider.act_page import ActPage
from parley.workspaces.provider.case import Link
from parley.workspaces.provider.meeting_page import MEETING, OpenedMeeting, meeting_act, opened_meeting, require_leading

_BOTH = ("GET", "POST")


@requires(Permission.WORKLIST_READ)
def meeting(authority_id: uuid.UUID, case_id: uuid.UUID) -> str:
    """Show the meeting: times and what people said to them, who comes to where, what they need."""
    found = opened_meeting(authority_id, case_id)
    shown = found.meeting
    return render_template(
        "provider/meeting.html",
        view=found.case.view,
        desk=found.case.desk,
        back=found.address("case"),
        meeting=shown,
        state=STATES[shown.state] if shown else None,
        mode=MODES[shown.mode] if shown else "",
        when=period_words(shown.period) if shown and shown.period and not shown.asks else "",
        mediator=mediator_words(shown.mediator) if shown and shown.mediator else "",
        slots=_slots(shown) if shown and shown.asks else [],
        people=[_person(found, person) for person in shown.people] if shown else [],
        links=_links(found) if current.actor().may(Permission.CASE_COORDINATE) else [],
        is_fixed=shown is not None and shown.state in {MeetingState.FIXED, MeetingState.HELD},
        calendar=found.address("meeting_calendar"),
    )


@requires(Permission.WORKLIST_READ)
def calendar(authority_id: uuid.UUID, case_id: uuid.UUID) -> Response:
    """Give the calendar entry of whoever leads the meeting."""
    found = opened_meeting(authority_id, case_id)
    url = current.external_url(found.address("meeting"))
    return calendar_answer(mediators_entry(current.session(), url=url, **found.ids))


@requires(Permission.CASE_COORDINATE)
def cancel(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Cancel the meeting."""
    found = opened_meeting(authority_id, case_id)
    found.open_meeting()
    form = meeting_forms.CancelForm()

    def do() -> str:
        changing.cancel_meeting(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            asked_by=meeting_forms.asked_by_of(form),
            policy=found.case.policy(),
            seen=found.open_meeting().version,
            **found.ids,
        )
        return "The meeting is cancelled"

    page = ActPage(
        title="Cancel the meeting",
        does=(
            "Everybody who was invited hears of it, and calendars take it out. The case stays open: a meeting is to be "
            "arranged again.",
            "If it only needs another time, move it instead.",
        ),
        button="Cancel the meeting",
        tone="warning",
        template="provider/meeting_form.html",
    )
    return meeting_act(found, page, form, do)


@requires(Permission.WORKLIST_READ)
def held(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Record that the meeting was held."""
    require_leading()
    found = opened_meeting(authority_id, case_id)
    shown, form = found.open_meeting(), meeting_forms.HeldForm()
    form.attended.choices = tuple(
        Choice(value=person.member_id.hex, text=person.name, hint=words.CAPACITIES[person.capacity])
        for person in shown.people
    )

    def do() -> str:
        changing.hold_meeting(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            attended=[uuid.UUID(hex=value) for value in form.attended.data],
            decision_maker_present=form.decision_maker.data == "yes",
            seen=shown.version,
            **found.ids,
        )
        return "It is recorded that the meeting was held"

    page = ActPage(
        title="The meeting was held",
        does=(
            "Those who were there are asked later to confirm what was agreed, each their own copy.",
            "The other sides see that it was held, and not who was there.",
        ),
        button="Record that it was held",
        template="provider/meeting_form.html",
    )
    return meeting_act(found, page, form, do)


@requires(Permission.CASE_COORDINATE)
def needs(authority_id: uuid.UUID, case_id: uuid.UUID, member_id: uuid.UUID) -> ResponseReturnValue:
    """Tick what somebody needs and is arranged."""
    found = opened_meeting(authority_id, case_id)
    person = found.person(member_id)
    form = meeting_forms.NeedsForm(data={"met": [need.need.value for need in person.needs if need.met]})
    form.met.choices = tuple(
        Choice(value=need.need.value, text=NEEDS[need.need], hint=need.words or None) for need in person.needs
    )

    def do() -> str:
        changing.note_needs(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            member_id=member_id,
            met={need.need: need.need.value in form.met.data for need in person.needs},
            **found.ids,
        )
        return "What is arranged is noted"

    page = ActPage(
        title=f"What {person.name} needs",
        does=("They see on their own page what is arranged. Nobody else does.",),
        button="Save",
        template="provider/meeting_form.html",
    )
    return meeting_act(found, page, form, do)


@requires(Permission.CASE_COORDINATE)
def preparation(authority_id: uuid.UUID, case_id: uuid.UUID, member_id: uuid.UUID) -> ResponseReturnValue:
    """Write down who supports somebody and what they bring, as they said it."""
    found = opened_meeting(authority_id, case_id)
    person = found.person(member_id)
    of_family = person.party is PartyKind.FAMILY
    form = (SpokenPreparationForm if of_family else SpokenBringForm)(data=preparation_data(person))

    def do() -> str:
        proposing.prepare_as_told(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            member_id=member_id,
            preparation=form.preparation(),
            **found.ids,
        )
        return f"What {person.name} said is noted"

    page = ActPage(
        title=f"Who comes with {person.name}, and what they bring" if of_family else f"What {person.name} brings",
        does=(
            "Write down what they told you."
            + (" A family’s supporter may be anybody; nobody can object to one." if of_family else ""),
        ),
        button="Save",
        template="provider/meeting_form.html",
    )
    return meeting_act(found, page, form, do)


def add_pages(pages: Blueprint) -> None:
    """Add these pages, and the block on the page of a case, to the provider's."""
    pages.context_processor(lambda: {"meeting_block": block})
    add = pages.add_url_rule
    add(MEETING, "meeting", meeting)
    add(f"{MEETING}/calendar.ics", "meeting_calendar", calendar)
    add(f"{MEETING}/cancel", "meeting_cancel", cancel, methods=_BOTH)
    add(f"{MEETING}/held", "meeting_held", held, methods=_BOTH)
    add(f"{MEETING}/needs/<uuid:member_id>", "meeting_needs", needs, methods=_BOTH)
    add(f"{MEETING}/preparation/<uuid:member_id>", "meeting_preparation", preparation, methods=_BOTH)


def _slots(shown: MeetingView) -> list[tuple[str, list[tuple[str, str]]]]:
    names = {person.member_id: person.name for person in shown.people}
    return [
        (
            period_words(slot.period),
            [(name, answer_words(slot.answers.get(member_id))) for member_id, name in names.items()],
        )
        for slot in shown.slots
    ]


def answer_words(answer: SlotAnswer | None) -> str:
    """Return what somebody said to a time, as others read it."""
    return ANSWERS[answer].replace("I can", "Can") if answer else "No answer yet"


def _person(found: OpenedMeeting, person: AttendeeView) -> dict[str, object]:
    may_coordinate = current.actor().may(Permission.CASE_COORDINATE)
    shown = found.meeting
    is_open = may_coordinate and shown is not None and shown.is_open
    links = []
    if is_open and shown is not None and shown.asks:
        links.append(_link(found, "meeting_answers", "Record which times suit", member_id=person.member_id))
    if is_open and person.needs:
        links.append(_link(found, "meeting_needs", "Tick what is arranged", member_id=person.member_id))
    if is_open:
        brings = "Supporter and papers" if person.party is PartyKind.FAMILY else "Papers they bring"
        links.append(_link(found, "meeting_preparation", brings, member_id=person.member_id))
    return {
        "person": person,
        "role": words.CAPACITIES[person.capacity],
        "note": meeting_forms.apart_note(person.invitee),
        "needs": [
            (NEEDS[need.need], need.words, {True: "good", False: "bad", None: "action"}[need.met], _met(need.met))
            for need in person.needs
            if need.need is not Need.ACCESS or need.words
        ],
        "links": links,
    }


def _met(met: bool | None) -> str:
    return {True: "Arranged", False: "Not arranged", None: "To be arranged"}[met]


def _links(found: OpenedMeeting) -> list[Link]:
    shown = found.meeting
    if shown is None or not shown.is_open:
        agreed = found.case.view.standing is CaseState.AGREED
        return [_link(found, "meeting_propose", "Suggest times")] if agreed else []
    assign = _link(found, "meeting_mediator", "Change the mediator" if shown.mediator else "Assign a mediator")
    end = _link(found, "meeting_cancel", "Cancel the meeting")
    if shown.asks:
        fix = _link(found, "meeting_fix", "Fix the time and place")
        return [fix, assign, _link(found, "meeting_propose", "Suggest other times"), end]
    began = shown.period is not None and shown.period.begins_at <= current.now()
    return [
        *([_link(found, "meeting_held", "It was held")] if began else []),
        _link(found, "meeting_places", "Change where people go"),
        _link(found, "meeting_move", "Move it to another time"),
        _link(found, "meeting_new_times", "Ask everybody for other times"),
        assign,
        end,
    ]


def _link(found: OpenedMeeting, endpoint: str, text: str, **more: uuid.UUID) -> Link:
    return Link(text=text, href=found.address(endpoint, **more))


def block(view: CaseView) -> Markup:
    """Return the meeting in short, for the page of the case."""
    href = url_for("provider.meeting", authority_id=view.authority_id, case_id=view.id)
    return in_short(view, href, suggest=view.standing is CaseState.AGREED)
