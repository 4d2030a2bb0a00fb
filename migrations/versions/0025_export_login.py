"""A login that sees of a council what the council may read: for handing it over.

Its sight is laid on the tables after every migration (parley/db/export_sight.py), so that it is always today's.

Revision ID: 0025
Revises: 0024
"""

from alembic import op

from parley.db.export_sight import POLICY, SIGHT

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leave the tables as they are."""


def downgrade() -> None:
    """Take its sight away, for what it is made of goes too."""
    for table, sight in SIGHT.items():
        if sight.rows:
            op.execute(f"DROP POLICY IF EXISTS {POLICY} ON {table}")
