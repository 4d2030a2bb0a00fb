"""The without-prejudice side: messages and notes in a schema of their own.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from parley.db.base import Wall
from parley.db.walls import OF_AUTHOR, OF_CASE_ITSELF, OF_HOLDER, OF_REALM, OF_SIDE

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the compartment: its schema, its tables, and the walls within it."""
    op.execute("CREATE SCHEMA compartment")
    op.create_table(
        "case_key",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "case_id", name=op.f("case_key_pkey")),
        schema="compartment",
    )
    op.create_table(
        "mediator_note",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "case_id", "id", name=op.f("mediator_note_pkey")),
        schema="compartment",
    )
    op.create_index(
        op.f("mediator_note_authority_id_case_id_written_at_idx"),
        "mediator_note",
        ["authority_id", "case_id", "written_at"],
        unique=False,
        schema="compartment",
    )
    op.create_table(
        "private_message",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "family_provider",
                "council_provider",
                name="message_channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column(
            "by",
            sa.Enum("family", "provider", "council", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "case_id", "id", name=op.f("private_message_pkey")),
        schema="compartment",
    )
    op.create_index(
        op.f("private_message_authority_id_case_id_sent_at_idx"),
        "private_message",
        ["authority_id", "case_id", "sent_at"],
        unique=False,
        schema="compartment",
    )
    _build_walls()


def _build_walls() -> None:
    op.execute("GRANT USAGE ON SCHEMA compartment TO parley_compartment")
    op.build_wall("compartment.case_key", Wall.COMPARTMENT, compartment="SELECT, INSERT")
    op.build_wall("compartment.private_message", Wall.COMPARTMENT, compartment="SELECT, INSERT")
    op.build_wall("compartment.mediator_note", Wall.COMPARTMENT, compartment="SELECT, INSERT")
    # Within the case, each side sees its own: a restrictive policy narrows what the first one lets through.
    narrowed = {"private_message": f"{OF_SIDE} AND {OF_HOLDER}", "mediator_note": f"{OF_AUTHOR} AND {OF_HOLDER}"}
    for table, condition in narrowed.items():
        op.execute(
            f"CREATE POLICY of_side ON compartment.{table} AS RESTRICTIVE TO parley_compartment"
            f" USING ({condition}) WITH CHECK ({condition})"
        )
    # What the compartment's login may do outside its schema: read a case's id and holder; put in an audit event or a
    # job, and read none.
    op.execute('GRANT SELECT (authority_id, id, provider_id) ON "case" TO parley_compartment')
    op.execute(f'CREATE POLICY of_compartment ON "case" FOR SELECT TO parley_compartment USING ({OF_CASE_ITSELF})')
    op.execute("GRANT INSERT ON audit_event TO parley_compartment")
    op.execute(f"CREATE POLICY of_realm_append ON audit_event FOR INSERT TO parley_compartment WITH CHECK ({OF_REALM})")
    op.execute("GRANT USAGE ON SCHEMA jobs TO parley_compartment")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO parley_compartment")
    op.execute("GRANT INSERT, SELECT (id) ON jobs.procrastinate_jobs TO parley_compartment")
    op.execute("GRANT INSERT ON jobs.procrastinate_events TO parley_compartment")


def downgrade() -> None:
    """Undo it."""
    op.drop_index(
        op.f("private_message_authority_id_case_id_sent_at_idx"), table_name="private_message", schema="compartment"
    )
    op.drop_table("private_message", schema="compartment")
    op.drop_index(
        op.f("mediator_note_authority_id_case_id_written_at_idx"), table_name="mediator_note", schema="compartment"
    )
    op.drop_table("mediator_note", schema="compartment")
    op.drop_table("case_key", schema="compartment")
    op.execute("DROP SCHEMA compartment")
    op.execute('DROP POLICY of_compartment ON "case"')
    op.execute('REVOKE SELECT (authority_id, id, provider_id) ON "case" FROM parley_compartment')
    op.execute("DROP POLICY of_realm_append ON audit_event")
    op.execute("REVOKE ALL ON audit_event FROM parley_compartment")
    op.execute("REVOKE ALL ON ALL TABLES IN SCHEMA jobs FROM parley_compartment")
    op.execute("REVOKE SELECT (id) ON jobs.procrastinate_jobs FROM parley_compartment")
    op.execute("REVOKE ALL ON ALL SEQUENCES IN SCHEMA jobs FROM parley_compartment")
    op.execute("REVOKE ALL ON SCHEMA jobs FROM parley_compartment")
