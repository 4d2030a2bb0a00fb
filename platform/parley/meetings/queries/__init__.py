"""Reading meetings, each for one viewer."""

from parley.meetings.queries.entries import calendar_entry, council_people_told, mediators_entry
from parley.meetings.queries.mediators import mediator, mediators
from parley.meetings.queries.meeting import (
    council_meeting,
    held_meeting,
    invitees,
    meeting_in_short,
    own_meeting,
    provider_meeting,
)

__all__ = [
    "calendar_entry",
    "council_meeting",
    "council_people_told",
    "held_meeting",
    "invitees",
    "mediator",
    "mediators",
    "mediators_entry",
    "meeting_in_short",
    "own_meeting",
    "provider_meeting",
]
