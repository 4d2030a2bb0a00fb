"""Meetings: times asked and answered, who comes to where, mediators and when each of them is taken.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from parley.db.base import Wall

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the tables of meetings, and the walls around them."""
    _mediators()
    _meetings()
    _slots()
    _attendance()
    _build_walls()


def _mediators() -> None:
    op.create_table(
        "mediator",
        sa.Column("realm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("register_body", sa.Text(), nullable=False),
        sa.Column("register_number", sa.Text(), nullable=False),
        sa.Column("registered_until", sa.Date(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("realm_id", "id", name=op.f("mediator_pkey")),
    )


def _meetings() -> None:
    op.create_table(
        "meeting",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", _words("meeting_state", "proposed", "fixed", "moved", "held", "cancelled"), nullable=False),
        sa.Column("mode", _words("meeting_mode", "in_person", "video", "phone", "separate_rooms"), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("link_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("for_everybody_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("mediator_id", sa.Uuid(), nullable=True),
        sa.Column("mediator_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("register_body", sa.Text(), nullable=True),
        sa.Column("register_number", sa.Text(), nullable=True),
        sa.Column("registered_until", sa.Date(), nullable=True),
        sa.Column("notice_waived", sa.Boolean(), nullable=False),
        sa.Column("decision_maker_present", sa.Boolean(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _points_at("meeting", "case", "case_id"),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("meeting_pkey")),
    )
    op.create_index(op.f("meeting_authority_id_case_id_idx"), "meeting", ["authority_id", "case_id"])
    op.create_index(
        "meeting_open_key",
        "meeting",
        ["authority_id", "case_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'fixed', 'moved')"),
    )
    op.create_table(
        "mediator_booking",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("mediator_id", sa.Uuid(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        _points_at("mediator_booking", "meeting", "meeting_id"),
        sa.CheckConstraint("ends_at > begins_at", name=op.f("mediator_booking_period_check")),
        sa.PrimaryKeyConstraint("provider_id", "authority_id", "meeting_id", name=op.f("mediator_booking_pkey")),
    )
    op.create_index(
        op.f("mediator_booking_provider_id_mediator_id_begins_at_idx"),
        "mediator_booking",
        ["provider_id", "mediator_id", "begins_at"],
    )
    op.create_index(
        op.f("mediator_booking_authority_id_meeting_id_idx"), "mediator_booking", ["authority_id", "meeting_id"]
    )


def _slots() -> None:
    op.create_table(
        "meeting_slot",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        _points_at("meeting_slot", "case", "case_id"),
        _points_at("meeting_slot", "meeting", "meeting_id"),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("meeting_slot_pkey")),
    )
    op.create_index(op.f("meeting_slot_authority_id_meeting_id_idx"), "meeting_slot", ["authority_id", "meeting_id"])
    op.create_table(
        "meeting_slot_answer",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("value", _words("slot_answer", "can", "cannot", "if_needed"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        _points_at("meeting_slot_answer", "case", "case_id"),
        _points_at("meeting_slot_answer", "meeting_slot", "slot_id"),
        _points_at("meeting_slot_answer", "party_member", "member_id"),
        sa.PrimaryKeyConstraint("authority_id", "slot_id", "member_id", name=op.f("meeting_slot_answer_pkey")),
    )


def _attendance() -> None:
    op.create_table(
        "attendance",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("arrives_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("link_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("supporter_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("supporter_relation_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("supporter_shared", sa.Boolean(), nullable=False),
        sa.Column("brings_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("needs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _points_at("attendance", "case", "case_id"),
        _points_at("attendance", "meeting", "meeting_id"),
        _points_at("attendance", "party_member", "member_id"),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("attendance_pkey")),
        sa.UniqueConstraint(
            "authority_id", "meeting_id", "member_id", name=op.f("attendance_authority_id_meeting_id_member_id_key")
        ),
    )


def _build_walls() -> None:
    # A provider's own people, and nobody's at a council.
    op.build_wall("mediator", Wall.REALM, provider="SELECT, INSERT, UPDATE")
    # A family that withdraws frees the mediator's time.
    op.build_wall("mediator_booking", Wall.PROVIDER, app="SELECT, DELETE", provider="SELECT, INSERT, UPDATE, DELETE")
    # Only the provider arranges; what a family's withdrawal ends is a change.
    op.build_wall("meeting", Wall.CASE, app="SELECT, UPDATE", provider="SELECT, INSERT, UPDATE")
    op.build_wall("meeting_slot", Wall.CASE, app="SELECT", provider="SELECT, INSERT, UPDATE (withdrawn_at)")
    for table in ("meeting_slot_answer", "attendance"):
        op.build_wall(table, Wall.CASE, app="SELECT, INSERT, UPDATE", provider="SELECT, INSERT, UPDATE")


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
    for table in (
        "attendance",
        "meeting_slot_answer",
        "meeting_slot",
        "mediator_booking",
        "meeting",
        "mediator",
    ):
        op.drop_table(table)
