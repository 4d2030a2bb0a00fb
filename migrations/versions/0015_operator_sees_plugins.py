"""Operators see which plugins councils enabled and how those stand: no setting, no call, nothing about a person.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

from parley.db.walls import FOR_PLATFORM

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SEEN = (
    "authority_id, plugin, provider_id, state, version, suspended_at, breaker_state, breaker_until, health_state,"
    " health_at"
)


def upgrade() -> None:
    """Let operators read these columns of every council's row; its id and its configuration stay out of sight."""
    op.execute(f"GRANT SELECT ({SEEN}) ON plugin_enablement TO parley_operator")
    op.execute(f"CREATE POLICY of_operator ON plugin_enablement FOR SELECT TO parley_operator USING ({FOR_PLATFORM})")


def downgrade() -> None:
    """Undo it."""
    op.execute("DROP POLICY of_operator ON plugin_enablement")
    op.execute(f"REVOKE SELECT ({SEEN}) ON plugin_enablement FROM parley_operator")
