"""What a nightly look at each sign-in found to mend, for operators.

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from parley.db.base import Wall

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table: the worker writes it, operators read it."""
    op.create_table(
        "sign_in_look",
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("troubles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("who", name=op.f("sign_in_look_pkey")),
    )
    op.build_wall("sign_in_look", Wall.PLATFORM, worker="SELECT, INSERT, UPDATE, DELETE", operator="SELECT")


def downgrade() -> None:
    """Take it away."""
    op.drop_table("sign_in_look")
