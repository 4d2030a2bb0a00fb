"""What a provider's list says of a case besides its state: what its next date rests on, and whether it needs somebody.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns, and let a provider's staff change them in its own rows."""
    op.add_column(
        "provider_worklist",
        sa.Column(
            "next_due_basis",
            sa.Enum(
                "law",
                "policy",
                "contract",
                "our_aim",
                name="clock_basis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
    )
    op.add_column(
        "provider_worklist",
        sa.Column(
            "attention",
            sa.Enum(
                "delivery",
                "conflict_of_interest",
                name="attention",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
    )
    op.create_index(
        "provider_worklist_attention_idx",
        "provider_worklist",
        ["provider_id"],
        unique=False,
        postgresql_where=sa.text("attention IS NOT NULL"),
    )
    op.execute("GRANT UPDATE (next_due_basis, attention) ON provider_worklist TO parley_provider")


def downgrade() -> None:
    """Undo it."""
    op.drop_index("provider_worklist_attention_idx", table_name="provider_worklist")
    op.drop_column("provider_worklist", "attention")
    op.drop_column("provider_worklist", "next_due_basis")
