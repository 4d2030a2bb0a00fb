"""Outcomes on the open side: what every side confirmed, and what becomes of the agreed actions.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

from parley.db.base import Wall

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

#: What whoever has a say in an agreed action changes of it; its words and its date nobody changes.
_STANDING = "state, state_since, state_by, done_at, disputed_sealed, clock_id"


def upgrade() -> None:
    """Build the tables of outcomes, and the walls around them."""
    op.create_table(
        "outcome",
        *_of_case("outcome"),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("kind", _words("outcome_kind", "full", "partial", "none", "back_to_panel"), nullable=False),
        sa.Column("was_confirmed", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(op.f("outcome_authority_id_case_id_idx"), "outcome", ["authority_id", "case_id"])
    op.create_table(
        "agreement",
        *_of_outcome("agreement"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("confirmed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    )
    op.create_index("agreement_outcome_key", "agreement", ["authority_id", "outcome_id"], unique=True)
    for table in ("agreed_point", "remaining_issue"):
        op.create_table(table, *_of_outcome(table), sa.Column("words_sealed", sa.LargeBinary(), nullable=True))
        op.create_index(op.f(f"{table}_authority_id_outcome_id_idx"), table, ["authority_id", "outcome_id"])
    _actions()
    _build_walls()


def _actions() -> None:
    op.create_table(
        "agreed_action",
        *_of_outcome("agreed_action"),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("what_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("clock_id", sa.Uuid(), nullable=True),
        sa.Column("state", _words("action_state", "open", "done", "confirmed", "disputed"), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_by", _words("viewer", "family", "provider", "local_authority", "invited"), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disputed_sealed", sa.LargeBinary(), nullable=True),
        _points_at("agreed_action", "party", "owner_id"),
    )
    op.create_index(op.f("agreed_action_authority_id_outcome_id_idx"), "agreed_action", ["authority_id", "outcome_id"])


def _build_walls() -> None:
    # Whatever has words comes by the release alone, which is the worker's. A provider records that nothing was agreed.
    op.build_wall("outcome", Wall.CASE, app="SELECT", provider="SELECT, INSERT", worker="INSERT")
    op.execute(
        "CREATE POLICY of_nothing_agreed ON outcome AS RESTRICTIVE FOR INSERT TO parley_provider"
        " WITH CHECK (kind = 'none' AND NOT was_confirmed)"
    )
    for table in ("agreement", "agreed_point", "remaining_issue"):
        op.build_wall(table, Wall.CASE, app="SELECT", provider="SELECT", worker="INSERT")
    standing = f"SELECT, UPDATE ({_STANDING})"
    op.build_wall("agreed_action", Wall.CASE, app=standing, provider=standing, worker="INSERT")


def _of_case(table: str) -> list[SchemaItem]:
    return [
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        _points_at(table, "case", "case_id"),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f(f"{table}_pkey")),
    ]


def _of_outcome(table: str) -> list[SchemaItem]:
    outcome_id = sa.Column("outcome_id", sa.Uuid(), nullable=False)
    return [*_of_case(table), outcome_id, _points_at(table, "outcome", "outcome_id")]


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
    for table in ("agreed_action", "remaining_issue", "agreed_point", "agreement", "outcome"):
        op.drop_table(table)
