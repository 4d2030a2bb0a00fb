"""An agreed action may be the provider's own: one without a party.

Revision ID: 0028
Revises: 0027
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let an action have no party."""
    op.execute("ALTER TABLE agreed_action ALTER COLUMN owner_id DROP NOT NULL")


def downgrade() -> None:
    """Give each to a party again. What the provider agreed to do cannot be anybody else's, and goes."""
    op.execute("DELETE FROM agreed_action WHERE owner_id IS NULL")
    op.execute("ALTER TABLE agreed_action ALTER COLUMN owner_id SET NOT NULL")
