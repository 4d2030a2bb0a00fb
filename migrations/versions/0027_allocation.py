"""Why a case went to the provider that has it, and whose turn it is among several.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns: until now each council gave its cases to one provider."""
    because = sa.Enum(
        "sole",
        "chosen",
        "rang",
        "turn",
        "room",
        "left",
        "next",
        name="allocated_because",
        native_enum=False,
        create_constraint=True,
        length=40,
    )
    op.add_column("case", sa.Column("allocated_because", because, nullable=False, server_default="sole"))
    op.alter_column("case", "allocated_because", server_default=None)
    op.add_column("commission", sa.Column("turn", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("commission", "turn", server_default=None)


def downgrade() -> None:
    """Take them away."""
    op.drop_column("commission", "turn")
    op.drop_column("case", "allocated_because")
