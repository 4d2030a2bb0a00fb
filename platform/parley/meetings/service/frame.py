"""What every use case of a meeting begins with: the open meeting of the case, and the places of those who come."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select

from parley.casework.clocks import NewClock
from parley.casework.domain import ClockBasis, ClockCode, Viewer
from parley.casework.service.record import Act
from parley.kernel.errors import Conflict, NotFound
from parley.meetings import queries
from parley.meetings.domain import OPEN_STATES, Invitee, MeetingState
from parley.meetings.models import Attendance, Meeting


def open_meeting(act: Act, seen: int | None) -> Meeting | None:
    """Return the case's meeting that is still to be held, if there is one.

    ``seen`` is the version of it that the actor had before them, None for no open meeting. Raises Conflict when it
    has changed since.
    """
    meeting = act.session.scalar(
        select(Meeting)
        .where(
            Meeting.authority_id == act.case.authority_id,
            Meeting.case_id == act.case.id,
            Meeting.state.in_(OPEN_STATES),
        )
        # The case is locked now: read it as it stands, whatever the page had loaded before.
        .execution_options(populate_existing=True)
    )
    if (meeting.version if meeting else None) != seen:
        raise Conflict(
            "Somebody changed the meeting since this page was opened. Open it again to see how it stands now.",
            code="meeting-moved-on",
        )
    return meeting


def require_open(act: Act, seen: int, *states: MeetingState) -> Meeting:
    """Return the case's open meeting. Raises Conflict unless it is in one of ``states`` and was seen as it stands."""
    meeting = open_meeting(act, seen)
    if meeting is None or meeting.state not in states:
        raise Conflict("That cannot be done with the meeting as it stands now.", code="meeting-moved-on")
    return meeting


def current_meeting(act: Act) -> Meeting:
    """Return the case's open meeting, whatever was seen of it. Raises NotFound when there is none."""
    meeting = act.session.scalar(
        select(Meeting).where(
            Meeting.authority_id == act.case.authority_id,
            Meeting.case_id == act.case.id,
            Meeting.state.in_(OPEN_STATES),
        )
    )
    if meeting is None:
        raise NotFound
    return meeting


def invitees_of(act: Act) -> list[Invitee]:
    """Return who is to come."""
    return queries.invitees(act.session, authority_id=act.case.authority_id, case_id=act.case.id)


def attendances(act: Act, meeting: Meeting, invitees: Sequence[Invitee]) -> dict[uuid.UUID, Attendance]:
    """Return the place of each invitee (by member id), making those that are not there yet.

    A new place has the supporter whom the person had at an earlier meeting of the case, and at the first one whom they
    named in the request; the person may change it, and the other sides learn who it is only if the person says so.
    """
    rows = act.session.scalars(
        select(Attendance)
        .where(Attendance.authority_id == meeting.authority_id, Attendance.case_id == meeting.case_id)
        .order_by(Attendance.id)
    ).all()
    found = {row.member_id: row for row in rows if row.meeting_id == meeting.id}
    before = {row.member_id: row for row in rows if row.meeting_id != meeting.id}
    for invitee in invitees:
        if invitee.member_id not in found:
            earlier = before.get(invitee.member_id)
            found[invitee.member_id] = place = Attendance(
                authority_id=meeting.authority_id,
                case_id=meeting.case_id,
                meeting_id=meeting.id,
                member_id=invitee.member_id,
                supporter_name=earlier.supporter_name if earlier else invitee.supporter.strip(),
                supporter_relation=earlier.supporter_relation if earlier else "",
                supporter_shared=earlier.supporter_shared if earlier else False,
                needs={},
                sequence=0,
                changed_at=act.at,
            )
            act.session.add(place)
    return found


def entries_changed(places: Sequence[Attendance], at: dt.datetime) -> None:
    """Give each of ``places`` whose person has a calendar entry the next number of it; an ended one stays as it is."""
    for place in places:
        if place.invited_at is not None and place.left_at is None:
            place.sequence += 1
            place.changed_at = at


def places_of(act: Act, meeting: Meeting) -> list[Attendance]:
    """Return every place there is in the meeting, of people who left the case too."""
    return list(
        act.session.scalars(
            select(Attendance).where(
                Attendance.authority_id == meeting.authority_id, Attendance.meeting_id == meeting.id
            )
        )
    )


def meeting_clock(day: dt.date) -> NewClock:
    """Return the date of the meeting as a clock: nobody's promise but the people's own, kept by the provider."""
    return NewClock(code=ClockCode.MEETING_ON, basis=ClockBasis.OUR_AIM, binds=Viewer.PROVIDER, due_on=day)
