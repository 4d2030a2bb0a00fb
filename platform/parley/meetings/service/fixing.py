"""Assigning a mediator, fixing a time and places, changing them. The provider's acts."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.domain import CaseState, ClockCode, Viewer
from parley.casework.request import MeetingMode
from parley.casework.service.record import Act, begin_act
from parley.casework.timeline import Happening
from parley.db.events import announce
from parley.kernel.clock import london_date
from parley.kernel.errors import Invalid
from parley.law.versions import law_by_id
from parley.meetings.domain import (
    ASKING_STATES,
    OPEN_STATES,
    ArrangementChanged,
    AskedBy,
    Invitee,
    MeetingState,
    OwnPlace,
    Period,
    Places,
    moment_on,
    notice_is_short,
    period_problem,
    place_problems,
    require_move,
)
from parley.meetings.models import Attendance, Meeting, MeetingSlot
from parley.meetings.queries.meeting import fixed_period
from parley.meetings.service import mediators
from parley.meetings.service.frame import (
    attendances,
    entries_changed,
    invitees_of,
    meeting_clock,
    require_open,
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Arrangement:
    """How and where people meet, and what all who come are told.

    ``notice_waived`` is the family's own word that less than the notice it has a right to is enough.
    """

    mode: MeetingMode
    places: Places
    for_everybody: str = ""
    notice_waived: bool = False


def assign_mediator(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    mediator_id: uuid.UUID,
    seen: int,
) -> None:
    """Say who leads the meeting. Commits. For a fixed time the mediator's is taken, and the one before is free again.

    Raises Invalid, naming "mediator", when they are not registered until then or taken; Conflict without an open
    meeting.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    meeting = require_open(act, seen, *OPEN_STATES)
    if meeting.state is MeetingState.FIXED:
        mediators.book(act, meeting, mediator_id, fixed_period(meeting))
    found = mediators.assignable(act, mediator_id, fixed_period(meeting).day if meeting.begins_at else london_date(at))
    meeting.mediator_id = found.id
    meeting.mediator_name = found.name
    meeting.register_body, meeting.register_number = found.register_body, found.register_number
    meeting.registered_until = found.registered_until
    meeting.changed_at = at
    act.audited("mediator_assigned", subject_id=meeting.id, mediator=str(mediator_id))
    session.commit()


def fix_meeting(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    slot_id: uuid.UUID,
    arrangement: Arrangement,
    seen: int,
) -> None:
    """Fix the meeting at one of the suggested times. Commits; everybody hears, each of their own place alone.

    Raises Invalid naming what is missing: "slot", "mediator", "place", "link", "notice_waived", "own_<member id>".
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    act.require_going_on()
    meeting = require_open(act, seen, *ASKING_STATES)
    slot = session.get(MeetingSlot, (authority_id, slot_id))
    if slot is None or slot.meeting_id != meeting.id or slot.withdrawn_at is not None:
        raise Invalid({"slot": ["Choose one of the suggested times"]})
    period = Period(begins_at=slot.begins_at, ends_at=slot.ends_at)
    if problem := period_problem(period, at):
        raise Invalid({"slot": [problem]})
    _settle(act, meeting, period, arrangement)
    act.move(CaseState.MEETING_ARRANGED)
    act.meet(ClockCode.ARRANGE_BY)
    act.start([meeting_clock(period.day)])
    _happened(act, Happening.MEETING_FIXED, meeting, period)
    session.commit()


def move_meeting(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    asked_by: AskedBy,
    period: Period,
    arrangement: Arrangement,
    seen: int,
) -> None:
    """Move a fixed meeting to a time that those who come have agreed to already. Commits.

    To ask them first, use ``changing.ask_for_new_times``. Raises Invalid as ``fix_meeting`` does ("period" for the
    time), Conflict unless a time is fixed.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    act.require_going_on()
    meeting = require_open(act, seen, MeetingState.FIXED)
    if problem := period_problem(period, at):
        raise Invalid({"period": [problem]})
    require_move(meeting.state, MeetingState.MOVED)
    meeting.state = MeetingState.MOVED
    _settle(act, meeting, period, arrangement)
    act.start([meeting_clock(period.day)])
    _happened(act, Happening.MEETING_MOVED, meeting, period, asked_by=asked_by.value)
    session.commit()


