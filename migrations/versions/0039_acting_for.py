"""On what ground somebody acts for a young person, as one more thing that a family says.

Revision ID: 0039
Revises: 0038
"""

from collections.abc import Iterable

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

KINDS = ("story", "wish", "child_views")
NEW_KIND = "acting_for"


def upgrade() -> None:
    """Let it be kept."""
    _allow((*KINDS, NEW_KIND))


def downgrade() -> None:
    """Take it away, with what was said of it."""
    op.execute(f"DELETE FROM share WHERE item_id IN (SELECT id FROM statement WHERE kind = '{NEW_KIND}')")
    op.execute(f"DELETE FROM statement WHERE kind = '{NEW_KIND}'")
    _allow(KINDS)


def _allow(kinds: Iterable[str]) -> None:
    """Replace the check. What stands there passes the new one, so rows are read without holding anybody up."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE statement DROP CONSTRAINT statement_statement_kind_check")
    op.execute(
        f"ALTER TABLE statement ADD CONSTRAINT statement_statement_kind_check CHECK (kind IN ({listed})) NOT VALID"
    )
    op.execute("ALTER TABLE statement VALIDATE CONSTRAINT statement_statement_kind_check")
