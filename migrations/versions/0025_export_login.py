"""A login that sees of a council what the council may read: for handing it over.

Revision ID: 0025
Revises: 0024
"""

from alembic import op

from parley.db.export_sight import POLICY, SIGHT, sight_statements

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Show the login its rows and columns."""
    for table in SIGHT:
        for statement in sight_statements(table):
            op.execute(statement)


def downgrade() -> None:
    """Take its sight away."""
    for table, sight in SIGHT.items():
        if sight.rows:
            op.execute(f"DROP POLICY {POLICY} ON {table}")
        op.execute(f"REVOKE {sight.privilege} ON {table} FROM parley_export")
