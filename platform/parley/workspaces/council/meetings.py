"""The council's own side of a meeting: times its people can do, when and where they go, what they bring."""

import uuid

from flask import Blueprint

from parley.access.domain import Permission
from parley.meetings.queries import council_meeting
from parley.meetings.service.proposing import answer_for_council, prepare_for_council
from parley.web import current
from parley.workspaces import own_meeting, rules
from parley.workspaces.council.opening import opened


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages, and the block on the page of a case, to the council's."""
    permissions = own_meeting.MeetingPermissions(
        meeting=Permission.CASE_READ_OPEN,
        times=Permission.CASE_ANSWER,
        preparation=Permission.CASE_ANSWER,
        calendar=Permission.CASE_READ_OPEN,
    )
    own_meeting.add_pages(blueprint, "/cases/<uuid:case_id>", _opened, permissions)


def _opened(case_id: uuid.UUID) -> own_meeting.OwnMeeting:
    found = opened(case_id)
    contact = rules.provider_contact(found.policy)
    return own_meeting.OwnMeeting(
        view=found.view,
        meeting=council_meeting(current.session(), authority_id=found.view.authority_id, case_id=case_id),
        provider=found.names.provider,
        phone=contact.phone if contact else None,
        answer=answer_for_council,
        prepare=prepare_for_council,
        whose="We",
    )
