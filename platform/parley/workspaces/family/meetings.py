"""A family's own meeting: times that suit, when and where they go, who supports them, what they bring."""

import uuid

from flask import Blueprint

from parley.access.domain import Permission
from parley.workspaces import own_meeting
from parley.workspaces.family.council import council_of_case
from parley.workspaces.family.status import own_case


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages, and the block on the page of a request, to the family's."""
    permissions = own_meeting.MeetingPermissions(
        meeting=Permission.FAMILY_ASK,
        times=Permission.FAMILY_ASK,
        preparation=Permission.FAMILY_ASK,
        calendar=Permission.FAMILY_ASK,
    )
    own_meeting.add_pages(blueprint, "/requests/<uuid:case_id>", _opened, permissions)


def _opened(case_id: uuid.UUID) -> own_meeting.OwnMeeting:
    view = own_case(case_id)
    known = council_of_case(view)
    return own_meeting.OwnMeeting(
        view=view,
        meeting=own_meeting.meeting_of(view),
        provider=known.provider_name,
        phone=known.contact.phone if known.contact else None,
        brings_supporter=True,
    )
