"""A due date for inviting a school or health body, once the family said yes to that.

Revision ID: 0026
Revises: 0025
"""

from collections.abc import Iterable

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BEFORE = (
    "adviser_by",
    "appeal_by",
    "acknowledge_by",
    "tell_council_by",
    "answer_by",
    "holding_until",
    "young_person_by",
    "information_by",
    "invitation_by",
    "arrange_by",
    "meeting_on",
    "action_by",
)
NEW = "invite_by"
COLUMNS = {"case": "next_due_code", "provider_worklist": "next_due_code", "case_clock": "code"}


def upgrade() -> None:
    """Let the new date be kept wherever a date's code is."""
    _allow((*BEFORE, NEW))


def downgrade() -> None:
    """Take these dates away. A case that has one as its next has none until something happens in it."""
    op.execute(f"DELETE FROM case_clock WHERE code = '{NEW}'")
    nothing = "next_due_code = NULL, next_due_on = DATE '9999-12-31'"
    for table in ("case", "provider_worklist"):
        op.execute(f"UPDATE \"{table}\" SET {nothing} WHERE next_due_code = '{NEW}'")
    _allow(BEFORE)


def _allow(codes: Iterable[str]) -> None:
    """Replace the checks. What stands there passes the new one, so rows are read without holding anybody up."""
    listed = ", ".join(f"'{code}'" for code in codes)
    for table, column in COLUMNS.items():
        check = f"{table}_clock_code_check"
        op.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT {check}')
        op.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT {check} CHECK ({column} IN ({listed})) NOT VALID')
        op.execute(f'ALTER TABLE "{table}" VALIDATE CONSTRAINT {check}')
