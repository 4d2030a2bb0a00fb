"""A key that we prove ourselves with is published before it is used.

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add from when a key is used; those that are there have been since they were made."""
    op.add_column("signing_key", sa.Column("used_from", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Undo it."""
    op.drop_column("signing_key", "used_from")
