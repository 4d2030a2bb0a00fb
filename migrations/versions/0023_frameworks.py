"""Regional contracts, and what a council's contract says besides its days.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from parley.db.base import Wall
from parley.db.walls import OF_AUTHORITY, OF_OPEN_CASE, OF_PROVIDER, setting

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

#: As it was until a contract could end early (0033).
_WITH_STANDING = (
    "(SELECT EXISTS (SELECT 1 FROM commission c"
    f" WHERE c.provider_id = {setting('provider')} AND c.authority_id = {setting('authority')}"
    " AND c.standing = 'current'"
    " AND coalesce(c.starts_on, current_date) <= current_date AND coalesce(c.ends_on, current_date) >= current_date))"
)
_WITHOUT_STANDING = (
    "(SELECT EXISTS (SELECT 1 FROM commission c"
    f" WHERE c.provider_id = {setting('provider')} AND c.authority_id = {setting('authority')}"
    " AND coalesce(c.starts_on, current_date) <= current_date AND coalesce(c.ends_on, current_date) >= current_date))"
)


def upgrade() -> None:
    """Make frameworks; widen commissions, which all stood; let only one that stands bring a case in."""
    op.create_table(
        "framework",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("services", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("providers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("standing", _standing(), nullable=True),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("may_be_extended_to", sa.Date(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("framework_region_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("framework_pkey")),
        sa.UniqueConstraint("slug", name=op.f("framework_slug_key")),
    )
    op.create_index(op.f("framework_region_id_idx"), "framework", ["region_id"], unique=False)
    op.build_wall("framework", Wall.PLATFORM, app="SELECT", provider="SELECT", operator="SELECT, INSERT, UPDATE")
    for column in (
        sa.Column("framework_id", sa.Uuid(), nullable=True),
        sa.Column("standing", _standing(), nullable=False, server_default="current"),
        sa.Column("may_be_extended_to", sa.Date(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("languages", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="[]"),
        sa.Column("specialisms", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="[]"),
    ):
        op.add_column("commission", column)
    for column_name in ("standing", "languages", "specialisms"):
        op.alter_column("commission", column_name, server_default=None)
    op.create_foreign_key(op.f("commission_framework_id_fkey"), "commission", "framework", ["framework_id"], ["id"])
    _entering(_WITH_STANDING)


def _standing() -> sa.Enum:
    return sa.Enum(
        "current",
        "to_be_confirmed",
        "ended",
        name="contract_standing",
        native_enum=False,
        create_constraint=True,
        length=40,
    )


def _entering(commissioned: str) -> None:
    """Say anew when a provider may enter a case for a caller."""
    op.execute("DROP POLICY of_provider_entry ON provider_worklist")
    op.execute(
        "CREATE POLICY of_provider_entry ON provider_worklist FOR INSERT TO parley_provider"
        f" WITH CHECK ({OF_PROVIDER} AND {OF_OPEN_CASE} AND {commissioned})"
    )
    op.execute("DROP POLICY of_commissioned ON case_counter")
    op.execute(
        "CREATE POLICY of_commissioned ON case_counter TO parley_provider"
        f" USING ({OF_AUTHORITY} AND {commissioned}) WITH CHECK ({OF_AUTHORITY} AND {commissioned})"
    )


def downgrade() -> None:
    """Undo it."""
    _entering(_WITHOUT_STANDING)
    op.drop_constraint(op.f("commission_framework_id_fkey"), "commission")
    for column in ("framework_id", "standing", "may_be_extended_to", "capacity", "languages", "specialisms"):
        op.drop_column("commission", column)
    op.drop_table("framework")
