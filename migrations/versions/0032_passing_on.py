"""A provider that cannot take a case passes it on; what it keeps of it stays its own.

Revision ID: 0032
Revises: 0031
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from parley.db.base import Wall
from parley.db.walls import OF_AUTHOR, OF_COPY, OF_DRAFT, OF_HOLDER, OF_OWN, OF_PRESENT, OF_SIDE, OF_SPEAKER

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_BECAUSE = ("conflict_of_interest", "no_room")
_STATES = (
    "waiting_for_young_person",
    "sent",
    "acknowledged",
    "council_told",
    "agreed",
    "meeting_arranged",
    "meeting_held",
    "outcome_recorded",
    "closed",
)
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
)
_REFERRALS = ("pending", "submitted", "needs_attention", "ended")
_ALLOCATED = ("sole", "chosen", "rang", "turn", "room", "left", "next")

#: For each table of the compartment: which rows a side sees, and which it may write, besides whose they are.
_SIDES = {
    "private_message": (OF_SIDE, OF_SIDE),
    "mediator_note": (OF_AUTHOR, OF_AUTHOR),
    "feedback": (OF_SPEAKER, OF_SPEAKER),
    "draft_agreement": (OF_DRAFT, ""),
    "draft_copy": (OF_COPY, ""),
}


def upgrade() -> None:
    """Let a case wait for a provider, keep who had it, and let what was said in confidence stay with whom it was."""
    _words(states=(*_STATES, "unplaced"), clocks=(*_CLOCKS, "place_by"))
    _allow("referral", "referral_state", "state", (*_REFERRALS, "passed_on"))
    _allow("case", "allocated_because", "allocated_because", (*_ALLOCATED, "placed"))
    op.add_column("referral", sa.Column("passed_on_because", _because(), nullable=True))
    op.create_table(
        "former_holding",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("held_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", _because(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["provider_worklist.authority_id", "provider_worklist.case_id"],
            name=op.f("former_holding_authority_id_case_id_fkey"),
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint(
            "provider_id", "authority_id", "case_id", "held_until", name=op.f("former_holding_pkey")
        ),
    )
    op.create_index(op.f("former_holding_provider_id_held_until_idx"), "former_holding", ["provider_id", "held_until"])
    op.create_index(op.f("former_holding_authority_id_case_id_idx"), "former_holding", ["authority_id", "case_id"])
    op.build_wall("former_holding", Wall.PROVIDER, app="SELECT, INSERT", provider="SELECT")
    for table, (seen, written) in _SIDES.items():
        _give_to_holder(table)
        check = " AND ".join(part for part in (written, OF_OWN, OF_PRESENT) if part)
        _narrow(table, f"{seen} AND {OF_OWN}", check)


def _because() -> sa.Enum:
    return sa.Enum(*_BECAUSE, name="passed_on_because", native_enum=False, create_constraint=True, length=40)


def _words(*, states: tuple[str, ...], clocks: tuple[str, ...]) -> None:
    for table in ("case", "provider_worklist"):
        _allow(table, "case_state", "state", states)
        _allow(table, "clock_code", "next_due_code", clocks)
    _allow("case_clock", "clock_code", "code", clocks)


def _allow(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    """Let these be the words of a column."""
    constraint = op.f(f"{table}_{name}_check")
    op.drop_constraint(constraint, table)
    allowed = ", ".join(f"'{value}'" for value in values)
    op.create_check_constraint(constraint, table, f"{column} IN ({allowed})")


def _give_to_holder(table: str) -> None:
    """Say of each row whose it is: until now no case has had two providers."""
    op.add_column(table, sa.Column("provider_id", sa.Uuid(), nullable=True), schema="compartment")
    with _behind_the_walls(f"compartment.{table}", '"case"'):
        op.execute(
            f'UPDATE compartment.{table} kept SET provider_id = held.provider_id FROM "case" held'
            " WHERE held.authority_id = kept.authority_id AND held.id = kept.case_id"
        )
    op.alter_column(table, "provider_id", nullable=False, schema="compartment")


@contextmanager
def _behind_the_walls(*tables: str) -> Iterator[None]:
    """Let the owner of these tables see their rows, which it never does otherwise."""
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    yield
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _narrow(table: str, using: str, check: str) -> None:
    op.execute(f"DROP POLICY of_side ON compartment.{table}")
    op.execute(
        f"CREATE POLICY of_side ON compartment.{table} AS RESTRICTIVE TO parley_compartment"
        f" USING ({using}) WITH CHECK ({check})"
    )


def downgrade() -> None:
    """Undo it; refused where a case waits for a provider or has had two."""
    for table, (seen, written) in reversed(_SIDES.items()):
        _narrow(table, f"{seen} AND {OF_HOLDER}", " AND ".join(part for part in (written, OF_HOLDER) if part))
        op.drop_column(table, "provider_id", schema="compartment")
    op.drop_table("former_holding")
    op.drop_column("referral", "passed_on_because")
    _allow("case", "allocated_because", "allocated_because", _ALLOCATED)
    _allow("referral", "referral_state", "state", _REFERRALS)
    _words(states=_STATES, clocks=_CLOCKS)
