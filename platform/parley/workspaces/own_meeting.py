"""A case's meeting as one of its sides goes to it: the pages that family, council and invited people have alike.

Each audience opens the case in its own way, and names the services that record its answers.
"""

import dataclasses
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, flash, get_template_attribute, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from parley.casework.domain import CaseState
from parley.casework.views import CaseView
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.meetings.calendar import FILE_NAME, calendar_file
from parley.meetings.domain import ASKING_STATES, MeetingState, SlotAnswer
from parley.meetings.queries import calendar_entry, meeting_in_short
from parley.meetings.views import AttendeeView, MeetingView
from parley.meetings.wording import (
    ANSWERS,
    MODES,
    OWN_NEEDS,
    STATES,
    mediator_words,
    period_words,
    supporter_words,
)
from parley.web import current
from parley.web.formatting import weekday_date
from parley.web.forms import BaseForm
from parley.workspaces.meeting_forms import read_answers, times_form

CALENDAR = "text/calendar; charset=utf-8"


@dataclasses.dataclass(frozen=True, kw_only=True)
class OwnMeeting:
    """A case and its meeting before somebody of one side. ``pages`` names the blueprint; ``whose`` is "I" or "We"."""

    pages: str
    view: CaseView
    meeting: MeetingView | None
    provider: str
    phone: str | None
    whose: str = "I"
    brings_supporter: bool = False

    def address(self, endpoint: str, **more: Any) -> str:
        """Return the address of one of this audience's pages about the case."""
        return url_for(f"{self.pages}.{endpoint}", case_id=self.view.id, **more)

    def shown(self) -> MeetingView:
        """Return the meeting. Raises NotFound before there is one."""
        if self.meeting is None:
            raise NotFound
        return self.meeting

    def answers(self) -> dict[uuid.UUID, SlotAnswer]:
        """Return what this side answered, by slot; a council's people answer alike."""
        return {slot.id: next(iter(slot.answers.values())) for slot in self.shown().slots if slot.answers}


def meeting_page(own: OwnMeeting) -> str:
    """Show the meeting: what is asked, or when and where this side goes."""
    meeting = own.shown()
    is_fixed = meeting.state in {MeetingState.FIXED, MeetingState.HELD}
    answers = own.answers()
    return render_template(
        "meeting/own.html",
        own=own,
        view=own.view,
        back=own.address("case"),
        meeting=meeting,
        state=STATES[meeting.state],
        mode=MODES[meeting.mode],
        is_fixed=is_fixed,
        mediator=mediator_words(meeting.mediator) if meeting.mediator else "",
        supporters=[supporter_words(supporter) for supporter in meeting.supporters],
        people=[(person, own.address("meeting_calendar", member_id=person.member_id)) for person in meeting.people],
        slots=[(period_words(slot.period), _said(own, answers.get(slot.id))) for slot in meeting.slots if meeting.asks],
        has_answered=bool(meeting.slots) and len(answers) == len(meeting.slots),
        needs=[
            (OWN_NEEDS[need.need], need.words, bool(need.met)) for person in meeting.people for need in person.needs
        ],
        own_supporter=next((person.supporter for person in meeting.people if person.supporter), None),
        brings=next((person.brings for person in meeting.people if person.brings), ""),
        times=own.address("meeting_times"),
        preparation=own.address("meeting_preparation"),
    )


def times_page(
    own: OwnMeeting, record: Callable[[Mapping[uuid.UUID, SlotAnswer]], None], *, done: str
) -> ResponseReturnValue:
    """Ask which of the suggested times this side can do; ``record`` keeps the answers."""
    meeting = own.shown()
    if not meeting.asks:
        raise Conflict("Those times are no longer asked about. Open the page again.", code="slots-gone")
    form = times_form(meeting, own.answers(), whose=own.whose)
    if form.validate_on_submit():
        record(read_answers(form, meeting))
        flash(done)
        return redirect(own.address("meeting"), 303)
    page = render_template(
        "meeting/times.html", own=own, view=own.view, form=form, mode=MODES[meeting.mode], back=own.address("meeting")
    )
    return page, 422 if form.was_sent else 200


def preparation_page(own: OwnMeeting, form: BaseForm, save: Callable[[], None]) -> ResponseReturnValue:
    """Ask who supports somebody, if they are of a family, and what they bring; ``save`` keeps it."""
    meeting = own.shown()
    if not meeting.is_open:
        raise Conflict("This meeting is over or was cancelled.", code="meeting-moved-on")
    if form.validate_on_submit():
        try:
            save()
        except Invalid as invalid:
            form.take_errors(invalid)
        else:
            flash("Saved")
            return redirect(own.address("meeting"), 303)
    page = render_template("meeting/preparation.html", own=own, view=own.view, form=form, back=own.address("meeting"))
    return page, 422 if form.was_sent else 200


def calendar_download(own: OwnMeeting, member_id: uuid.UUID) -> Response:
    """Give the calendar entry of one person of this side. Raises NotFound for anybody else's."""
    if own.shown().person(member_id) is None:
        raise NotFound
    entry = calendar_entry(
        current.session(),
        authority_id=own.view.authority_id,
        case_id=own.view.id,
        member_id=member_id,
        url=current.external_url(own.address("meeting")),
    )
    if entry is None:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(calendar_file(entry), content_type=CALENDAR, headers=headers)


#: In which a case may have a meeting; before, nothing is looked for.
MAY_MEET = frozenset(
    {
        CaseState.AGREED,
        CaseState.MEETING_ARRANGED,
        CaseState.MEETING_HELD,
        CaseState.OUTCOME_RECORDED,
        CaseState.CLOSED,
    }
)


def in_short(view: CaseView, href: str, *, suggest: bool = False) -> Markup:
    """Return the case's meeting in two lines for the page of the case, which leads to ``href``.

    Nothing before there is one; with ``suggest``, that one can be arranged.
    """
    meeting = None
    if view.state in MAY_MEET:
        meeting = meeting_in_short(current.session(), authority_id=view.authority_id, case_id=view.id)
    if meeting is None and not suggest:
        return Markup()
    state, tone, what, link = "", "neutral", "", "Arrange a meeting"
    if meeting is not None:
        state, tone = STATES[meeting.state]
        what = weekday_date(meeting.day) if meeting.day else ""
        link = "See when and where, who leads it, and what is arranged" if meeting.day else "See the meeting"
        if meeting.state in ASKING_STATES:
            link = "See the suggested times"
    block: Callable[..., str] = get_template_attribute("components/meeting.html", "in_short")
    return Markup(block(state, tone, what, href, link))  # noqa: S704  made by the component, which escapes


def person_of(own: OwnMeeting) -> AttendeeView | None:
    """Return the place of the one person who looks, on pages that are one person's."""
    return next(iter(own.shown().people), None)


def _said(own: OwnMeeting, answer: SlotAnswer | None) -> str:
    return ANSWERS[answer].replace("I ", f"{own.whose} ") if answer else "Not answered yet"
