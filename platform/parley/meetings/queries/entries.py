"""Reading calendar entries, one person's at a time."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.casework.domain import PartyKind
from parley.casework.models import Case, Party, PartyMember
from parley.meetings.calendar import CalendarEntry, Organiser, entry_uid
from parley.meetings.domain import CalendarMethod, calendar_method
from parley.meetings.models import Attendance, Meeting
from parley.meetings.queries.meeting import fixed_period, newest
from parley.tenancy import queries as tenancy


def calendar_entry(
    session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID, member_id: uuid.UUID, url: str
) -> CalendarEntry | None:
    """Return the calendar entry of one person for the case's newest meeting, or None where they never had one.

    ``url`` opens the person's own page.
    """
    row = _place_in_newest(session, authority_id, case_id, member_id)
    if row is None:
        return None
    meeting, place, member = row
    left = place.left_at is not None
    method = CalendarMethod.CANCEL if left else calendar_method(meeting.state)
    if method is None:
        return None
    period = fixed_period(meeting)
    reference, organiser = _of_case(session, authority_id, case_id)
    return CalendarEntry(
        uid=entry_uid(meeting.id, str(member_id)),
        sequence=place.sequence,
        method=method,
        mode=meeting.mode,
        begins_at=place.arrives_at or period.begins_at,
        ends_at=period.ends_at,
        # Who left is not told where the others meet, which may have changed since.
        place="" if left else place.place or meeting.place,
        link="" if left else place.link or meeting.link,
        made_at=place.invited_at or meeting.made_at,
        changed_at=place.changed_at,
        attendee=member.email,
        url=url,
        reference=reference,
        organiser=organiser,
        without_reader=left,
    )


def _place_in_newest(
    session: Session, authority_id: uuid.UUID, case_id: uuid.UUID, member_id: uuid.UUID
) -> tuple[Meeting, Attendance, PartyMember] | None:
    """Return the newest meeting of which the person has a calendar entry, with their place in it."""
    row = session.execute(
        select(Meeting, Attendance, PartyMember)
        .join(
            Attendance,
            (Attendance.authority_id == Meeting.authority_id) & (Attendance.meeting_id == Meeting.id),
        )
        .join(
            PartyMember,
            (PartyMember.authority_id == Attendance.authority_id) & (PartyMember.id == Attendance.member_id),
        )
        .where(
            Meeting.authority_id == authority_id,
            Meeting.case_id == case_id,
            Attendance.member_id == member_id,
            Attendance.invited_at.is_not(None),
        )
        .order_by(Meeting.id.desc())
        .limit(1)
    ).one_or_none()
    return (row[0], row[1], row[2]) if row is not None else None


def mediators_entry(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID, url: str) -> CalendarEntry | None:
    """Return the calendar entry of whoever leads the case's newest meeting, or None before it was fixed."""
    meeting = newest(session, authority_id, case_id)
    method = calendar_method(meeting.state) if meeting is not None else None
    if meeting is None or method is None or meeting.begins_at is None:
        return None
    period = fixed_period(meeting)
    reference, organiser = _of_case(session, authority_id, case_id)
    return CalendarEntry(
        uid=entry_uid(meeting.id, "mediator"),
        sequence=meeting.version,
        method=method,
        mode=meeting.mode,
        begins_at=period.begins_at,
        ends_at=period.ends_at,
        place=meeting.place,
        link=meeting.link,
        made_at=meeting.made_at,
        changed_at=meeting.changed_at,
        attendee="",
        url=url,
        reference=reference,
        organiser=organiser,
    )


def council_people_told(
    session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID, at: dt.datetime
) -> list[uuid.UUID]:
    """Return the council's own people in the case whose calendar entry changed at ``at`` (member ids)."""
    return list(
        session.scalars(
            select(Attendance.member_id)
            .join(
                PartyMember,
                (PartyMember.authority_id == Attendance.authority_id) & (PartyMember.id == Attendance.member_id),
            )
            .join(Party, (Party.authority_id == PartyMember.authority_id) & (Party.id == PartyMember.party_id))
            .where(
                Attendance.authority_id == authority_id,
                Attendance.case_id == case_id,
                Attendance.changed_at == at,
                Attendance.invited_at.is_not(None),
                Party.kind == PartyKind.LOCAL_AUTHORITY,
                PartyMember.left_at.is_(None),
            )
        )
    )


def _of_case(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> tuple[str, Organiser]:
    case = session.get_one(Case, (authority_id, case_id))
    provider = tenancy.provider_by_id(session, case.provider_id)
    contact = provider.profile["contact"]
    organiser = Organiser(name=provider.name, mailbox=provider.profile["mailbox"], phone=contact.get("phone") or "")
    return case.reference, organiser
