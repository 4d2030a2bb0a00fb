"""A contract may end before its time: its provider is given no more requests.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

from parley.db.walls import COMMISSIONED, OF_AUTHORITY, OF_OPEN_CASE, OF_PROVIDER, setting

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_COLUMNS = ("early_end_because", "early_end_on", "early_end_at", "early_end_by", "early_end_source_sealed")
_BEFORE = (
    "(SELECT EXISTS (SELECT 1 FROM commission c"
    f" WHERE c.provider_id = {setting('provider')} AND c.authority_id = {setting('authority')}"
    " AND c.standing = 'current'"
    " AND coalesce(c.starts_on, current_date) <= current_date AND coalesce(c.ends_on, current_date) >= current_date))"
)


def upgrade() -> None:
    """Add what a council records of it, and let no request be entered where a contract ended early."""
    because = sa.Enum("ended", "failed", name="early_end_because", native_enum=False, create_constraint=True, length=40)
    op.add_column("commission", sa.Column("early_end_because", because, nullable=True))
    op.add_column("commission", sa.Column("early_end_on", sa.Date(), nullable=True))
    op.add_column("commission", sa.Column("early_end_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("commission", sa.Column("early_end_by", sa.Uuid(), nullable=True))
    op.add_column("commission", sa.Column("early_end_source_sealed", sa.LargeBinary(), nullable=True))
    _entering(COMMISSIONED)


def _entering(commissioned: str) -> None:
    """Say anew when a provider may enter a request for a caller."""
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
    """Take it away."""
    _entering(_BEFORE)
    for column in _COLUMNS:
        op.drop_column("commission", column)
