"""How long a proof of who somebody is counts as fresh, and that a sign-in on its way has to bring a fresh one.

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

#: For sign-ins that began before, and while the former release still runs: the shortest of our own rules.
ONE_HOUR = "3600"


def upgrade() -> None:
    """Keep both."""
    op.add_column("sign_in_session", sa.Column("fresh_seconds", sa.Integer(), nullable=False, server_default=ONE_HOUR))
    op.add_column("sign_in_attempt", sa.Column("max_age_seconds", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Forget both."""
    op.drop_column("sign_in_attempt", "max_age_seconds")
    op.drop_column("sign_in_session", "fresh_seconds")
