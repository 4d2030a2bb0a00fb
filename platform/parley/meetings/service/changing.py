"""Asking for new times, cancelling, recording that a meeting was held and whether needs are met."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.clocks import response_clock
from parley.casework.domain import CaseState, ClockCode, Viewer
from parley.casework.request import MeetingMode
from parley.casework.service.record import Act, begin_act
from parley.casework.timeline import Happening
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.meetings.domain import OPEN_STATES, AskedBy, MeetingState, Need, Period, require_move, slot_problems
from parley.meetings.models import Meeting
from parley.meetings.service import mediators
from parley.meetings.service.frame import (
    attendances,
    current_meeting,
    entries_changed,
    invitees_of,
    places_of,
    require_open,
)
from parley.meetings.service.proposing import suggest
from parley.policy.domain import Policy


def ask_for_new_times(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    asked_by: AskedBy,
    mode: MeetingMode,
    slots: Sequence[Period],
    policy: Policy,
    seen: int,
) -> None:
    """Give up the fixed time and ask everybody which of ``slots`` they can do. Commits. The provider's act.

    The mediator is free again and calendars take the meeting out; it comes back, as the same entry, when it is fixed.
    ``policy`` is the version the case began under: the time to arrange a meeting begins again. Raises Invalid naming
    each slot, Conflict unless a time is fixed.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    act.require_going_on()
    meeting = require_open(act, seen, MeetingState.FIXED)
    if found := slot_problems(slots, at):
        raise Invalid(found)
    _give_up(act, meeting, MeetingState.MOVED, policy)
    meeting.mode = mode
    suggest(act, meeting, slots)
    act.happened(
        Happening.MEETING_MOVED, subject_id=meeting.id, meeting=str(meeting.id), asked_by=asked_by.value, on=""
    )
    session.commit()


def cancel_meeting(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    asked_by: AskedBy,
    policy: Policy,
    seen: int,
) -> None:
    """Cancel the meeting; the case is again one in which a meeting is to be arranged. Commits. The provider's act."""
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    meeting = require_open(act, seen, *OPEN_STATES)
    _give_up(act, meeting, MeetingState.CANCELLED, policy)
    act.happened(Happening.MEETING_CANCELLED, subject_id=meeting.id, meeting=str(meeting.id), asked_by=asked_by.value)
    session.commit()


def hold_meeting(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    attended: Collection[uuid.UUID],
    decision_maker_present: bool,
    seen: int,
) -> None:
    """Record that the meeting was held, which people (member ids) were there, and whether somebody could decide for the
    council in it (regulation 37, for mediation; asked here alike). Commits. The provider's act.

    Raises Conflict before it began, Invalid ("attended") when nobody came or somebody is named who was not invited.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    meeting = require_open(act, seen, MeetingState.FIXED)
    if meeting.begins_at is None or at < meeting.begins_at:
        raise Conflict("The meeting has not begun yet.", code="not-begun")
    invitees = invitees_of(act)
    if not attended or not set(attended) <= {invitee.member_id for invitee in invitees}:
        raise Invalid({"attended": ["Select who was there"]})
    require_move(meeting.state, MeetingState.HELD)
    meeting.state = MeetingState.HELD
    meeting.decision_maker_present = decision_maker_present
    for member_id, place in attendances(act, meeting, invitees).items():
        place.attended = member_id in attended
    act.move(CaseState.MEETING_HELD)
    act.meet(ClockCode.MEETING_ON)
    act.happened(
        Happening.MEETING_HELD,
        subject_id=meeting.id,
        meeting=str(meeting.id),
        decision_maker="present" if decision_maker_present else "absent",
    )
    session.commit()


def note_needs(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    member_id: uuid.UUID,
    met: Mapping[Need, bool],
) -> None:
    """Record which of a person's needs are met. Commits. The provider's act.

    Raises NotFound for somebody who is not invited, Invalid for a need that they do not have.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    meeting, invitees = current_meeting(act), {invitee.member_id: invitee for invitee in invitees_of(act)}
    if member_id not in invitees:
        raise NotFound
    if not set(met) <= set(invitees[member_id].asked_for):
        raise Invalid({"needs": ["Choose only from the needs on this page"]})
    place = attendances(act, meeting, list(invitees.values()))[member_id]
    place.needs = {**place.needs, **{need.value: is_met for need, is_met in met.items()}}
    unmet = sum(not is_met for is_met in met.values())
    act.audited("meeting_needs_noted", subject_id=member_id, unmet=str(unmet))
    session.commit()


def _give_up(act: Act, meeting: Meeting, after: MeetingState, policy: Policy) -> None:
    """Take the meeting to ``after``, which has no time, and the case back to where a meeting is to be arranged."""
    was_fixed = meeting.state is MeetingState.FIXED
    require_move(meeting.state, after)
    meeting.state, meeting.changed_at = after, act.at
    if was_fixed:
        mediators.free(act.session, meeting)
        entries_changed(places_of(act, meeting), act.at)
        act.move(CaseState.AGREED)
        act.stop(ClockCode.MEETING_ON)
        act.start([response_clock(ClockCode.ARRANGE_BY, policy, london_date(act.at))])
