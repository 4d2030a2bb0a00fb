"""Every wrapped key says which master key wraps it, so that another can take its place; and a login for that.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

from parley.db.base import Wall
from parley.db.walls import OF_AUTHORITY, OF_REALM

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_DATA_KEYS = "SELECT (realm_id, wrapped, wrapped_by), UPDATE (wrapped, wrapped_by)"
_CASE_KEYS = "SELECT (authority_id, case_id, wrapped, wrapped_by), UPDATE (wrapped, wrapped_by)"

_GRANTS = (
    f"{_DATA_KEYS} ON data_key",
    f"{_CASE_KEYS} ON compartment.case_key",
    "USAGE ON SCHEMA compartment",
    "INSERT ON audit_event",
    "SELECT (id, slug, name) ON local_authority",
    "SELECT (id, slug, name) ON provider",
)


def upgrade() -> None:
    """Add the columns, the table of adoptions, and what the login may do."""
    op.add_column("data_key", sa.Column("wrapped_by", sa.Text(), nullable=True))
    op.add_column("case_key", sa.Column("wrapped_by", sa.Text(), nullable=True), schema="compartment")
    op.create_table(
        "key_adoption",
        sa.Column(
            "ring",
            sa.Enum("master", "compartment", name="ring", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("master_id", sa.Text(), nullable=False),
        sa.Column("former_id", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ring", "adopted_at", name=op.f("key_adoption_pkey")),
    )
    which = "SELECT (ring, adopted_at, master_id)"
    op.build_wall(
        "key_adoption",
        Wall.PLATFORM,
        app=which,
        compartment=which,
        operator=which,
        keys="SELECT, INSERT",
    )
    for granted in _GRANTS:
        op.execute(f"GRANT {granted} TO parley_keys")
    op.execute(
        "CREATE POLICY of_keys ON compartment.case_key TO parley_keys"
        f" USING ({OF_AUTHORITY}) WITH CHECK ({OF_AUTHORITY})"
    )
    op.execute(f"CREATE POLICY of_keys ON audit_event FOR INSERT TO parley_keys WITH CHECK ({OF_REALM})")


def downgrade() -> None:
    """Take it all away. Whoever goes back after a rotation keeps the key file of one key, the one that wraps now."""
    op.execute("DROP POLICY of_keys ON audit_event")
    op.execute("DROP POLICY of_keys ON compartment.case_key")
    for granted in _GRANTS:
        op.execute(f"REVOKE {granted} FROM parley_keys")
    op.drop_table("key_adoption")
    op.drop_column("case_key", "wrapped_by", schema="compartment")
    op.drop_column("data_key", "wrapped_by")
