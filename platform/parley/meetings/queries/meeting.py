"""Reading meetings, each for one viewer. Nothing of another person's place, link or answer is read into a view."""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from parley.casework.domain import PartyKind, Viewer
from parley.casework.models import Party, PartyMember
from parley.casework.request import Safety
from parley.db.reading import Reading
from parley.kernel.errors import NotFound
from parley.meetings.domain import (
    Invitee,
    MeetingState,
    Need,
    Period,
    Registration,
)
from parley.meetings.models import Attendance, Meeting, MeetingSlot, MeetingSlotAnswer
from parley.meetings.views import (
    AttendeeView,
    HeldMeeting,
    MediatorView,
    MeetingInShort,
    MeetingView,
    NeedView,
    SlotView,
    SupporterView,
)

#: Whose people take part once they have confirmed who they are; a name that somebody gave is not yet a person who came.
_BODIES = frozenset({PartyKind.SETTING, PartyKind.ICB})

_SIDES = (PartyKind.FAMILY, PartyKind.LOCAL_AUTHORITY, PartyKind.SETTING, PartyKind.ICB)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Member:
    row: PartyMember
    party: PartyKind
    place: Attendance | None


class _InShort(NamedTuple):
    id: uuid.UUID
    state: MeetingState
    begins_at: dt.datetime | None
    ends_at: dt.datetime | None


def provider_meeting(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID) -> MeetingView | None:
    """Return the case's newest meeting as the provider's staff see it: everybody's answers, places and needs."""
    return _view(session, authority_id, case_id, Viewer.PROVIDER, lambda _member: True)


def council_meeting(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID) -> MeetingView | None:
    """Return the case's newest meeting as the council's officers see it: their own people's answers and places."""
    return _view(
        session,
        authority_id,
        case_id,
        Viewer.LOCAL_AUTHORITY,
        lambda member: member.party is PartyKind.LOCAL_AUTHORITY,
    )


def own_meeting(
    session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID, identity_id: uuid.UUID, viewer: Viewer
) -> MeetingView | None:
    """Return the case's newest meeting as one person of it sees it: their own answers and their own place alone.

    ``viewer`` is the side on which they are (family or invited). Raises NotFound for somebody who has no place in it.
    """
    view = _view(session, authority_id, case_id, viewer, lambda member: member.row.identity_id == identity_id)
    if view is not None and not view.people:
        raise NotFound
    return view


def meeting_in_short(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID) -> MeetingInShort | None:
    """Return that there is a meeting, in one statement, to whoever may see the case."""
    meeting = _IN_SHORT.one(session, {"authority_id": authority_id, "case_id": case_id})
    if meeting is None:
        return None
    period = _period(meeting) if meeting.state in {MeetingState.FIXED, MeetingState.HELD} else None
    return MeetingInShort(state=meeting.state, day=period.day if period else None)


def invitees(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID) -> list[Invitee]:
    """Return everybody who is to come to a meeting of the case now: the family first, then each other side."""
    return [_invitee(member) for member in _members(session, authority_id, case_id, None)]


def held_meeting(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID) -> HeldMeeting | None:
    """Return the last meeting that was held, with who was there, or None."""
    meeting = session.scalar(
        select(Meeting)
        .where(Meeting.authority_id == authority_id, Meeting.case_id == case_id, Meeting.state == MeetingState.HELD)
        .order_by(Meeting.id.desc())
        .limit(1)
    )
    if meeting is None:
        return None
    rows = session.execute(
        select(Attendance.member_id, PartyMember.party_id)
        .join(
            PartyMember,
            (PartyMember.authority_id == Attendance.authority_id) & (PartyMember.id == Attendance.member_id),
        )
        .where(
            Attendance.authority_id == authority_id,
            Attendance.meeting_id == meeting.id,
            Attendance.attended.is_(True),
        )
    )
    return HeldMeeting(
        id=meeting.id,
        period=fixed_period(meeting),
        mediator_id=meeting.mediator_id,
        attended={member_id: party_id for member_id, party_id in rows},
        decision_maker_present=bool(meeting.decision_maker_present),
    )


_NEWEST = (
    select(Meeting)
    .where(Meeting.authority_id == bindparam("authority_id"), Meeting.case_id == bindparam("case_id"))
    .order_by(Meeting.id.desc())
    .limit(1)
)

#: What every page of a case asks.
_IN_SHORT = Reading(_NEWEST.with_only_columns(Meeting.id, Meeting.state, Meeting.begins_at, Meeting.ends_at), _InShort)


