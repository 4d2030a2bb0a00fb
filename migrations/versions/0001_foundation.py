"""Tenants, keys, audit and the job queue.

Revision ID: 0001
Revises: nothing; this is the first.
"""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

from parley.db.base import Wall

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build tenants, keys, audit and the job queue, and the walls around them."""
    op.create_table(
        "audit_event",
        sa.Column("realm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "person", "machine", "system", name="actor_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "actor_realm_kind",
            sa.Enum(
                "authority",
                "provider",
                "platform",
                name="realm_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_realm_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("realm_id", "id", name=op.f("audit_event_pkey")),
    )
    op.create_index(op.f("audit_event_realm_id_at_idx"), "audit_event", ["realm_id", "at"], unique=False)
    op.create_index(
        op.f("audit_event_realm_id_case_id_at_idx"), "audit_event", ["realm_id", "case_id", "at"], unique=False
    )
    op.create_table(
        "data_key",
        sa.Column("realm_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("realm_id", name=op.f("data_key_pkey")),
    )
    op.create_table(
        "provider",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("profile", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("provider_pkey")),
        sa.UniqueConstraint("slug", name=op.f("provider_slug_key")),
    )
    op.create_table(
        "region",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("region_pkey")),
        sa.UniqueConstraint("slug", name=op.f("region_slug_key")),
    )
    op.create_table(
        "local_authority",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("gss_code", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("reference_prefix", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("live", "suspended", name="authority_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("profile", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("local_authority_region_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("local_authority_pkey")),
        sa.UniqueConstraint("gss_code", name=op.f("local_authority_gss_code_key")),
        sa.UniqueConstraint("reference_prefix", name=op.f("local_authority_reference_prefix_key")),
        sa.UniqueConstraint("slug", name=op.f("local_authority_slug_key")),
    )
    op.create_index(op.f("local_authority_region_id_idx"), "local_authority", ["region_id"], unique=False)
    op.create_table(
        "authority_host",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["local_authority.id"], name=op.f("authority_host_authority_id_fkey")
        ),
        sa.PrimaryKeyConstraint("host", name=op.f("authority_host_pkey")),
    )
    op.create_index(op.f("authority_host_authority_id_idx"), "authority_host", ["authority_id"], unique=False)
    op.create_table(
        "commission",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "service",
            sa.Enum(
                "disagreement_resolution",
                "mediation_advice",
                "mediation",
                "informal_resolution",
                name="service",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["authority_id"], ["local_authority.id"], name=op.f("commission_authority_id_fkey")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("commission_provider_id_fkey")),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("commission_pkey")),
        sa.UniqueConstraint(
            "authority_id", "provider_id", "service", name=op.f("commission_authority_id_provider_id_service_key")
        ),
    )
    op.create_index(
        op.f("commission_provider_id_authority_id_idx"), "commission", ["provider_id", "authority_id"], unique=False
    )
    _build_walls()
    _build_job_queue()


def _build_walls() -> None:
    everyone = {"app": "SELECT", "provider": "SELECT", "compartment": "SELECT"}
    for table in ("region", "local_authority", "authority_host", "provider"):
        op.build_wall(table, Wall.PLATFORM, operator="SELECT, INSERT, UPDATE", **everyone)
    op.execute("GRANT DELETE ON authority_host TO parley_operator")
    # Wrapped keys say nothing without the master key; the compartment has keys of its own and never reads these.
    op.build_wall("data_key", Wall.PLATFORM, app="SELECT", provider="SELECT", operator="SELECT, INSERT")
    op.build_wall("commission", Wall.PROVIDER, app="SELECT, INSERT, UPDATE", provider="SELECT")
    append = "SELECT, INSERT"
    op.build_wall("audit_event", Wall.REALM, app=append, provider=append, operator=append)


def _build_job_queue() -> None:
    op.execute("CREATE SCHEMA jobs")
    op.execute("SET LOCAL search_path = jobs")
    # Through the driver itself: the script holds per cent signs that SQLAlchemy would take for parameters.
    op.get_bind().connection.dbapi_connection.execute(SchemaManager.get_schema())
    op.execute("SET LOCAL search_path = public, jobs")
    op.execute("GRANT USAGE ON SCHEMA jobs TO parley_app, parley_provider, parley_worker, parley_operator")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO parley_app, parley_provider, parley_worker")
    # A page may put a job in and learn its number; it may not look at what else is waiting.
    for role in ("parley_app", "parley_provider"):
        op.execute(f"GRANT INSERT, SELECT (id) ON jobs.procrastinate_jobs TO {role}")
        op.execute(f"GRANT INSERT ON jobs.procrastinate_events TO {role}")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO parley_worker")
    op.execute(
        "GRANT SELECT (id, queue_name, task_name, status, scheduled_at, attempts)"
        " ON jobs.procrastinate_jobs TO parley_operator"
    )
    op.execute("GRANT SELECT ON jobs.procrastinate_workers, jobs.procrastinate_events TO parley_operator")


def downgrade() -> None:
    """Undo it."""
    op.execute("DROP SCHEMA jobs CASCADE")
    op.drop_index(op.f("commission_provider_id_authority_id_idx"), table_name="commission")
    op.drop_table("commission")
    op.drop_index(op.f("authority_host_authority_id_idx"), table_name="authority_host")
    op.drop_table("authority_host")
    op.drop_index(op.f("local_authority_region_id_idx"), table_name="local_authority")
    op.drop_table("local_authority")
    op.drop_table("region")
    op.drop_table("provider")
    op.drop_table("data_key")
    op.drop_index(op.f("audit_event_realm_id_case_id_at_idx"), table_name="audit_event")
    op.drop_index(op.f("audit_event_realm_id_at_idx"), table_name="audit_event")
    op.drop_table("audit_event")
