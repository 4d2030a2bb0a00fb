"""Sign-in: doors, identities, sessions, attempts, one-time links, limits.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from parley.db.base import Wall

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the tables of sign-in, each behind the wall of its realm."""
    op.create_table(
        "attempt_limit",
        sa.Column("realm_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("realm_id", "subject", "key_hash", name=op.f("attempt_limit_pkey")),
    )
    op.create_table(
        "identity",
        sa.Column("realm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "family",
                "staff",
                "provider",
                "operator",
                "invited",
                name="sign_in_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("shown_as_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("realm_id", "id", name=op.f("identity_pkey")),
        sa.UniqueConstraint("realm_id", "issuer", "subject", name=op.f("identity_realm_id_issuer_subject_key")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("realm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("sign_in", name="link_purpose", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("mailbox_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("mailbox_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("next_path", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("realm_id", "id", name=op.f("one_time_link_pkey")),
        sa.UniqueConstraint("realm_id", "token_hash", name=op.f("one_time_link_realm_id_token_hash_key")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("realm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "family",
                "staff",
                "provider",
                "operator",
                "invited",
                name="sign_in_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("nonce_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("verifier_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("next_path", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("realm_id", "id", name=op.f("sign_in_attempt_pkey")),
        sa.UniqueConstraint("realm_id", "state_hash", name=op.f("sign_in_attempt_realm_id_state_hash_key")),
    )
    op.create_table(
        "sign_in_config",
        sa.Column("realm_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "family",
                "staff",
                "provider",
                "operator",
                "invited",
                name="sign_in_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "environment",
            sa.Enum(
                "live",
                "test",
                "demonstration",
                name="environment",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("realm_id", "kind", "environment", name=op.f("sign_in_config_pkey")),
    )
    op.create_table(
        "signing_key",
        sa.Column("realm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_jwk", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("private_jwk_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("realm_id", "id", name=op.f("signing_key_pkey")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("realm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "family",
                "staff",
                "provider",
                "operator",
                "invited",
                name="sign_in_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("auth_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_seconds", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id_token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("end_session_endpoint", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["realm_id", "identity_id"],
            ["identity.realm_id", "identity.id"],
            name=op.f("sign_in_session_realm_id_identity_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("realm_id", "id", name=op.f("sign_in_session_pkey")),
        sa.UniqueConstraint("realm_id", "token_hash", name=op.f("sign_in_session_realm_id_token_hash_key")),
    )
    op.create_index(
        op.f("sign_in_session_realm_id_identity_id_idx"), "sign_in_session", ["realm_id", "identity_id"], unique=False
    )
    _build_walls()


def _build_walls() -> None:
    changed = {
        "sign_in_config": "SELECT, INSERT, UPDATE, DELETE",
        "signing_key": "SELECT, INSERT, UPDATE (retired_at)",
        "identity": "SELECT, INSERT, UPDATE (shown_as_sealed, last_sign_in_at)",
        "sign_in_session": "SELECT, INSERT, UPDATE (last_seen_at, ended_at), DELETE",
        "sign_in_attempt": "SELECT, INSERT, UPDATE (used_at), DELETE",
        "one_time_link": (
            "SELECT, INSERT, UPDATE (token_hash, code_hash, code_tries, expires_at, used_at, mailbox_sealed), DELETE"
        ),
        "attempt_limit": "SELECT, INSERT, UPDATE, DELETE",
    }
    for table, privileges in changed.items():
        op.build_wall(table, Wall.REALM, app=privileges, provider=privileges, operator=privileges)


def downgrade() -> None:
    """Undo it."""
    op.drop_index(op.f("sign_in_session_realm_id_identity_id_idx"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_table("signing_key")
    op.drop_table("sign_in_config")
    op.drop_table("sign_in_attempt")
    op.drop_table("one_time_link")
    op.drop_table("identity")
    op.drop_table("attempt_limit")
