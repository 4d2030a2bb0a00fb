"""Who ended a sign-in from elsewhere, and what its issuer calls its own session with the person.

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLE = "sign_in_session"
INDEX = "sign_in_session_realm_id_issuer_session_hash_idx"


def upgrade() -> None:
    """Keep both; whoever may end a sign-in may say who ended it."""
    ended_by = sa.Enum("person", "issuer", name="ended_by", native_enum=False, create_constraint=True, length=40)
    op.add_column(TABLE, sa.Column("ended_by", ended_by, nullable=True))
    op.add_column(TABLE, sa.Column("issuer_session_hash", sa.LargeBinary(), nullable=True))
    op.create_index(op.f(INDEX), TABLE, ["realm_id", "issuer_session_hash"])
    for login in ("app", "provider", "operator"):
        op.execute(f"GRANT UPDATE (ended_by) ON {TABLE} TO parley_{login}")


def downgrade() -> None:
    """Forget both."""
    op.drop_index(op.f(INDEX), table_name=TABLE)
    op.drop_column(TABLE, "issuer_session_hash")
    op.drop_column(TABLE, "ended_by")
