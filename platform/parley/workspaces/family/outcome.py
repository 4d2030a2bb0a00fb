"""What came of a family's meeting: its own copy to confirm, the outcome, and what becomes of it."""

import uuid

from flask import Blueprint

from parley.access.domain import Permission
from parley.db.scope import Side
from parley.kernel.errors import NotFound
from parley.workspaces import own_outcome
from parley.workspaces.family.council import council_of_case
from parley.workspaces.family.status import own_case
from parley.workspaces.outcome_words import OwnOutcome


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages, and the block on the page of a request, to the family's."""
    permissions = own_outcome.OutcomePermissions(
        outcome=Permission.FAMILY_ASK,
        remaining=Permission.FAMILY_ASK,
        action=Permission.FAMILY_ASK,
        dispute=Permission.FAMILY_ASK,
        draft=Permission.FAMILY_ASK,
        feedback=Permission.FAMILY_ASK,
    )
    own_outcome.add_pages(blueprint, "/requests/<uuid:case_id>", _opened, permissions)


def _opened(case_id: uuid.UUID) -> OwnOutcome:
    view = own_case(case_id)
    me = view.me()
    if me is None:
        raise NotFound
    known = council_of_case(view)
    holders = [member for member in view.members if member.party_id == me.party_id and member.is_rights_holder]
    return OwnOutcome(
        view=view,
        names=known.names(young_person=view.child.name),
        side=Side.FAMILY,
        person_id=me.id,
        # A parent's copy from before the choice became the young person's is not the family's to confirm any more.
        may_confirm=me.is_rights_holder or not holders,
        phone=known.contact.phone if known.contact else None,
    )
