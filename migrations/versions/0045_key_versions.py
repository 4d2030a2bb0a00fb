"""Keys of realms and of cases have versions, so that another can take the place of one.

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

from parley.db.walls import OF_REALM

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_READ_BY_KEYS = (
    "SELECT (version, created_at, seals_from, author, reason) ON data_key",
    "SELECT (version) ON compartment.case_key",
)


def upgrade() -> None:
    """Call every key there is its realm's first. Only versions of one's own realm are added or ended by renewing."""
    for table, schema in (("data_key", None), ("case_key", "compartment")):
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"), schema=schema)
        op.add_column(table, sa.Column("seals_from", sa.DateTime(timezone=True), nullable=True), schema=schema)
    op.add_column("data_key", sa.Column("author", sa.Text(), nullable=True))
    op.add_column("data_key", sa.Column("reason", sa.Text(), nullable=True))
    _key("data_key", "realm_id, version")
    _key("compartment.case_key", "authority_id, case_id, version")
    for granted in _READ_BY_KEYS:
        op.execute(f"GRANT {granted} TO parley_keys")
    op.execute("ALTER TABLE data_key ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY of_everybody ON data_key USING (true) WITH CHECK (true)")
    own = "ON data_key AS RESTRICTIVE"
    op.execute(f"CREATE POLICY of_renewal_begin {own} FOR INSERT TO parley_renewal WITH CHECK ({OF_REALM})")
    op.execute(f"CREATE POLICY of_renewal_end {own} FOR DELETE TO parley_renewal USING ({OF_REALM})")


def downgrade() -> None:
    """Take it away. Where a key was renewed the release before reads nothing of what it sealed: go on, not back."""
    for name in ("of_renewal_end", "of_renewal_begin", "of_everybody"):
        op.execute(f"DROP POLICY {name} ON data_key")
    op.execute("ALTER TABLE data_key DISABLE ROW LEVEL SECURITY")
    for granted in _READ_BY_KEYS:
        op.execute(f"REVOKE {granted} FROM parley_keys")
    _key("compartment.case_key", "authority_id, case_id")
    _key("data_key", "realm_id")
    for column in ("reason", "author"):
        op.drop_column("data_key", column)
    for table, schema in (("case_key", "compartment"), ("data_key", None)):
        for column in ("seals_from", "version"):
            op.drop_column(table, column, schema=schema)


def _key(table: str, columns: str) -> None:
    """Have ``columns`` tell one row of ``table`` from another. Both tables are small: a row for each key."""
    name = f"{table.rpartition('.')[2]}_pkey"
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} PRIMARY KEY ({columns})")
