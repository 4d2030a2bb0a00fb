"""What came of a meeting, for an invited person: their own copy to confirm, the outcome, their body's actions."""

import uuid

from flask import Blueprint

from parley.access.domain import Permission
from parley.db.scope import Side
from parley.workspaces import own_outcome, rules
from parley.workspaces.invited.case import opened
from parley.workspaces.outcome_words import OwnOutcome


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages, and the block on the page of a case, to invited people's."""
    permissions = own_outcome.OutcomePermissions(
        outcome=Permission.INVITATION_ANSWER,
        remaining=Permission.INVITATION_ANSWER,
        action=Permission.INVITATION_ANSWER,
        draft=Permission.INVITATION_ANSWER,
        feedback=Permission.INVITATION_ANSWER,
    )
    own_outcome.add_pages(blueprint, "/cases/<uuid:case_id>", _opened, permissions)


def _opened(case_id: uuid.UUID) -> OwnOutcome:
    found = opened(case_id)
    contact = rules.provider_contact(found.policy)
    return OwnOutcome(
        view=found.view,
        names=found.names,
        side=Side.INVITED,
        person_id=found.me.id,
        phone=contact.phone if contact else None,
    )
