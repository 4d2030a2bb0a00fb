"""Invitations of named people to one case.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from parley.db.base import Wall

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build invitations and their wall."""
    op.create_table(
        "invitation",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "young_person",
                "body_contact",
                "claim",
                name="invitation_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["case.authority_id", "case.id"],
            name=op.f("invitation_authority_id_case_id_fkey"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "member_id"],
            ["party_member.authority_id", "party_member.id"],
            name=op.f("invitation_authority_id_member_id_fkey"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("invitation_pkey")),
    )
    op.create_index(
        op.f("invitation_authority_id_case_id_idx"), "invitation", ["authority_id", "case_id"], unique=False
    )
    op.create_index("invitation_token_key", "invitation", ["authority_id", "token_hash"], unique=True)
    changing = "SELECT, INSERT, UPDATE"
    op.build_wall("invitation", Wall.CASE, app=changing, provider=changing)


def downgrade() -> None:
    """Undo it."""
    op.drop_index("invitation_token_key", table_name="invitation")
    op.drop_index(op.f("invitation_authority_id_case_id_idx"), table_name="invitation")
    op.drop_table("invitation")
