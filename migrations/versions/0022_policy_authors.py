"""Who made a version of a council's policy, and whether a second person has to agree before it holds.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from parley.db.base import Wall

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, with what holds for versions that are there; make the table of second persons."""
    op.add_column("policy_version", sa.Column("author", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "policy_version", sa.Column("needs_second_person", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "policy_approval",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "version_id"],
            ["policy_version.authority_id", "policy_version.id"],
            name=op.f("policy_approval_authority_id_version_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "version_id", name=op.f("policy_approval_pkey")),
    )
    op.build_wall("policy_approval", Wall.PLATFORM, app="SELECT", provider="SELECT", operator="SELECT, INSERT")


def downgrade() -> None:
    """Take them away."""
    op.drop_table("policy_approval")
    op.drop_column("policy_version", "needs_second_person")
    op.drop_column("policy_version", "author")
