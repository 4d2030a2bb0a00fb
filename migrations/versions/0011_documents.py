"""Documents of requests and cases, and their sealed content.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from parley.db.base import Wall

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

#: A provider takes back what it added by mistake; whose a document is, it cannot change.
PROVIDER_CHANGES = "UPDATE (title_sealed, file_name_sealed, sha256, removed_at)"


def upgrade() -> None:
    """Build the tables of documents, and the walls around them."""
    op.create_table(
        "document",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("file_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "pdf",
                "docx",
                "doc",
                "odt",
                "rtf",
                "text",
                "jpeg",
                "png",
                "heic",
                name="document_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column(
            "scan",
            sa.Enum("not_scanned", name="scan_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("num_nonnulls(case_id, draft_id) = 1", name=op.f("document_of_case_or_draft_check")),
        _points_at("case", "case_id"),
        _points_at("party", "party_id"),
        _points_at("party_member", "member_id"),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("document_pkey")),
    )
    op.create_index(op.f("document_authority_id_case_id_idx"), "document", ["authority_id", "case_id"], unique=False)
    op.create_index(op.f("document_authority_id_draft_id_idx"), "document", ["authority_id", "draft_id"], unique=False)
    op.create_table(
        "document_chunk",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "document_id"],
            ["document.authority_id", "document.id"],
            name=op.f("document_chunk_authority_id_document_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("authority_id", "document_id", "number", name=op.f("document_chunk_pkey")),
    )
    # Ciphertext does not compress; stored as it is, trying is saved.
    op.execute("ALTER TABLE document_chunk ALTER COLUMN sealed SET STORAGE EXTERNAL")
    op.build_wall(
        "document",
        Wall.CASE,
        app="SELECT, INSERT, UPDATE, DELETE",
        provider=f"SELECT, INSERT, {PROVIDER_CHANGES}",
    )
    op.build_wall(
        "document_chunk",
        Wall.CASE,
        app="SELECT, INSERT, UPDATE (case_id), DELETE",
        provider="SELECT, INSERT, DELETE",
    )


def _points_at(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["authority_id", column],
        [f"{table}.authority_id", f"{table}.id"],
        name=op.f(f"document_authority_id_{column}_fkey"),
        initially="DEFERRED",
        deferrable=True,
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("document_chunk")
    op.drop_index(op.f("document_authority_id_draft_id_idx"), table_name="document")
    op.drop_index(op.f("document_authority_id_case_id_idx"), table_name="document")
    op.drop_table("document")
