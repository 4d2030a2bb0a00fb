"""Somebody may have to tell the safeguarding lead that there is a concern, and nothing of which case.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BEFORE = ("family", "young_person", "council", "invited", "provider", "administrator")
_TABLES = ("notification", "provider_task")


def upgrade() -> None:
    """Know the lead as a recipient; let a task be of no case. The tables' own grants and walls cover it."""
    _recipients(*_BEFORE, "safeguarding_lead")
    op.alter_column("provider_task", "case_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    """Undo it; what nobody told the lead is lost from the list, and stays in the log."""
    op.execute("DELETE FROM provider_task WHERE recipient = 'safeguarding_lead'")
    op.alter_column("provider_task", "case_id", existing_type=sa.Uuid(), nullable=False)
    _recipients(*_BEFORE)


def _recipients(*known: str) -> None:
    listed = ", ".join(f"'{kind}'" for kind in known)
    for table in _TABLES:
        op.drop_constraint(op.f(f"{table}_recipient_kind_check"), table)
        op.create_check_constraint(op.f(f"{table}_recipient_kind_check"), table, f"recipient IN ({listed})")
