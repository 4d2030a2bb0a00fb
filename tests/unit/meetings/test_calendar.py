"""Calendar entries: their exact bytes, and what is never in them."""

import dataclasses
import datetime as dt
import pathlib
import uuid

import pytest
from icalendar import Calendar

from parley.casework.request import MeetingMode
from parley.meetings.calendar import CalendarEntry, Organiser, calendar_file, entry_uid
from parley.meetings.domain import CalendarMethod, period_on

GOLDEN = pathlib.Path(__file__).parent / "golden"

MEETING_ID = uuid.UUID("01a20c3e-88c0-7a87-94a3-969dcdf0f7e6")
MEMBER_ID = uuid.UUID("01a20c3e-894f-7fe8-afe2-44f45c417d93")
MADE = dt.datetime(2027, 3, 1, 9, 30, tzinfo=dt.UTC)
BST_DAY, GMT_DAY = dt.date(2027, 3, 30), dt.date(2027, 3, 26)

ENTRY = CalendarEntry(
    uid=entry_uid(MEETING_ID, str(MEMBER_ID)),
    sequence=0,
    method=CalendarMethod.REQUEST,
    mode=MeetingMode.VIDEO,
    begins_at=period_on(BST_DAY, dt.time(10), dt.time(12)).begins_at,
    ends_at=period_on(BST_DAY, dt.time(10), dt.time(12)).ends_at,
    place="",
    link="https://meet.example/parley-4f2c",
    made_at=MADE,
    changed_at=MADE,
    reference="DER-2027-00012",
    organiser=Organiser(name="Global Mediation, SEN team", mailbox="sen@provider.invalid", phone="0800 064 4488"),
    attendee="ash@family.invalid",
    url="https://derby.example/requests/1/meeting",
)

MOVED = dataclasses.replace(
    ENTRY,
    sequence=1,
    mode=MeetingMode.IN_PERSON,
    link="",
    place="Friends Meeting House;\nSt Helen’s Street, Derby",
    begins_at=period_on(GMT_DAY, dt.time(9, 45), dt.time(12)).begins_at,
    ends_at=period_on(GMT_DAY, dt.time(9, 45), dt.time(12)).ends_at,
    changed_at=dt.datetime(2027, 3, 10, 14, tzinfo=dt.UTC),
)
CANCELLED = dataclasses.replace(
    MOVED, sequence=2, method=CalendarMethod.CANCEL, changed_at=dt.datetime(2027, 3, 12, 8, tzinfo=dt.UTC)
)


@pytest.mark.parametrize(("name", "entry"), [("request", ENTRY), ("moved", MOVED), ("cancel", CANCELLED)])
def test_an_entry_is_byte_for_byte_what_it_was(name: str, entry: CalendarEntry) -> None:
    assert calendar_file(entry) == (GOLDEN / f"{name}.ics").read_bytes()


def test_an_entry_keeps_its_id_and_counts_on_while_it_moves_and_is_cancelled() -> None:
    events = [Calendar.from_ical(calendar_file(entry)).events[0] for entry in (ENTRY, MOVED, CANCELLED)]
    assert {str(event["UID"]) for event in events} == {str(entry_uid(MEETING_ID, str(MEMBER_ID)))}
    assert [int(event["SEQUENCE"]) for event in events] == [0, 1, 2]


@pytest.mark.parametrize(("entry", "clock", "offset"), [(ENTRY, 10, 1), (MOVED, 9, 0)])
def test_times_stand_as_clocks_in_england_show_them_under_a_rule_of_its_own(
    entry: CalendarEntry, clock: int, offset: int
) -> None:
    file = calendar_file(entry)
    assert b"DTSTART;TZID=Europe/London:" in file
    begins = Calendar.from_ical(file).events[0].start
    assert (begins.hour, begins.utcoffset()) == (clock, dt.timedelta(hours=offset))
    assert begins == entry.begins_at


def test_the_rule_it_carries_agrees_with_the_worlds_for_years() -> None:
    zone = Calendar.from_ical(calendar_file(ENTRY)).timezones[0].to_tz(lookup_tzid=False)
    for month in range(12 * 10):
        day = dt.datetime(2026 + month // 12, month % 12 + 1, 27, 12)  # noqa: DTZ001  put into the zone below
        expected = period_on(day.date(), dt.time(12), dt.time(13)).begins_at
        assert day.replace(tzinfo=zone).astimezone(dt.UTC) == expected, day


def test_the_reader_is_the_only_attendee_and_the_provider_the_organiser() -> None:
    event = Calendar.from_ical(calendar_file(ENTRY)).events[0]
    assert [str(address) for address in event.attendees] == ["mailto:ash@family.invalid"]
    assert str(event["ORGANIZER"]) == "mailto:sen@provider.invalid"


def test_who_has_no_address_gets_an_entry_without_attendees() -> None:
    assert b"ATTENDEE" not in calendar_file(dataclasses.replace(ENTRY, attendee=""))


def test_two_people_of_one_meeting_have_two_entries_that_tell_neither_meeting_nor_person() -> None:
    other = entry_uid(MEETING_ID, str(uuid.UUID(int=7)))
    assert ENTRY.uid not in {other, MEETING_ID, MEMBER_ID}


def test_a_place_cannot_write_lines_of_its_own() -> None:
    sly = dataclasses.replace(MOVED, place="Hall\r\nATTENDEE:mailto:other@family.invalid\r\nX-EVIL:1")
    lines = calendar_file(sly).split(b"\r\n")
    assert not [line for line in lines if line.startswith((b"ATTENDEE:", b"X-EVIL"))]
