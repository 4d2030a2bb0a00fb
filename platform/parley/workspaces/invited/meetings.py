"""An invited person's own side of a meeting: times they can do, when and where they go, what they bring."""

import uuid
from collections.abc import Mapping

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from parley.access.domain import Permission, requires
from parley.casework.domain import Viewer
from parley.casework.views import CaseView
from parley.meetings.domain import SlotAnswer
from parley.meetings.queries import own_meeting
from parley.meetings.service import proposing
from parley.meetings.service.proposing import Preparation
from parley.meetings.views import MeetingView
from parley.web import current
from parley.workspaces import own_meeting as pages
from parley.workspaces import rules
from parley.workspaces.invited.case import opened
from parley.workspaces.meeting_forms import BringForm

_MEETING = "/cases/<uuid:case_id>/meeting"
_BOTH = ("GET", "POST")


@requires(Permission.INVITATION_ANSWER)
def meeting(case_id: uuid.UUID) -> str:
    """Show when and where the person goes, or which times are suggested."""
    return pages.meeting_page(_opened(case_id))


@requires(Permission.INVITATION_ANSWER)
def times(case_id: uuid.UUID) -> ResponseReturnValue:
    """Ask which times the person can do."""
    own = _opened(case_id)

    def record(answers: Mapping[uuid.UUID, SlotAnswer]) -> None:
        proposing.answer_own(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=own.view.authority_id,
            case_id=case_id,
            answers=answers,
        )

    return pages.times_page(own, record, done=f"Your answers were sent to {own.provider}. You can still change them.")


@requires(Permission.INVITATION_ANSWER)
def preparation(case_id: uuid.UUID) -> ResponseReturnValue:
    """Ask what the person brings."""
    own = _opened(case_id)
    person = pages.person_of(own)
    form = BringForm(data={"brings": person.brings if person else ""})

    def save() -> None:
        proposing.prepare_own(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=own.view.authority_id,
            case_id=case_id,
            preparation=Preparation(brings=form.brings.data or ""),
        )

    return pages.preparation_page(own, form, save)


@requires(Permission.INVITATION_ANSWER)
def calendar(case_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """Give the person's own calendar entry."""
    return pages.calendar_download(_opened(case_id), member_id)


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages, and the block on the page of the case, to those of invited people."""
    blueprint.context_processor(lambda: {"meeting_block": _block})
    blueprint.add_url_rule(_MEETING, "meeting", meeting)
    blueprint.add_url_rule(f"{_MEETING}/times", "meeting_times", times, methods=_BOTH)
    blueprint.add_url_rule(f"{_MEETING}/preparation", "meeting_preparation", preparation, methods=_BOTH)
    blueprint.add_url_rule(f"{_MEETING}/<uuid:member_id>.ics", "meeting_calendar", calendar)


def _opened(case_id: uuid.UUID) -> pages.OwnMeeting:
    found = opened(case_id)
    contact = rules.provider_contact(found.policy)
    return pages.OwnMeeting(
        pages="invited",
        view=found.view,
        meeting=_meeting(found.view),
        provider=found.names.provider,
        phone=contact.phone if contact else None,
    )


def _meeting(view: CaseView) -> MeetingView | None:
    identity_id = current.actor().identity_id
    if identity_id is None:
        return None
    return own_meeting(
        current.session(),
        authority_id=view.authority_id,
        case_id=view.id,
        identity_id=identity_id,
        viewer=Viewer.INVITED,
    )


def _block(view: CaseView) -> Markup:
    return pages.in_short(view, url_for("invited.meeting", case_id=view.id))