def change_places(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    arrangement: Arrangement,
    seen: int,
) -> int:
    """Change where a fixed meeting is, or where somebody goes; return how many people's own place changed. Commits.

    Only those hear of it for whom something changed, each of their own. Raises Invalid as ``fix_meeting`` does.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    meeting = require_open(act, seen, MeetingState.FIXED)
    invitees = invitees_of(act)
    places, period = attendances(act, meeting, invitees), fixed_period(meeting)
    if found := place_problems(arrangement.mode, arrangement.places, invitees, period):
        raise Invalid(found)
    before = {member_id: _shown(meeting, place) for member_id, place in places.items()}
    _put(meeting, places, arrangement, invitees, period, at)
    changed = [
        places[invitee.member_id]
        for invitee in invitees
        if _shown(meeting, places[invitee.member_id]) != before[invitee.member_id]
        or places[invitee.member_id].invited_at is None
        or places[invitee.member_id].left_at is not None
    ]
    _invite(changed, at)
    for place in changed:
        announce(
            session,
            ArrangementChanged(
                authority_id=authority_id, case_id=case_id, meeting_id=meeting.id, member_id=place.member_id, at=at
            ),
        )
    act.audited("meeting_places_changed", subject_id=meeting.id, people=str(len(changed)))
    session.commit()
    return len(changed)


def _settle(act: Act, meeting: Meeting, period: Period, arrangement: Arrangement) -> None:
    """Fix the meeting at ``period``: places, notice, mediator, calendar entries. Raises Invalid with all the faults."""
    invitees = invitees_of(act)
    found = place_problems(arrangement.mode, arrangement.places, invitees, period)
    law = law_by_id(act.case.law_version)
    short = notice_is_short(period.day, london_date(act.at), law)
    if short and not arrangement.notice_waived:
        found["notice_waived"] = ["The family hears of it too late, unless it says that shorter notice is enough"]
    if meeting.mediator_id is None:
        found["mediator"] = ["Assign a mediator first"]
    if found or meeting.mediator_id is None:
        raise Invalid(found)
    require_move(meeting.state, MeetingState.FIXED)
    places = attendances(act, meeting, invitees)
    mediators.book(act, meeting, meeting.mediator_id, period)
    meeting.state = MeetingState.FIXED
    meeting.begins_at, meeting.ends_at = period.begins_at, period.ends_at
    meeting.notice_waived = short
    _put(meeting, places, arrangement, invitees, period, act.at)
    _invite([places[invitee.member_id] for invitee in invitees], act.at)


def _invite(places: Sequence[Attendance], at: dt.datetime) -> None:
    """Give the person of each place a calendar entry, or the one they had anew; who had left is expected again."""
    for place in places:
        place.left_at = None
    entries_changed(places, at)
    for place in places:
        place.invited_at, place.changed_at = place.invited_at or at, at


def _put(
    meeting: Meeting,
    places: dict[uuid.UUID, Attendance],
    arrangement: Arrangement,
    invitees: list[Invitee],
    period: Period,
    at: dt.datetime,
) -> None:
    """Write the places into the meeting and each person's own."""
    meeting.mode = arrangement.mode
    meeting.place, meeting.link = arrangement.places.common.place.strip(), arrangement.places.common.link.strip()
    meeting.for_everybody = arrangement.for_everybody.strip()
    meeting.changed_at = at
    for invitee in invitees:
        own = arrangement.places.own.get(invitee.member_id, OwnPlace())
        place = places[invitee.member_id]
        place.arrives_at = moment_on(period.day, own.arrives) if own.arrives is not None else None
        place.place, place.link = own.place.strip(), own.link.strip()


def _shown(meeting: Meeting, place: Attendance) -> tuple[object, ...]:
    """Return what the person's calendar shows."""
    where = place.place or meeting.place, place.link or meeting.link
    return meeting.mode, place.arrives_at or meeting.begins_at, *where


def _happened(act: Act, happening: Happening, meeting: Meeting, period: Period, **codes: str) -> None:
    act.happened(happening, subject_id=meeting.id, meeting=str(meeting.id), on=period.day.isoformat(), **codes)
