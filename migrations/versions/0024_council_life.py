"""A council's life: tried out, live, suspended, closed; each step with its reason.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from parley.db.base import Wall

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

STATES = ("demo", "live", "suspended", "closed")
CHECK = "local_authority_authority_state_check"


def upgrade() -> None:
    """Allow the states, keep when a council went live and who came in its place; make the table of steps."""
    op.drop_constraint(op.f(CHECK), "local_authority")
    op.create_check_constraint(op.f(CHECK), "local_authority", f"state IN {STATES}")
    op.add_column("local_authority", sa.Column("went_live_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE local_authority SET went_live_at = created_at")
    op.add_column("local_authority", sa.Column("resumed_at", sa.DateTime(timezone=True)))
    op.add_column("local_authority", sa.Column("successor_id", sa.Uuid()))
    op.create_foreign_key(
        op.f("local_authority_successor_id_fkey"), "local_authority", "local_authority", ["successor_id"], ["id"]
    )
    op.create_table(
        "authority_change",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="authority_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("unmet", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["local_authority.id"], name=op.f("authority_change_authority_id_fkey")
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("authority_change_pkey")),
    )
    op.build_wall("authority_change", Wall.PLATFORM, operator="SELECT, INSERT")


def downgrade() -> None:
    """Take them away. A council that is tried out or closed counts as suspended: its pages are served to nobody."""
    op.drop_table("authority_change")
    op.drop_column("local_authority", "successor_id")
    op.drop_column("local_authority", "resumed_at")
    op.drop_column("local_authority", "went_live_at")
    op.drop_constraint(op.f(CHECK), "local_authority")
    op.execute("UPDATE local_authority SET state = 'suspended' WHERE state IN ('demo', 'closed')")
    op.create_check_constraint(op.f(CHECK), "local_authority", "state IN ('live', 'suspended')")
