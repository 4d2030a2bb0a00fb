"""The day from which a choice is the young person's own, and their own yes that a case goes on.

Revision ID: 0035
Revises: 0034
"""

from collections.abc import Iterable

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

CODES = (
    "adviser_by",
    "appeal_by",
    "acknowledge_by",
    "tell_council_by",
    "answer_by",
    "holding_until",
    "young_person_by",
    "information_by",
    "invite_by",
    "invitation_by",
    "arrange_by",
    "meeting_on",
    "action_by",
    "place_by",
)
NEW_CODE = "own_choice_on"
COLUMNS = {"case": "next_due_code", "provider_worklist": "next_due_code", "case_clock": "code"}

KINDS = ("take_part", "tell_council", "ask_setting", "ask_icb", "parent_may_ask")
NEW_KIND = "go_on"


def upgrade() -> None:
    """Let the new date and the new consent be kept."""
    _allow_codes((*CODES, NEW_CODE))
    _allow("consent", "consent_consent_kind_check", "kind", (*KINDS, NEW_KIND))


def downgrade() -> None:
    """Take them away: the dates are found again each night, and a yes was to a text that is no longer there."""
    op.execute(f"DELETE FROM case_clock WHERE code = '{NEW_CODE}'")
    op.execute(f"DELETE FROM consent WHERE kind = '{NEW_KIND}'")
    _allow_codes(CODES)
    _allow("consent", "consent_consent_kind_check", "kind", KINDS)


def _allow_codes(codes: Iterable[str]) -> None:
    for table, column in COLUMNS.items():
        _allow(table, f"{table}_clock_code_check", column, codes)


def _allow(table: str, check: str, column: str, values: Iterable[str]) -> None:
    """Replace a check. What stands there passes the new one, so rows are read without holding anybody up."""
    listed = ", ".join(f"'{value}'" for value in values)
    op.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT {check}')
    op.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT {check} CHECK ({column} IN ({listed})) NOT VALID')
    op.execute(f'ALTER TABLE "{table}" VALIDATE CONSTRAINT {check}')
