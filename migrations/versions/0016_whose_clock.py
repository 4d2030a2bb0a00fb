"""A due date may be one party's, or one person's, own.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_POINTS = {"party_id": "party", "member_id": "party_member"}


def upgrade() -> None:
    """Add the columns; the table's own grants and walls cover them."""
    for column, table in _POINTS.items():
        op.add_column("case_clock", sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"case_clock_authority_id_{column}_fkey"),
            "case_clock",
            table,
            ["authority_id", column],
            ["authority_id", "id"],
            deferrable=True,
            initially="DEFERRED",
        )


def downgrade() -> None:
    """Undo it."""
    for column in _POINTS:
        op.drop_constraint(op.f(f"case_clock_authority_id_{column}_fkey"), "case_clock")
        op.drop_column("case_clock", column)
