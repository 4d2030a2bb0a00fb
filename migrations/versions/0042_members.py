"""Members who are invited one by one, and the passkeys they sign in with.

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from parley.db.base import Wall

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

KINDS = ("family", "staff", "provider", "operator", "invited")
JOINS = "SELECT, UPDATE (token_hash, token_expires_at, identity_id, joined_at)"
INVITES = (
    "SELECT, INSERT, UPDATE (roles, mailbox_sealed, token_hash, token_expires_at, identity_id, joined_at, ended_at)"
)
SIGNS_IN = "SELECT, INSERT, UPDATE (sign_count, last_used_at, ended_at)"


def upgrade() -> None:
    """Build both tables behind the wall of their realm."""
    kind = sa.Enum(*KINDS, name="sign_in_kind", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "membership",
        sa.Column("realm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("roles", postgresql.JSONB(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("mailbox_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("token_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["realm_id", "identity_id"],
            ["identity.realm_id", "identity.id"],
            name=op.f("membership_realm_id_identity_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("realm_id", "id", name=op.f("membership_pkey")),
        sa.UniqueConstraint("realm_id", "token_hash", name=op.f("membership_realm_id_token_hash_key")),
    )
    op.create_index(op.f("membership_realm_id_identity_id_idx"), "membership", ["realm_id", "identity_id"], unique=True)
    op.create_table(
        "passkey",
        sa.Column("realm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("device_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["realm_id", "identity_id"],
            ["identity.realm_id", "identity.id"],
            name=op.f("passkey_realm_id_identity_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("realm_id", "id", name=op.f("passkey_pkey")),
        sa.UniqueConstraint("realm_id", "credential_id", name=op.f("passkey_realm_id_credential_id_key")),
    )
    op.create_index(op.f("passkey_realm_id_identity_id_idx"), "passkey", ["realm_id", "identity_id"], unique=False)
    op.build_wall("membership", Wall.REALM, app=f"{INVITES}, DELETE", provider=INVITES, operator=JOINS)
    op.build_wall("passkey", Wall.REALM, app=f"{SIGNS_IN}, DELETE", provider=SIGNS_IN, operator=SIGNS_IN)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("passkey")
    op.drop_table("membership")
