"""What every page about a case's meeting begins with, and how one of its acts is shown and done."""

import dataclasses
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission
from parley.kernel.errors import Conflict, Invalid, Refused
from parley.meetings.queries import provider_meeting
from parley.meetings.views import AttendeeView, MeetingView
from parley.web import current
from parley.web.forms import BaseForm
from parley.workspaces.provider.act_page import ActPage
from parley.workspaces.provider.opening import Opened, opened

#: The address of a case's meeting, below which everything that is done with it stands.
MEETING = "/cases/<uuid:authority_id>/<uuid:case_id>/meeting"


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpenedMeeting:
    """A case that somebody of the provider has before them, with its newest meeting if there is one."""

    case: Opened
    meeting: MeetingView | None

    @property
    def ids(self) -> dict[str, uuid.UUID]:
        """What names the case in addresses and services."""
        return {"authority_id": self.case.view.authority_id, "case_id": self.case.view.id}

    @property
    def seen(self) -> int | None:
        """The version of the open meeting on this page; None when none is open."""
        return self.meeting.version if self.meeting is not None and self.meeting.is_open else None

    def address(self, endpoint: str, **more: Any) -> str:
        """Return the address of a page about the case."""
        view = self.case.view
        return url_for(f"provider.{endpoint}", authority_id=view.authority_id, case_id=view.id, **more)

    def open_meeting(self) -> MeetingView:
        """Return the meeting that is still to be held. Raises Conflict when there is none."""
        if self.meeting is None or not self.meeting.is_open:
            raise Conflict(
                "There is no meeting to be held any more. Open the case again to see how it stands now.",
                code="meeting-moved-on",
            )
        return self.meeting

    def person(self, member_id: uuid.UUID) -> AttendeeView:
        """Return somebody who is to come. Raises Conflict when they are not any more."""
        found = self.open_meeting().person(member_id)
        if found is None:
            raise Conflict("This person takes no part in the meeting any more.", code="meeting-moved-on")
        return found


def opened_meeting(authority_id: uuid.UUID, case_id: uuid.UUID) -> OpenedMeeting:
    """Return the case in the address with its meeting. Raises NotFound for one that the provider does not hold."""
    found = opened(authority_id, case_id)
    meeting = provider_meeting(current.session(), authority_id=authority_id, case_id=case_id)
    return OpenedMeeting(case=found, meeting=meeting)


def require_leading() -> None:
    """Raise Refused unless the person coordinates cases or leads meetings."""
    actor = current.actor()
    if not (actor.may(Permission.CASE_COORDINATE) or actor.may(Permission.CASE_MEDIATE)):
        raise Refused("Only whoever coordinates the case or leads the meeting can do this.")


def meeting_act(
    found: OpenedMeeting,
    page: ActPage,
    form: BaseForm,
    do: Callable[[], str],
    *,
    take: Callable[[Invalid], None] | None = None,
    groups: Sequence[tuple[str, Sequence[str]]] = (),
    **shown: object,
) -> ResponseReturnValue:
    """Show an act's page, or do it when its form was sent rightly, and lead back to the meeting.

    ``do`` calls the one service and returns what the meeting's page says then. What it refuses as Invalid is shown
    beside its fields, by ``take`` where names differ. ``groups`` set fields below a heading.
    """
    if form.validate_on_submit():
        try:
            done = do()
        except Invalid as invalid:
            (take or form.take_errors)(invalid)
        else:
            flash(done)
            return redirect(found.address("meeting"), 303)
    grouped = {name for _, names in groups for name in names}
    body = render_template(
        page.template,
        page=page,
        form=form,
        view=found.case.view,
        desk=found.case.desk,
        back=found.address("meeting"),
        groups=groups,
        single=[name for name in form._fields if name not in grouped],
        **shown,
    )
    return body, 422 if form.was_sent else 200
