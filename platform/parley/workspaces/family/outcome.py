"""What came of a family's meeting: its own copy to confirm, the outcome, and what becomes of it."""

import uuid

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from parley.access.domain import Permission, requires
from parley.casework.views import CaseView
from parley.db.scope import Side
from parley.kernel.errors import NotFound
from parley.workspaces import own_outcome as pages
from parley.workspaces.family.council import council_of_case
from parley.workspaces.family.status import own_case

_CASE = "/requests/<uuid:case_id>"
_BOTH = ("GET", "POST")


@requires(Permission.FAMILY_ASK)
def outcome(case_id: uuid.UUID) -> str:
    """Show what came of the meeting, and how the agreed actions stand."""
    return pages.outcome_page(_opened(case_id))


@requires(Permission.FAMILY_ASK)
def remaining(case_id: uuid.UUID) -> str:
    """Show what is still open, to print."""
    return pages.remaining_page(_opened(case_id))


@requires(Permission.FAMILY_ASK)
def action(case_id: uuid.UUID, action_id: uuid.UUID) -> ResponseReturnValue:
    """Record what the family says of an agreed action."""
    return pages.change_action(_opened(case_id), action_id)


@requires(Permission.FAMILY_ASK)
def dispute(case_id: uuid.UUID, action_id: uuid.UUID) -> ResponseReturnValue:
    """Ask what is not done, or not as agreed."""
    return pages.dispute_page(_opened(case_id), action_id)


@requires(Permission.FAMILY_ASK)
def draft(case_id: uuid.UUID) -> ResponseReturnValue:
    """Show the person's own copy of a draft, and take the answer to it."""
    return pages.draft_page(_opened(case_id))


@requires(Permission.FAMILY_ASK)
def feedback(case_id: uuid.UUID) -> ResponseReturnValue:
    """Ask how the meeting was."""
    return pages.feedback_page(_opened(case_id))


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages, and the block on the page of a case, to the family's."""
    blueprint.context_processor(lambda: {"outcome_block": _block})
    blueprint.add_url_rule(f"{_CASE}/outcome", "outcome", outcome)
    blueprint.add_url_rule(f"{_CASE}/outcome/still-open", "outcome_remaining", remaining)
    blueprint.add_url_rule(f"{_CASE}/outcome/<uuid:action_id>", "outcome_action", action, methods=["POST"])
    blueprint.add_url_rule(f"{_CASE}/outcome/<uuid:action_id>/not-done", "outcome_dispute", dispute, methods=_BOTH)
    blueprint.add_url_rule(f"{_CASE}/your-copy", "draft", draft, methods=_BOTH)
    blueprint.add_url_rule(f"{_CASE}/feedback", "feedback", feedback, methods=_BOTH)


def _opened(case_id: uuid.UUID) -> pages.OwnOutcome:
    view = own_case(case_id)
    me = view.me()
    if me is None:
        raise NotFound
    known = council_of_case(view.policy_version_id)
    return pages.OwnOutcome(
        pages="family",
        view=view,
        names=known.names(young_person=view.child.name),
        side=Side.FAMILY,
        person_id=me.id,
        phone=known.contact.phone if known.contact else None,
    )


def _block(view: CaseView) -> Markup:
    return pages.in_short(
        view,
        outcome=url_for("family.outcome", case_id=view.id),
        draft=url_for("family.draft", case_id=view.id),
    )
