"""Policies: their versions. Eligibility: checks under way and what they found.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from parley.db.base import Wall

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the tables. Nobody may change a policy version or an assessment: there is no UPDATE on either."""
    op.create_table(
        "policy_version",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["local_authority.id"], name=op.f("policy_version_authority_id_fkey")
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("policy_version_pkey")),
        sa.UniqueConstraint("authority_id", "number", name=op.f("policy_version_authority_id_number_key")),
    )
    op.create_table(
        "eligibility_check",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("eligibility_check_pkey")),
        sa.UniqueConstraint("authority_id", "token_hash", name=op.f("eligibility_check_authority_id_token_hash_key")),
    )
    op.create_index(
        op.f("eligibility_check_authority_id_expires_at_idx"), "eligibility_check", ["authority_id", "expires_at"]
    )
    op.create_table(
        "assessment",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy_version_id", sa.Uuid(), nullable=False),
        sa.Column("law_version", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("assessment_pkey")),
    )
    op.create_index(op.f("assessment_authority_id_expires_at_idx"), "assessment", ["authority_id", "expires_at"])
    op.build_wall("policy_version", Wall.PLATFORM, app="SELECT", provider="SELECT", operator="SELECT, INSERT")
    op.build_wall("eligibility_check", Wall.AUTHORITY, app="SELECT, INSERT, UPDATE, DELETE")
    op.build_wall("assessment", Wall.AUTHORITY, app="SELECT, INSERT, DELETE")


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table("assessment")
    op.drop_table("eligibility_check")
    op.drop_table("policy_version")
