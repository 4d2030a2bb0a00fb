"""Suggesting times, and saying which one can do; who supports somebody, and what they bring."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.domain import CaseState, PartyKind, Viewer
from parley.casework.request import MeetingMode
from parley.casework.service.answers import own_membership
from parley.casework.service.record import Act, begin_act
from parley.casework.timeline import Happening
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.meetings.domain import ASKING_STATES, MeetingState, Period, SlotAnswer, slot_problems
from parley.meetings.models import Meeting, MeetingSlot, MeetingSlotAnswer
from parley.meetings.service.frame import attendances, current_meeting, invitees_of, open_meeting

#: Names and plans have room for what they say and not for a story.
LONGEST_NAME, LONGEST_PLAN = 200, 2000


def propose_times(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    mode: MeetingMode,
    slots: Sequence[Period],
    seen: int | None,
) -> uuid.UUID:
    """Ask everybody in the case which of ``slots`` they can do; return the meeting's id. Commits. The provider's act.

    Times suggested before, that none was chosen of, are taken back. ``seen`` is the version of the open meeting that
    was on the page, None for none. Raises Invalid naming each slot ("slot_0" ...), Conflict unless everybody agreed
    and no time is fixed.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    meeting = open_meeting(act, seen)
    if act.case.state is not CaseState.AGREED or (meeting is not None and meeting.state not in ASKING_STATES):
        raise Conflict("Times can be suggested once everybody has agreed and while none is fixed.", code="not-agreed")
    act.require_going_on()
    if found := slot_problems(slots, at):
        raise Invalid(found)
    if meeting is None:
        meeting = Meeting(
            authority_id=authority_id,
            case_id=case_id,
            state=MeetingState.PROPOSED,
            mode=mode,
            notice_waived=False,
            made_at=at,
            changed_at=at,
        )
        session.add(meeting)
    meeting.mode, meeting.changed_at = mode, at
    suggest(act, meeting, slots)
    attendances(act, meeting, invitees_of(act))
    act.happened(Happening.MEETING_PROPOSED, subject_id=meeting.id, meeting=str(meeting.id), times=str(len(slots)))
    session.commit()
    return meeting.id


def suggest(act: Act, meeting: Meeting, slots: Sequence[Period]) -> None:
    """Put ``slots`` in the place of times suggested before, in the caller's transaction."""
    for old in act.session.scalars(_suggested(meeting)):
        old.withdrawn_at = act.at
    act.session.add_all(
        MeetingSlot(
            authority_id=meeting.authority_id,
            case_id=meeting.case_id,
            meeting_id=meeting.id,
            begins_at=slot.begins_at,
            ends_at=slot.ends_at,
        )
        for slot in slots
    )


def answer_own(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    answers: Mapping[uuid.UUID, SlotAnswer],
) -> None:
    """Record what the actor, a person of the case, says to suggested times (by slot id). Commits.

    Raises NotFound for somebody without a place in the case, Conflict when those times are no longer asked about.
    """
    act, member_id = _own(session, actor, at, authority_id, case_id)
    _record(act, {member_id}, answers)
    session.commit()


def answer_for_council(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    answers: Mapping[uuid.UUID, SlotAnswer],
) -> None:
    """Record what an officer says to suggested times for the council's people in the case. Commits.

    Raises NotFound before the council was told of the case.
    """
    act = begin_act(session, actor=actor, by=Viewer.LOCAL_AUTHORITY, at=at, authority_id=authority_id, case_id=case_id)
    _record(act, _councils_people(act), answers)
    session.commit()


def answer_as_told(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    member_id: uuid.UUID,
    answers: Mapping[uuid.UUID, SlotAnswer],
) -> None:
    """Record what a person said to a coordinator, by phone or mail, about suggested times. Commits."""
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    _record(act, {member_id}, answers)
    session.commit()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Preparation:
    """Who supports a person, and which papers they mean to bring.

    The supporter may be anybody, staff of the setting included, and nobody can refuse one (regulation 38(1)(b), Kumar
    v Hillingdon, for mediation; the seed page, for this service). ``supporter_shared`` lets the other sides read who.
    """

    supporter_name: str = ""
    supporter_relation: str = ""
    supporter_shared: bool = False
    brings: str = ""


def prepare_own(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    preparation: Preparation,
) -> None:
    """Keep who supports the actor, a person of the case, and what they bring. Commits."""
    act, member_id = _own(session, actor, at, authority_id, case_id)
    _prepare(act, {member_id}, preparation)
    session.commit()


