"""A family's own meeting: times that suit, when and where they go, who supports them, what they bring."""

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
from parley.meetings.views import MeetingView
from parley.web import current
from parley.workspaces import own_meeting as pages
from parley.workspaces.family.council import council_of_case
from parley.workspaces.family.status import own_case
from parley.workspaces.meeting_forms import PreparationForm, preparation_data

_MEETING = "/requests/<uuid:case_id>/meeting"
_BOTH = ("GET", "POST")


@requires(Permission.FAMILY_ASK)
def meeting(case_id: uuid.UUID) -> str:
    """Show when and where the person goes, or which times are suggested."""
    return pages.meeting_page(_opened(case_id))


@requires(Permission.FAMILY_ASK)
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


@requires(Permission.FAMILY_ASK)
def preparation(case_id: uuid.UUID) -> ResponseReturnValue:
    """Ask who supports the person, and what they bring."""
    own = _opened(case_id)
    form = PreparationForm(data=preparation_data(pages.person_of(own)))

    def save() -> None:
        proposing.prepare_own(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=own.view.authority_id,
            case_id=case_id,
            preparation=form.preparation(),
        )

    return pages.preparation_page(own, form, save)


@requires(Permission.FAMILY_ASK)
def calendar(case_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """Give the person's own calendar entry."""
    return pages.calendar_download(_opened(case_id), member_id)


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages, and the block on the page of a request, to the family's."""
    blueprint.context_processor(lambda: {"meeting_block": _block})
    blueprint.add_url_rule(_MEETING, "meeting", meeting)
    blueprint.add_url_rule(f"{_MEETING}/times", "meeting_times", times, methods=_BOTH)
    blueprint.add_url_rule(f"{_MEETING}/preparation", "meeting_preparation", preparation, methods=_BOTH)
    blueprint.add_url_rule(f"{_MEETING}/<uuid:member_id>.ics", "meeting_calendar", calendar)


def _opened(case_id: uuid.UUID) -> pages.OwnMeeting:
    view = own_case(case_id)
    known = council_of_case(view.policy_version_id)
    return pages.OwnMeeting(
        pages="family",
        view=view,
        meeting=_meeting(view),
        provider=known.provider_name,
        phone=known.contact.phone if known.contact else None,
        brings_supporter=True,
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
        viewer=Viewer.FAMILY,
    )


def _block(view: CaseView) -> Markup:
    return pages.in_short(view, url_for("family.meeting", case_id=view.id))
