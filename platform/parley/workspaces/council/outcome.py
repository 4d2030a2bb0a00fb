"""What came of a meeting, for the council's officers: its copy to confirm, the outcome, its own actions."""

import uuid

from flask import Blueprint

from parley.access.domain import Permission
from parley.db.scope import Side
from parley.web import current
from parley.workspaces import own_outcome, rules
from parley.workspaces.council.opening import opened
from parley.workspaces.outcome_words import OwnOutcome


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages, and the block on the page of a case, to the council's."""
    permissions = own_outcome.OutcomePermissions(
        outcome=Permission.CASE_READ_OPEN,
        remaining=Permission.CASE_READ_OPEN,
        action=Permission.CASE_ANSWER,
        draft=Permission.CASE_READ_OPEN,
        feedback=Permission.CASE_ANSWER,
    )
    own_outcome.add_pages(blueprint, "/cases/<uuid:case_id>", _opened, permissions)


def _opened(case_id: uuid.UUID) -> OwnOutcome:
    found = opened(case_id)
    contact = rules.provider_contact(found.policy)
    return OwnOutcome(
        view=found.view,
        names=found.names,
        side=Side.COUNCIL,
        person_id=current.identity_id(),
        phone=contact.phone if contact else None,
        may_answer=current.actor().may(Permission.CASE_ANSWER),
    )
