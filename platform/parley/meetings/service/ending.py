"""A case that ends, or goes to another provider, takes its meeting with it; who leaves is no longer expected at it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Realm, RealmKind, system_actor
from parley.audit import service as audit
from parley.casework.domain import Viewer
from parley.casework.service.record import begin_act
from parley.casework.timeline import CaseNews, Happening, PeopleLeft
from parley.db.events import announce
from parley.db.session import scope_of
from parley.meetings.domain import OPEN_STATES, MeetingState, PlaceEnded, require_move
from parley.meetings.models import Attendance, Meeting
from parley.meetings.service import mediators
from parley.meetings.service.frame import entries_changed

#: After which nothing more happens in a case.
ENDINGS = frozenset({Happening.WITHDRAWN, Happening.CLOSED, Happening.SIGNPOSTED})


def on_case_news(session: Session, news: CaseNews) -> None:
    """Subscribed to CaseNews, before messages are: cancel the open meeting of a case that ended, in its transaction.

    Whoever ends a case tells everybody in it, so the meeting's end is no news of its own; their calendars hear of it
    with that message.
    """
    if news.happening not in ENDINGS:
        return
    meeting = _cancelled(session, news)
    if meeting is None:
        return
    audit.record(
        session,
        at=news.at,
        actor=system_actor(Realm(kind=RealmKind.AUTHORITY, id=news.authority_id)),
        action="case.meeting_ended_with_case",
        realm_id=scope_of(session).realm_id,
        subject_id=meeting.id,
        case_id=news.case_id,
    )


def on_handed_over(session: Session, news: CaseNews) -> None:
    """Subscribed to CaseNews: cancel the open meeting of a case that goes to another provider, in its transaction.

    It was to be with a mediator of the one that lets go. Everybody who was to come is told, since the case goes on.
    """
    meeting = _cancelled(session, news) if news.happening is Happening.HANDED_OVER else None
    if meeting is None:
        return
    act = begin_act(
        session,
        actor=system_actor(Realm(kind=RealmKind.AUTHORITY, id=news.authority_id)),
        by=Viewer.PROVIDER,
        at=news.at,
        authority_id=news.authority_id,
        case_id=news.case_id,
    )
    act.happened(Happening.MEETING_CANCELLED, subject_id=meeting.id, meeting=str(meeting.id))


def _cancelled(session: Session, news: CaseNews) -> Meeting | None:
    """Cancel the open meeting of the case, free its mediator and change calendars; return it, None for none."""
    meeting = session.scalar(
        select(Meeting).where(
            Meeting.authority_id == news.authority_id,
            Meeting.case_id == news.case_id,
            Meeting.state.in_(OPEN_STATES),
        )
    )
    if meeting is None:
        return None
    require_move(meeting.state, MeetingState.CANCELLED)
    meeting.state, meeting.changed_at = MeetingState.CANCELLED, news.at
    mediators.free(session, meeting)
    places = session.scalars(
        select(Attendance).where(Attendance.authority_id == meeting.authority_id, Attendance.meeting_id == meeting.id)
    )
    entries_changed(list(places), news.at)
    return meeting


def on_people_left(session: Session, left: PeopleLeft) -> None:
    """Subscribed to PeopleLeft: end the calendar entries of people who left, for a meeting that is fixed. In its
    transaction. Where no time is fixed, they have none.
    """
    places = session.scalars(
        select(Attendance)
        .join(Meeting, (Meeting.authority_id == Attendance.authority_id) & (Meeting.id == Attendance.meeting_id))
        .where(
            Attendance.authority_id == left.authority_id,
            Attendance.case_id == left.case_id,
            Attendance.member_id.in_(left.member_ids),
            Attendance.invited_at.is_not(None),
            Attendance.left_at.is_(None),
            Meeting.state == MeetingState.FIXED,
        )
    ).all()
    entries_changed(places, left.at)
    for place in places:
        place.left_at = left.at
        ended = PlaceEnded(
            authority_id=left.authority_id,
            case_id=left.case_id,
            meeting_id=place.meeting_id,
            member_id=place.member_id,
            at=left.at,
        )
        announce(session, ended)
