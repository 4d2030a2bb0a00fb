"""Figures by council, contract and quarter, and the login that reads a region's and nothing else.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from parley.db.base import Wall
from parley.db.walls import OF_REGION

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

#: What a region's reader knows of the organisations that figures are of: public facts, and no more.
NAMES = {"region": "id, slug, name", "local_authority": "id, slug, name, gss_code, region_id", "provider": "id, name"}


def upgrade() -> None:
    """Make the table, which the worker alone writes; let a region's login read the rows of its councils."""
    counted = postgresql.JSONB(astext_type=sa.Text())
    op.create_table(
        "measure_row",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("commission_id", sa.Uuid(), nullable=False),
        sa.Column("quarter_begins", sa.Date(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("counts", counted, nullable=False),
        sa.Column("median_days", counted, nullable=False),
        sa.Column("bases", counted, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "commission_id"],
            ["commission.authority_id", "commission.id"],
            name=op.f("measure_row_authority_id_commission_id_fkey"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("measure_row_provider_id_fkey")),
        sa.PrimaryKeyConstraint("authority_id", "commission_id", "quarter_begins", name=op.f("measure_row_pkey")),
    )
    op.build_wall("measure_row", Wall.AUTHORITY, app="SELECT", worker="INSERT, UPDATE", region="SELECT")
    op.execute(f"CREATE POLICY of_region ON measure_row FOR SELECT TO parley_region USING ({OF_REGION})")
    for table, columns in NAMES.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO parley_region")


def downgrade() -> None:
    """Undo it."""
    for table, columns in NAMES.items():
        op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM parley_region")
    op.drop_table("measure_row")