def newest(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> Meeting | None:
    """Return the row of the case's newest meeting, or None."""
    return session.scalar(_NEWEST, {"authority_id": authority_id, "case_id": case_id})


def _view(
    session: Session,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    viewer: Viewer,
    may_know: Callable[[_Member], bool],
) -> MeetingView | None:
    meeting = newest(session, authority_id, case_id)
    if meeting is None:
        return None
    everybody = _members(session, authority_id, case_id, meeting.id)
    known = [member for member in everybody if may_know(member)]
    of_provider = viewer is Viewer.PROVIDER
    return MeetingView(
        viewer=viewer,
        id=meeting.id,
        state=meeting.state,
        mode=meeting.mode,
        period=_period(meeting),
        place=meeting.place if of_provider else "",
        link=meeting.link if of_provider else "",
        for_everybody=meeting.for_everybody,
        mediator=_mediator(meeting),
        slots=_slots(session, meeting, [member.row.id for member in known]),
        people=tuple(_attendee(meeting, member, viewer) for member in known),
        supporters=_supporters(everybody) if viewer in {Viewer.LOCAL_AUTHORITY, Viewer.INVITED} else (),
        notice_waived=meeting.notice_waived,
        decision_maker_present=meeting.decision_maker_present,
        version=meeting.version,
    )


def _members(
    session: Session, authority_id: uuid.UUID, case_id: uuid.UUID, meeting_id: uuid.UUID | None
) -> list[_Member]:
    rows = session.execute(
        select(PartyMember, Party.kind, Attendance)
        .join(Party, (Party.authority_id == PartyMember.authority_id) & (Party.id == PartyMember.party_id))
        .outerjoin(
            Attendance,
            (Attendance.authority_id == PartyMember.authority_id)
            & (Attendance.member_id == PartyMember.id)
            & (Attendance.meeting_id == meeting_id),
        )
        .where(
            PartyMember.authority_id == authority_id,
            PartyMember.case_id == case_id,
            PartyMember.left_at.is_(None),
            Party.removed_at.is_(None),
            Party.may_be_invited,
        )
        .order_by(PartyMember.id)
    )
    members = [_Member(row=row, party=party, place=place) for row, party, place in rows]
    present = [member for member in members if member.party not in _BODIES or member.row.identity_id is not None]
    return sorted(present, key=lambda member: _SIDES.index(member.party))


def _invitee(member: _Member) -> Invitee:
    row = member.row
    asked_for = json.loads(row.access_needs) if row.access_needs else {}
    return Invitee(
        member_id=row.id,
        name=row.name,
        party=member.party,
        safety=Safety.from_json(json.loads(row.safety)) if row.safety else Safety(),
        needs=str(asked_for.get("needs", "")),
        supporter=str(asked_for.get("supporter", "")) if member.party is PartyKind.FAMILY else "",
    )


def _attendee(meeting: Meeting, member: _Member, viewer: Viewer) -> AttendeeView:
    row, own, period = member.row, member.place, _period(meeting)
    invitee = _invitee(member)
    met = own.needs if own else {}
    is_fixed = meeting.state in {MeetingState.FIXED, MeetingState.HELD}
    own_arrival, own_place, own_link = (own.arrives_at, own.place, own.link) if own else (None, "", "")
    return AttendeeView(
        member_id=row.id,
        name=row.name,
        party=member.party,
        capacity=row.capacity,
        identity_id=row.identity_id if viewer is Viewer.PROVIDER else None,
        invitee=invitee,
        arrives_at=own_arrival or (period.begins_at if period else None),
        ends_at=period.ends_at if period else None,
        place=(own_place or meeting.place) if is_fixed else "",
        link=(own_link or meeting.link) if is_fixed else "",
        has_own_arrival=own_arrival is not None,
        has_own_place=bool(own_place or own_link),
        supporter=_supporter(own) if own and own.supporter_name else None,
        brings=own.brings if own else "",
        needs=tuple(
            NeedView(need=need, words=invitee.needs if need is Need.ACCESS else "", met=met.get(need.value))
            for need in invitee.asked_for
        ),
        attended=own.attended if own else None,
    )


def _supporter(own: Attendance) -> SupporterView:
    return SupporterView(name=own.supporter_name, relation=own.supporter_relation, shared=own.supporter_shared)


def _supporters(everybody: Sequence[_Member]) -> tuple[SupporterView, ...]:
    """Return the family's supporters as other sides may know of them: that one comes, and who only if that is shared.

    The count says how many come, so that a room is large enough, and nothing of whom they belong to.
    """
    places = [member.place for member in everybody if member.party is PartyKind.FAMILY and member.place]
    return tuple(
        _supporter(own) if own.supporter_shared else SupporterView(name="", relation="", shared=False)
        for own in places
        if own.supporter_name
    )


def _slots(session: Session, meeting: Meeting, known: Sequence[uuid.UUID]) -> tuple[SlotView, ...]:
    rows = session.execute(
        select(MeetingSlot, MeetingSlotAnswer)
        .outerjoin(
            MeetingSlotAnswer,
            (MeetingSlotAnswer.authority_id == MeetingSlot.authority_id)
            & (MeetingSlotAnswer.slot_id == MeetingSlot.id)
            & MeetingSlotAnswer.member_id.in_(known),
        )
        .where(
            MeetingSlot.authority_id == meeting.authority_id,
            MeetingSlot.meeting_id == meeting.id,
            MeetingSlot.withdrawn_at.is_(None),
        )
        .order_by(MeetingSlot.begins_at, MeetingSlot.id)
    )
    found: dict[uuid.UUID, SlotView] = {}
    for slot, answer in rows:
        period = Period(begins_at=slot.begins_at, ends_at=slot.ends_at)
        before = found.get(slot.id) or SlotView(id=slot.id, period=period, answers={})
        said = {answer.member_id: answer.value} if answer is not None else {}
        found[slot.id] = dataclasses.replace(before, answers={**before.answers, **said})
    return tuple(found.values())


def _mediator(meeting: Meeting) -> MediatorView | None:
    if meeting.mediator_id is None:
        return None
    return MediatorView(
        id=meeting.mediator_id,
        name=meeting.mediator_name,
        registration=Registration(
            body=meeting.register_body or "",
            number=meeting.register_number or "",
            until=meeting.registered_until,
        ),
    )


def _period(meeting: Meeting | _InShort) -> Period | None:
    if meeting.begins_at is None or meeting.ends_at is None:
        return None
    return Period(begins_at=meeting.begins_at, ends_at=meeting.ends_at)


def fixed_period(meeting: Meeting) -> Period:
    """Return when a meeting is, or was to be. Raises LookupError for one that never was fixed."""
    period = _period(meeting)
    if period is None:
        raise LookupError(f"meeting {meeting.id} was never fixed")
    return period
