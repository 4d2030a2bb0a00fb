"""How many requests of a kind processes have leased for a council.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from parley.db.base import Wall

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; each council's own processes count in it."""
    op.create_table(
        "request_allowance",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=False),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["local_authority.id"], name=op.f("request_allowance_authority_id_fkey")
        ),
        sa.PrimaryKeyConstraint("authority_id", "counted", name=op.f("request_allowance_pkey")),
    )
    op.build_wall("request_allowance", Wall.AUTHORITY, app="SELECT, INSERT, UPDATE")


def downgrade() -> None:
    """Undo it."""
    op.drop_table("request_allowance")
