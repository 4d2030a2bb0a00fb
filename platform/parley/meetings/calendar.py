"""One person's calendar entry for a meeting, as an .ics file (RFC 5545, RFC 5546). Pure.

It holds what that one person needs and nothing of anybody else: the only attendee is the reader, the organiser is the
provider, and neither the child nor another person is named.
"""

import dataclasses
import datetime as dt
import uuid

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vRecur, vText

from parley.casework.request import MeetingMode
from parley.kernel.clock import LONDON
from parley.meetings.domain import CalendarMethod

FILE_NAME = "meeting.ics"
TZID = "Europe/London"

_PRODUCT = "-//Parley//Meetings//EN"
_STATUS = {CalendarMethod.REQUEST: "CONFIRMED", CalendarMethod.CANCEL: "CANCELLED"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Organiser:
    """The provider, as a calendar shows it."""

    name: str
    mailbox: str
    phone: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """What one person's calendar is told. ``uid`` stays the same, and ``sequence`` rises with each change.

    ``attendee`` is the reader's own e-mail address, "" where none is known; ``url`` opens their page after signing in.
    ``without_reader``: the meeting stands, and the reader is no longer expected.
    """

    uid: uuid.UUID
    sequence: int
    method: CalendarMethod
    mode: MeetingMode
    begins_at: dt.datetime
    ends_at: dt.datetime
    place: str
    link: str = dataclasses.field(repr=False)
    made_at: dt.datetime
    changed_at: dt.datetime
    reference: str
    organiser: Organiser
    attendee: str = dataclasses.field(repr=False)
    url: str = dataclasses.field(repr=False)
    without_reader: bool = False


def entry_uid(meeting_id: uuid.UUID, reader: str) -> uuid.UUID:
    """Return the id of one reader's entry: the same whenever it is asked for, and telling neither of the two."""
    return uuid.uuid5(meeting_id, reader)


def calendar_file(entry: CalendarEntry) -> bytes:
    """Return ``entry`` as an .ics file; the same entry always gives the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", entry.method.value)
    calendar.add_component(_london())
    calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", str(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("created", entry.made_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.begins_at.astimezone(LONDON))
    event.add("dtend", entry.ends_at.astimezone(LONDON))
    event.add("summary", f"Disagreement resolution meeting {entry.reference}")
    event.add("description", _description(entry))
    if location := entry.link or entry.place:
        event.add("location", location)
    if not entry.without_reader:
        event.add("url", entry.url)
    event.add("status", _STATUS[entry.method])
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    organiser = vCalAddress(f"mailto:{entry.organiser.mailbox}")
    organiser.params["CN"] = vText(entry.organiser.name)
    event.add("organizer", organiser)
    if entry.attendee:
        event.add("attendee", _reader(entry))
    return event


def _reader(entry: CalendarEntry) -> vCalAddress:
    reader = vCalAddress(f"mailto:{entry.attendee}")
    reader.params["ROLE"] = vText("REQ-PARTICIPANT")
    reader.params["PARTSTAT"] = vText("NEEDS-ACTION")
    # An answer by mail would reach a mailbox that nobody matches with the case; people answer on their page.
    reader.params["RSVP"] = vText("FALSE")
    return reader


def _description(entry: CalendarEntry) -> str:
    if entry.without_reader:
        return "You are no longer expected at this meeting. There is nothing you have to do."
    ring = f" or ring {entry.organiser.phone}" if entry.organiser.phone else ""
    if entry.method is CalendarMethod.CANCEL:
        return f"This meeting does not take place at this time. What happens next is on your page: {entry.url}"
    where = [entry.place] if entry.place and entry.link else []
    change = f"If you cannot come, or need something to take part, say so on your page{ring}: {entry.url}"
    return "\n\n".join([*where, change])


def _london() -> Timezone:
    """Return the rule of clocks in England: since 1996 summer time lasts from the last Sunday of March to October's."""
    zone = Timezone()
    zone.add("tzid", TZID)
    for part, name, month, before, after in (
        (TimezoneDaylight(), "BST", 3, 0, 1),
        (TimezoneStandard(), "GMT", 10, 1, 0),
    ):
        # The last Sundays of those months in 1996, at 01:00 UTC, as clocks stood before.
        first = dt.datetime(1996, month, 31 if month == 3 else 27, 1 + before)  # noqa: DTZ001  a rule, not a moment
        part.add("dtstart", first)
        part.add("rrule", vRecur(freq="yearly", bymonth=month, byday="-1SU"))
        part.add("tzname", name)
        part.add("tzoffsetfrom", dt.timedelta(hours=before))
        part.add("tzoffsetto", dt.timedelta(hours=after))
        zone.add_component(part)
    return zone
