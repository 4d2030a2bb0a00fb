"""Families are asked who goes on with their case where its provider's contract ended early.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

from parley.db.base import Wall

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_BECAUSE = ("conflict_of_interest", "no_room")
_CLOCKS = (
    "adviser_by",
    "appeal_by",
    "acknowledge_by",
    "tell_council_by",
    "answer_by",
    "holding_until",
    "young_person_by",
    "information_by",
    "invitation_by",
    "arrange_by",
    "meeting_on",
    "action_by",
    "invite_by",
    "place_by",
    "own_choice_on",
)
_ALLOCATED = ("sole", "chosen", "rang", "turn", "room", "left", "next", "placed")
_CONSENTS = ("take_part", "tell_council", "ask_setting", "ask_icb", "parent_may_ask", "go_on")


def upgrade() -> None:
    """Keep the question and what was said to it, and the words for what follows."""
    op.add_column("commission", sa.Column("new_provider_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("commission_new_provider_id_fkey"), "commission", "provider", ["new_provider_id"], ["id"]
    )
    _words(
        because=(*_BECAUSE, "contract_ended"),
        clocks=(*_CLOCKS, "choose_by"),
        allocated=(*_ALLOCATED, "moved"),
        consents=(*_CONSENTS, "change_provider"),
    )
    choice = sa.Enum("stay", "move", name="provider_choice", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "change_over",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("new_provider_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("choice", choice, nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["case.authority_id", "case.id"],
            name=op.f("change_over_authority_id_case_id_fkey"),
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("change_over_pkey")),
    )
    op.create_index(op.f("change_over_authority_id_case_id_idx"), "change_over", ["authority_id", "case_id"])
    op.create_index("change_over_provider_idx", "change_over", ["authority_id", "provider_id"])
    op.create_index(
        "change_over_open_key",
        "change_over",
        ["authority_id", "case_id"],
        unique=True,
        postgresql_where=sa.text("moved_at IS NULL AND ended_at IS NULL"),
    )
    op.build_wall(
        "change_over",
        Wall.CASE,
        app="SELECT, INSERT, UPDATE (choice, chosen_at, moved_at, ended_at)",
        provider="SELECT, UPDATE (choice, chosen_at)",
    )


def _words(
    *, because: tuple[str, ...], clocks: tuple[str, ...], allocated: tuple[str, ...], consents: tuple[str, ...]
) -> None:
    """Let these be the words of the columns that say why, what is due, and to what somebody agreed."""
    _allow("referral", "passed_on_because", "passed_on_because", because)
    _allow("former_holding", "passed_on_because", "because", because)
    for table, column in (("case", "next_due_code"), ("provider_worklist", "next_due_code"), ("case_clock", "code")):
        _allow(table, "clock_code", column, clocks)
    _allow("case", "allocated_because", "allocated_because", allocated)
    _allow("consent", "consent_kind", "kind", consents)


def _allow(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    constraint = op.f(f"{table}_{name}_check")
    op.drop_constraint(constraint, table)
    allowed = ", ".join(f"'{value}'" for value in values)
    op.create_check_constraint(constraint, table, f"{column} IN ({allowed})")


def downgrade() -> None:
    """Undo it; refused where a family was asked."""
    op.drop_table("change_over")
    _words(because=_BECAUSE, clocks=_CLOCKS, allocated=_ALLOCATED, consents=_CONSENTS)
    op.drop_constraint(op.f("commission_new_provider_id_fkey"), "commission")
    op.drop_column("commission", "new_provider_id")