def prepare_for_council(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    preparation: Preparation,
) -> None:
    """Keep what the council's people mean to bring; no supporter is kept for them. Commits."""
    act = begin_act(session, actor=actor, by=Viewer.LOCAL_AUTHORITY, at=at, authority_id=authority_id, case_id=case_id)
    _prepare(act, _councils_people(act), preparation)
    session.commit()


def prepare_as_told(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    member_id: uuid.UUID,
    preparation: Preparation,
) -> None:
    """Keep who supports a person and what they bring, as they told a coordinator. Commits."""
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    _prepare(act, {member_id}, preparation)
    session.commit()


def _own(
    session: Session, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, case_id: uuid.UUID
) -> tuple[Act, uuid.UUID]:
    act = begin_act(session, actor=actor, by=Viewer.FAMILY, at=at, authority_id=authority_id, case_id=case_id)
    member = own_membership(session, act.case, actor)
    if member is None:
        raise NotFound
    if all(invitee.member_id != member.id or invitee.party is not PartyKind.FAMILY for invitee in invitees_of(act)):
        act.by = Viewer.INVITED
    return act, member.id


def _councils_people(act: Act) -> set[uuid.UUID]:
    if act.case.council_told_at is None:
        raise NotFound
    return {invitee.member_id for invitee in invitees_of(act) if invitee.party is PartyKind.LOCAL_AUTHORITY}


def _record(act: Act, member_ids: Collection[uuid.UUID], answers: Mapping[uuid.UUID, SlotAnswer]) -> None:
    meeting, known = current_meeting(act), {invitee.member_id for invitee in invitees_of(act)}
    if not member_ids or not set(member_ids) <= known:
        raise NotFound
    asked = {slot.id for slot in act.session.scalars(_suggested(meeting))}
    if meeting.state not in ASKING_STATES or not set(answers) <= asked:
        raise Conflict("Those times are no longer asked about. Open the page again.", code="slots-gone")
    for slot_id, value in answers.items():
        for member_id in member_ids:
            key = (meeting.authority_id, slot_id, member_id)
            row = act.session.get(MeetingSlotAnswer, key)
            if row is None:
                row = MeetingSlotAnswer(
                    authority_id=meeting.authority_id, slot_id=slot_id, member_id=member_id, case_id=meeting.case_id
                )
                act.session.add(row)
            row.value, row.answered_at, row.recorded_by = value, act.at, act.actor.identity_id
    act.audited("meeting_times_answered", subject_id=meeting.id, answered=str(len(answers)))


def _prepare(act: Act, member_ids: Collection[uuid.UUID], preparation: Preparation) -> None:
    meeting, invitees = current_meeting(act), {invitee.member_id: invitee for invitee in invitees_of(act)}
    if not member_ids or not set(member_ids) <= set(invitees):
        raise NotFound
    if found := _preparation_problems(preparation):
        raise Invalid(found)
    places = attendances(act, meeting, list(invitees.values()))
    for member_id in member_ids:
        place = places[member_id]
        place.brings = preparation.brings.strip()
        if invitees[member_id].party is PartyKind.FAMILY:
            place.supporter_name = preparation.supporter_name.strip()
            place.supporter_relation = preparation.supporter_relation.strip() if place.supporter_name else ""
            place.supporter_shared = preparation.supporter_shared and bool(preparation.supporter_name.strip())
    act.audited("meeting_prepared", subject_id=meeting.id)


def _preparation_problems(preparation: Preparation) -> dict[str, list[str]]:
    lengths = {
        "supporter_name": (preparation.supporter_name, LONGEST_NAME),
        "supporter_relation": (preparation.supporter_relation, LONGEST_NAME),
        "brings": (preparation.brings, LONGEST_PLAN),
    }
    found = {
        field: [f"This must be {longest:,} characters or fewer"]
        for field, (text, longest) in lengths.items()
        if len(text) > longest
    }
    if preparation.supporter_relation.strip() and not preparation.supporter_name.strip():
        found["supporter_name"] = ["Enter the name of your supporter"]
    return found


def _suggested(meeting: Meeting) -> Select[MeetingSlot]:
    return select(MeetingSlot).where(
        MeetingSlot.authority_id == meeting.authority_id,
        MeetingSlot.meeting_id == meeting.id,
        MeetingSlot.withdrawn_at.is_(None),
    )
