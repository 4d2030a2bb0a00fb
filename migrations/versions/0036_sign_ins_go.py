"""Whoever signed in, and whom no case knows any more, goes too.

Revision ID: 0036
Revises: 0035
"""

from alembic import op

from parley.db.disposal_reach import POLICY, REACH, reach_statements
from parley.db.walls import OF_REALM, setting

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

KNOWS = ("party_member", "request_draft", "sign_in_session")
TRIED_OUT = f"EXISTS (SELECT 1 FROM local_authority a WHERE a.id = {setting('authority')} AND a.state = 'demo')"


def upgrade() -> None:
    """Let the login for disposal find whom nothing knows any more, by keys alone, and delete them."""
    op.execute(f"DROP POLICY {POLICY} ON identity")
    for table in (*KNOWS, "identity"):
        for statement in reach_statements(table):
            op.execute(statement)


def downgrade() -> None:
    """Let it delete people of a trial alone, as before."""
    for table in (*KNOWS, "identity"):
        op.execute(f"DROP POLICY {POLICY} ON {table}")
    for table in KNOWS:
        op.execute(f"REVOKE {REACH[table].privileges} ON {table} FROM parley_disposal")
    op.execute("REVOKE SELECT (kind) ON identity FROM parley_disposal")
    rows = f"({OF_REALM} AND (SELECT {TRIED_OUT}))"
    op.execute(f"CREATE POLICY {POLICY} ON identity TO parley_disposal USING {rows} WITH CHECK {rows}")
