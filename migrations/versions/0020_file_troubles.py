"""What the last load found wrong with tenants' files, for operators.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from parley.db.base import Wall

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; operators alone read and write it."""
    op.create_table(
        "file_trouble",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("file_trouble_pkey")),
    )
    op.build_wall("file_trouble", Wall.PLATFORM, operator="SELECT, INSERT, UPDATE, DELETE")


def downgrade() -> None:
    """Take it away."""
    op.drop_table("file_trouble")
