"""Messages to people, tasks of coordinators, notices of clocks, counts of what went wrong.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from parley.db.base import Wall

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RECIPIENTS = ("family", "young_person", "council", "invited", "provider", "administrator")


def upgrade() -> None:
    """Build the tables of messages, and the walls around them."""
    op.create_table(
        "notification",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("recipient", _words("recipient_kind", *RECIPIENTS), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("channel", _words("message_channel", "email", "task"), nullable=False),
        sa.Column(
            "state", _words("notification_state", "waiting", "sent", "failed_for_good", "cancelled"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        _points_at("notification", "case", "case_id"),
        _points_at("notification", "party_member", "member_id"),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("notification_pkey")),
    )
    op.create_index(
        op.f("notification_authority_id_case_id_created_at_idx"),
        "notification",
        ["authority_id", "case_id", "created_at"],
    )
    op.create_index(
        "notification_waiting_idx",
        "notification",
        ["authority_id", "created_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "provider_task",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("recipient", _words("recipient_kind", *RECIPIENTS), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", _words("task_reason", "no_email", "not_by_email", "mail_failed"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        _points_at("provider_task", "case", "case_id"),
        sa.PrimaryKeyConstraint("provider_id", "authority_id", "id", name=op.f("provider_task_pkey")),
    )
    op.create_index(op.f("provider_task_authority_id_case_id_idx"), "provider_task", ["authority_id", "case_id"])
    op.create_index(
        "provider_task_open_idx",
        "provider_task",
        ["provider_id", "created_at"],
        postgresql_where=sa.text("done_at IS NULL AND cancelled_at IS NULL"),
    )
    op.create_table(
        "clock_notice",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("clock_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("clock_notice_kind", "in_14_days", "in_3_days", "missed"), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        _points_at("clock_notice", "case_clock", "clock_id"),
        sa.PrimaryKeyConstraint("authority_id", "clock_id", "kind", name=op.f("clock_notice_pkey")),
    )
    op.create_table(
        "trouble_count",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("trouble", _words("trouble", "mail_failed", "clock_missed"), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "on_date", "trouble", name=op.f("trouble_count_pkey")),
    )
    _build_walls()


def _build_walls() -> None:
    # A provider's act causes messages, and may overtake one that it caused a moment before.
    op.build_wall("notification", Wall.CASE, app="SELECT, INSERT, UPDATE", provider="SELECT, INSERT, UPDATE (state)")
    op.build_wall(
        "provider_task",
        Wall.PROVIDER,
        app="SELECT, INSERT, UPDATE (cancelled_at)",
        provider="SELECT, INSERT, UPDATE (done_at, done_by, cancelled_at)",
    )
    op.build_wall("clock_notice", Wall.AUTHORITY, app="SELECT, INSERT")
    op.build_wall("trouble_count", Wall.PLATFORM, app="SELECT, INSERT, UPDATE", operator="SELECT")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _points_at(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["authority_id", column],
        [f"{target}.authority_id", f"{target}.id"],
        name=op.f(f"{table}_authority_id_{column}_fkey"),
        deferrable=True,
        initially="DEFERRED",
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("trouble_count")
    op.drop_table("clock_notice")
    op.drop_index("provider_task_open_idx", table_name="provider_task")
    op.drop_index(op.f("provider_task_authority_id_case_id_idx"), table_name="provider_task")
    op.drop_table("provider_task")
    op.drop_index("notification_waiting_idx", table_name="notification")
    op.drop_index(op.f("notification_authority_id_case_id_created_at_idx"), table_name="notification")
    op.drop_table("notification")
