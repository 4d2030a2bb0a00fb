"""Draft agreements and their copies, feedback, and the log of safeguarding concerns: in the compartment.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from parley.db.base import Wall
from parley.db.walls import (
    BY_PROVIDER,
    CONFIRMS,
    CONFIRMS_AS,
    NOT_SETTLED,
    OF_CONCERNED,
    OF_COPY,
    OF_DRAFT,
    OF_HOLDER,
    OF_SPEAKER,
    STILL_RUNNING,
)

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SIDES = ("family", "provider", "council", "invited", "release", "safeguarding")
_ANSWER = "confirmed_at, confirmed_by, means, change_asked_at, change_sealed"


def upgrade() -> None:
    """Build the tables, and the walls within them."""
    op.create_table(
        "draft_agreement",
        *_of_case("draft_agreement"),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        _once("draft_agreement", "meeting_id", "version"),
        schema="compartment",
    )
    _copies()
    op.create_table(
        "feedback",
        *_of_case("feedback"),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("side", _words("side", *_SIDES), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("rating", _words("rating", "very_good", "good", "neither", "poor", "very_poor"), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        _once("feedback", "meeting_id", "author_id"),
        schema="compartment",
    )
    _concerns()
    _let_sides_be(*_SIDES)
    _build_walls()


def _copies() -> None:
    op.create_table(
        "draft_copy",
        *_of_case("draft_copy"),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("side", _words("side", *_SIDES), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("means", _words("consent_means", "online", "spoken"), nullable=True),
        sa.Column("change_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("change_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id", "draft_id"],
            [f"compartment.draft_agreement.{column}" for column in ("authority_id", "case_id", "id")],
            name=op.f("draft_copy_authority_id_case_id_draft_id_fkey"),
        ),
        _once("draft_copy", "draft_id", "side", "member_id", postgresql_nulls_not_distinct=True),
        schema="compartment",
    )


def _concerns() -> None:
    told = _words("told", "police_or_ambulance", "council_safeguarding", "lead", "nobody")
    op.create_table(
        "safeguarding_concern",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("told", told, nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_up_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("provider_id", "authority_id", "case_id", "id", name=op.f("safeguarding_concern_pkey")),
        schema="compartment",
    )
    op.create_index(
        op.f("safeguarding_concern_provider_id_raised_at_idx"),
        "safeguarding_concern",
        ["provider_id", "raised_at"],
        schema="compartment",
    )


def _build_walls() -> None:
    # To lock a draft while it is answered is to be allowed to change it: the walls say what of it may change, and when.
    op.build_wall(
        "compartment.draft_agreement",
        Wall.COMPARTMENT,
        compartment="SELECT, INSERT, UPDATE (superseded_at, settled_at)",
    )
    op.build_wall("compartment.draft_copy", Wall.COMPARTMENT, compartment=f"SELECT, INSERT, UPDATE ({_ANSWER})")
    op.build_wall("compartment.feedback", Wall.COMPARTMENT, compartment="SELECT, INSERT")
    op.build_wall(
        "compartment.safeguarding_concern",
        Wall.SAFEGUARDING,
        compartment="SELECT, INSERT, UPDATE (taken_up_at, taken_up_by)",
    )
    _narrow("draft_agreement", "of_side", "ALL", using=f"{OF_DRAFT} AND {OF_HOLDER}", check=OF_HOLDER)
    _narrow("draft_agreement", "of_writer", "INSERT", check=BY_PROVIDER)
    _narrow("draft_agreement", "of_running", "UPDATE", using=NOT_SETTLED, check=STILL_RUNNING)
    _narrow("draft_copy", "of_side", "ALL", using=f"{OF_COPY} AND {OF_HOLDER}", check=OF_HOLDER)
    _narrow("draft_copy", "of_writer", "INSERT", check=BY_PROVIDER)
    _narrow("draft_copy", "of_own", "UPDATE", using=CONFIRMS, check=f"{CONFIRMS} AND {CONFIRMS_AS}")
    both = f"{OF_SPEAKER} AND {OF_HOLDER}"
    _narrow("feedback", "of_side", "ALL", using=both, check=both)
    op.execute(
        "CREATE POLICY of_concerned ON compartment.safeguarding_concern FOR INSERT TO parley_compartment"
        f" WITH CHECK ({OF_CONCERNED})"
    )


def _let_sides_be(*sides: str) -> None:
    """Let these be the sides that a private message can be by: there are more of them now."""
    op.drop_constraint(op.f("private_message_side_check"), "private_message", schema="compartment")
    allowed = ", ".join(f"'{side}'" for side in sides)
    op.create_check_constraint(
        op.f("private_message_side_check"), "private_message", f"by IN ({allowed})", schema="compartment"
    )


def _narrow(table: str, name: str, command: str, *, using: str = "", check: str = "") -> None:
    conditions = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    op.execute(
        f"CREATE POLICY {name} ON compartment.{table} AS RESTRICTIVE FOR {command} TO parley_compartment{conditions}"
    )


def _of_case(table: str) -> list[SchemaItem]:
    return [
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "case_id", "id", name=op.f(f"{table}_pkey")),
    ]


def _once(table: str, *columns: str, **options: bool) -> sa.UniqueConstraint:
    name = op.f("_".join((table, "authority_id_case_id", *columns, "key")))
    return sa.UniqueConstraint("authority_id", "case_id", *columns, name=name, **options)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    """Undo it."""
    _let_sides_be("family", "provider", "council")
    for table in ("safeguarding_concern", "feedback", "draft_copy", "draft_agreement"):
        if table == "draft_copy":
            # The walls of drafts look at their copies.
            op.execute("DROP POLICY of_side ON compartment.draft_agreement")
        op.drop_table(table, schema="compartment")
