"""What is kept of a plugin's call goes after a while.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the nightly job, which works as parley_app does within one council, delete old rows."""
    op.execute("GRANT DELETE ON plugin_call TO parley_worker")


def downgrade() -> None:
    """Undo it."""
    op.execute("REVOKE DELETE ON plugin_call FROM parley_worker")
