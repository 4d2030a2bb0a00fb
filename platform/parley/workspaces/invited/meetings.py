"""An invited person's own side of a meeting: times they can do, when and where they go, what they bring."""

import uuid

from flask import Blueprint

from parley.access.domain import Permission
from parley.workspaces import own_meeting, rules
from parley.workspaces.invited.case import opened


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages, and the block on the page of a case, to those of invited people."""
    permissions = own_meeting.MeetingPermissions(
        meeting=Permission.INVITATION_ANSWER,
        times=Permission.INVITATION_ANSWER,
        preparation=Permission.INVITATION_ANSWER,
        calendar=Permission.INVITATION_ANSWER,
    )
    own_meeting.add_pages(blueprint, "/cases/<uuid:case_id>", _opened, permissions)


def _opened(case_id: uuid.UUID) -> own_meeting.OwnMeeting:
    found = opened(case_id)
    contact = rules.provider_contact(found.policy)
    return own_meeting.OwnMeeting(
        view=found.view,
        meeting=own_meeting.meeting_of(found.view),
        provider=found.names.provider,
        phone=contact.phone if contact else None,
    )
