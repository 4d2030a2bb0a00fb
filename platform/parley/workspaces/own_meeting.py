"""A case's meeting as one of its sides goes to it: the pages that family, council and invited people have alike.

Each audience says how it opens a case, which use cases record its answers, and which permission each page takes
(``add_pages``).
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from flask import Blueprint, Response, flash, get_template_attribute, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from parley.access.domain import Actor, Permission
from parley.casework.domain import CaseState
from parley.casework.views import CaseView
from parley.db.session import Session
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.meetings.calendar import FILE_NAME, CalendarEntry, calendar_file
from parley.meetings.domain import ASKING_STATES, MeetingState, SlotAnswer
from parley.meetings.queries import calendar_entry, meeting_in_short, own_meeting
from parley.meetings.service.proposing import Preparation, answer_own, prepare_own
from parley.meetings.views import MeetingView
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
from parley.workspaces.case_pages import CasePages
from parley.workspaces.meeting_forms import BringForm, PreparationForm, preparation_data, read_answers, times_form

_BOTH = ("GET", "POST")


@dataclasses.dataclass(frozen=True, kw_only=True)
class MeetingPermissions:
    """What each of these pages takes of an audience's people."""

    meeting: Permission
    times: Permission
    preparation: Permission
    calendar: Permission


class AnswerTimes(Protocol):
    """A use case that records which of the suggested times one side can do."""

    def __call__(
        self,
        session: Session,
        *,
        actor: Actor,
        at: dt.datetime,
        authority_id: uuid.UUID,
        case_id: uuid.UUID,
        answers: Mapping[uuid.UUID, SlotAnswer],
    ) -> None:
        """Record ``answers``, by slot id."""


class Prepare(Protocol):
    """A use case that keeps how one side prepares."""

    def __call__(
        self,
        session: Session,
        *,
        actor: Actor,
        at: dt.datetime,
        authority_id: uuid.UUID,
        case_id: uuid.UUID,
        preparation: Preparation,
    ) -> None:
        """Keep ``preparation``."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OwnMeeting:
    """A case and its meeting before somebody of one side.

    ``answer`` and ``prepare`` record what they say. ``whose`` is "I", or "We" where one answers for several.
    """

    view: CaseView
    meeting: MeetingView | None
    provider: str
    phone: str | None
    answer: AnswerTimes = answer_own
    prepare: Prepare = prepare_own
    whose: str = "I"
    brings_supporter: bool = False

    def address(self, endpoint: str, **more: Any) -> str:
        """Return the address of one of the audience's pages about the case, on a page of the same audience."""
        return url_for(f".{endpoint}", case_id=self.view.id, **more)

    def shown(self) -> MeetingView:
        """Return the meeting. Raises NotFound before there is one."""
        if self.meeting is None:
            raise NotFound
        return self.meeting

    def answers(self) -> dict[uuid.UUID, SlotAnswer]:
        """Return what this side answered, by slot; a council's people answer alike."""
        return {slot.id: next(iter(slot.answers.values())) for slot in self.shown().slots if slot.answers}


def add_pages(
    blueprint: Blueprint, address: str, opened: Callable[[uuid.UUID], OwnMeeting], permissions: MeetingPermissions
) -> None:
    """Add these pages, and the block on the page of a case, to an audience's."""
    case = CasePages(blueprint=blueprint, address=address, opened=opened)
    case.add("/meeting", "meeting", meeting_page, permissions.meeting)
    case.add("/meeting/times", "meeting_times", times_page, permissions.times, methods=_BOTH)
    case.add("/meeting/preparation", "meeting_preparation", preparation_page, permissions.preparation, methods=_BOTH)
    case.add("/meeting/<uuid:member_id>.ics", "meeting_calendar", calendar_download, permissions.calendar)
    blueprint.context_processor(lambda: {"meeting_block": _block})


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


def times_page(own: OwnMeeting) -> ResponseReturnValue:
    """Ask which of the suggested times this side can do."""
    meeting = own.shown()
    if not meeting.asks:
        raise Conflict("Those times are no longer asked about. Open the page again.", code="slots-gone")
    form = times_form(meeting, own.answers(), whose=own.whose)
    if form.validate_on_submit():
        own.answer(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=own.view.authority_id,
            case_id=own.view.id,
            answers=read_answers(form, meeting),
        )
        flash(f"Your answers were sent to {own.provider}. You can still change them.")
        return redirect(own.address("meeting"), 303)
    page = render_template(
        "meeting/times.html", own=own, view=own.view, form=form, mode=MODES[meeting.mode], back=own.address("meeting")
    )
    return page, 422 if form.was_sent else 200


def preparation_page(own: OwnMeeting) -> ResponseReturnValue:
    """Ask who supports somebody, if they are of a family, and what they bring."""
    meeting = own.shown()
    if not meeting.is_open:
        raise Conflict("This meeting is over or was cancelled.", code="meeting-moved-on")
    # The council's people prepare alike: what stands for the first of them stands for all.
    person = next(iter(meeting.people), None)
    form = (PreparationForm if own.brings_supporter else BringForm)(data=preparation_data(person))
    if form.validate_on_submit():
        try:
            own.prepare(
                current.session(),
                actor=current.actor(),
                at=current.now(),
                authority_id=own.view.authority_id,
                case_id=own.view.id,
                preparation=form.preparation(),
            )
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
    return calendar_answer(entry)


def calendar_answer(entry: CalendarEntry | None) -> Response:
    """Return a calendar entry as a file to keep. Raises NotFound for none."""
    if entry is None:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(calendar_file(entry), content_type="text/calendar; charset=utf-8", headers=headers)


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


def in_short(view: CaseView, href: str, *, suggest: bool = False, asked: str = "") -> Markup:
    """Return the case's meeting in two lines for the page of the case, which leads to ``href``.

    Nothing before there is one; with ``suggest``, that one can be arranged. ``asked`` is what the reader is asked while
    times are suggested.
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
            what, link = asked, "See the suggested times"
    block: Callable[..., Markup] = get_template_attribute("components/meeting.html", "in_short")
    return block(state, tone, what, href, link)


def meeting_of(view: CaseView) -> MeetingView | None:
    """Return the case's meeting as the one person who looks sees it: their own place and answers alone."""
    return own_meeting(
        current.session(),
        authority_id=view.authority_id,
        case_id=view.id,
        identity_id=current.identity_id(),
        viewer=view.viewer,
    )


def _block(view: CaseView) -> Markup:
    asked = "Say which of the times suit, if you have not yet."
    return in_short(view, url_for(".meeting", case_id=view.id), asked=asked)


def _said(own: OwnMeeting, answer: SlotAnswer | None) -> str:
    return ANSWERS[answer].replace("I ", f"{own.whose} ") if answer else "Not answered yet"
