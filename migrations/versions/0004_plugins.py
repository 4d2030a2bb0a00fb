"""Plugins: what each council enabled, and the record of calls.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from parley.db.base import Wall

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build both tables, each behind the wall of its council."""
    op.create_table(
        "plugin_enablement",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "live",
                "suspended",
                "removed",
                name="enablement_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("config", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("manifest", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("config_schema", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("enabled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "breaker_state",
            sa.Enum(
                "closed",
                "open",
                "half_open",
                name="breaker_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("breaker_recent", sa.Text(), nullable=False),
        sa.Column("breaker_rests", sa.Integer(), nullable=False),
        sa.Column("breaker_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "health_state",
            sa.Enum(
                "ok", "degraded", "down", name="health_state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("health_message", sa.Text(), nullable=True),
        sa.Column("health_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["local_authority.id"], name=op.f("plugin_enablement_authority_id_fkey")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("plugin_enablement_provider_id_fkey")),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("plugin_enablement_pkey")),
        sa.UniqueConstraint("authority_id", "plugin", name=op.f("plugin_enablement_authority_id_plugin_key")),
    )
    op.create_index(op.f("plugin_enablement_provider_id_idx"), "plugin_enablement", ["provider_id"], unique=False)
    op.create_table(
        "plugin_call",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("hook", sa.Text(), nullable=False),
        sa.Column("api", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["local_authority.id"], name=op.f("plugin_call_authority_id_fkey")),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("plugin_call_pkey")),
    )
    op.create_index(
        op.f("plugin_call_authority_id_plugin_at_idx"), "plugin_call", ["authority_id", "plugin", "at"], unique=False
    )
    op.build_wall("plugin_enablement", Wall.AUTHORITY, app="SELECT, INSERT, UPDATE")
    op.build_wall("plugin_call", Wall.AUTHORITY, app="SELECT, INSERT")


def downgrade() -> None:
    """Undo it."""
    op.drop_index(op.f("plugin_call_authority_id_plugin_at_idx"), table_name="plugin_call")
    op.drop_table("plugin_call")
    op.drop_index(op.f("plugin_enablement_provider_id_idx"), table_name="plugin_enablement")
    op.drop_table("plugin_enablement")
