"""What is kept of a closed case goes: a login for that, legal holds, and everything of a case going with it.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

from parley.db.base import Wall
from parley.db.disposal_reach import POLICY, REACH, reach_statements

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

PARTS = ("compartment", "concerns", "open_record", "list_entry")
ENTRY = (["authority_id", "case_id"], ["provider_worklist.authority_id", "provider_worklist.case_id"])
#: Reached since 0036.
LATER = frozenset({"party_member", "request_draft", "sign_in_session"})
LATE = {"ondelete": "CASCADE", "deferrable": True, "initially": "DEFERRED"}


def upgrade() -> None:
    """Make the tables, have rows go with what they belong to, and open what may go to the login."""
    _rows_go_with("CASCADE")
    op.create_table(
        "legal_hold",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary()),
        sa.Column("lifted_at", sa.DateTime(timezone=True)),
        sa.Column("lifted_by", sa.Text()),
        sa.Column("lift_reason_sealed", sa.LargeBinary()),
        sa.ForeignKeyConstraint(*ENTRY, name=op.f("legal_hold_authority_id_case_id_fkey"), **LATE),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("legal_hold_pkey")),
    )
    op.create_index(
        "legal_hold_running_key",
        "legal_hold",
        ["authority_id", "case_id"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "disposal",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(*PARTS, name="part", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(*ENTRY, name=op.f("disposal_authority_id_case_id_fkey"), **LATE),
        sa.PrimaryKeyConstraint("authority_id", "case_id", "part", name=op.f("disposal_pkey")),
    )
    hold = "SELECT, INSERT, UPDATE (lifted_at, lifted_by, lift_reason_sealed)"
    op.build_wall("legal_hold", Wall.AUTHORITY, app=hold)
    op.build_wall("disposal", Wall.AUTHORITY, app="SELECT")
    op.execute("GRANT USAGE ON SCHEMA compartment TO parley_disposal")
    for table in REACH.keys() - LATER:
        for statement in reach_statements(table):
            op.execute(statement)


def downgrade() -> None:
    """Take the login's reach and the tables away, and have rows stay."""
    for table, reach in REACH.items():
        if table in LATER:
            continue
        if reach.rows:
            op.execute(f"DROP POLICY {POLICY} ON {table}")
        op.execute(f"REVOKE {reach.privileges} ON {table} FROM parley_disposal")
    op.execute("REVOKE USAGE ON SCHEMA compartment FROM parley_disposal")
    op.drop_table("disposal")
    op.drop_table("legal_hold")
    _rows_go_with("NO ACTION")


def _rows_go_with(action: str) -> None:
    """Say what becomes of rows that point at a case, or at a clock or a meeting of one, when that goes.

    What is there was held by the constraint that this one takes the place of, under the same lock: it need not be read.
    """
    pointing = op.get_bind().execute(
        sa.text(
            "SELECT conrelid::regclass::text AS pointing, conname, confrelid::regclass::text AS at,"
            " (SELECT string_agg(quote_ident(attname), ', ' ORDER BY place) FROM unnest(conkey) WITH ORDINALITY"
            "  AS k(number, place) JOIN pg_attribute ON attrelid = conrelid AND attnum = number) AS columns"
            " FROM pg_constraint WHERE contype = 'f' AND (confrelid = '\"case\"'::regclass"
            " OR conname IN ('clock_notice_authority_id_clock_id_fkey',"
            " 'mediator_booking_authority_id_meeting_id_fkey'))"
        )
    )
    for row in pointing.all():
        op.execute(f"ALTER TABLE {row.pointing} DROP CONSTRAINT {row.conname}")
        op.execute(
            f"ALTER TABLE {row.pointing} ADD CONSTRAINT {row.conname} FOREIGN KEY ({row.columns})"
            f" REFERENCES {row.at} (authority_id, id) ON DELETE {action} DEFERRABLE INITIALLY DEFERRED NOT VALID"
        )
