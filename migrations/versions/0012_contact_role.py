"""What an invited contact is at the body they answer for.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the table's own grants and walls cover it."""
    op.add_column("party_member", sa.Column("role_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Undo it."""
    op.drop_column("party_member", "role_sealed")
