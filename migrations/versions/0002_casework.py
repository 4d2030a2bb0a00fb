"""Cases, their parties, consents, shares, answers, clocks and timeline; the provider's worklist.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from parley.db.base import Wall
from parley.db.walls import OF_AUTHORITY, OF_OPEN_CASE, OF_PROVIDER, setting

#: As it was when a commission had no standing (0023).
COMMISSIONED = (
    "(SELECT EXISTS (SELECT 1 FROM commission c"
    f" WHERE c.provider_id = {setting('provider')} AND c.authority_id = {setting('authority')}"
    " AND coalesce(c.starts_on, current_date) <= current_date AND coalesce(c.ends_on, current_date) >= current_date))"
)

#: Columns of its own rows that a provider's staff may change; whose case it is, and since when, is not among them.
WORKLIST_CHANGES = "UPDATE (state, is_open, next_due_on, next_due_code, coordinator_id, updated_at)"

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the open side of cases and the provider's worklist, and the walls around them."""
    op.create_table(
        "case",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting_for_young_person",
                "sent",
                "acknowledged",
                "council_told",
                "agreed",
                "meeting_arranged",
                "meeting_held",
                "outcome_recorded",
                "closed",
                name="case_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "listed",
            sa.Enum(
                "untold", "open", "closed", name="council_list", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "close_reason",
            sa.Enum(
                "completed",
                "withdrawn",
                "not_proceeding",
                "signposted",
                "young_person_said_no",
                name="close_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "channel",
            sa.Enum("online", "phone", name="channel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("policy_version_id", sa.Uuid(), nullable=False),
        sa.Column("law_version", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("areas", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("against", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("asked_as_question", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("council_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_id", sa.Uuid(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=False),
        sa.Column(
            "next_due_code",
            sa.Enum(
                "adviser_by",
                "appeal_by",
                "acknowledge_by",
                "tell_council_by",
                "answer_by",
                "holding_until",
                "young_person_by",
                "information_by",
                "invitation_by",
                "arrange_by",
                "meeting_on",
                "action_by",
                name="clock_code",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("child_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("child_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("council_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("council_number_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("case_pkey")),
        sa.UniqueConstraint("authority_id", "reference", name=op.f("case_authority_id_reference_key")),
    )
    op.create_index("case_child_idx", "case", ["authority_id", "child_fingerprint"], unique=False)
    op.create_index("case_council_number_idx", "case", ["authority_id", "council_number_fingerprint"], unique=False)
    op.create_index("case_inbox_idx", "case", ["authority_id", "listed", "next_due_on", "id"], unique=False)
    op.create_index(
        "case_mine_idx", "case", ["authority_id", "listed", "assigned_id", "next_due_on", "id"], unique=False
    )
    op.create_table(
        "case_counter",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "year", name=op.f("case_counter_pkey")),
    )
    op.create_table(
        "provider_worklist",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting_for_young_person",
                "sent",
                "acknowledged",
                "council_told",
                "agreed",
                "meeting_arranged",
                "meeting_held",
                "outcome_recorded",
                "closed",
                name="case_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("online", "phone", name="channel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=False),
        sa.Column(
            "next_due_code",
            sa.Enum(
                "adviser_by",
                "appeal_by",
                "acknowledge_by",
                "tell_council_by",
                "answer_by",
                "holding_until",
                "young_person_by",
                "information_by",
                "invitation_by",
                "arrange_by",
                "meeting_on",
                "action_by",
                name="clock_code",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("coordinator_id", sa.Uuid(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("child_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider_id", "authority_id", "case_id", name=op.f("provider_worklist_pkey")),
        sa.UniqueConstraint("authority_id", "case_id", name=op.f("provider_worklist_authority_id_case_id_key")),
    )
    op.create_index(
        "provider_worklist_child_idx", "provider_worklist", ["provider_id", "child_fingerprint"], unique=False
    )
    op.create_index(
        "provider_worklist_open_idx",
        "provider_worklist",
        ["provider_id", "is_open", "next_due_on", "case_id"],
        unique=False,
    )
    op.create_table(
        "request_draft",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("request_draft_pkey")),
    )
    op.create_index(
        op.f("request_draft_authority_id_expires_at_idx"), "request_draft", ["authority_id", "expires_at"], unique=False
    )
    op.create_index(
        op.f("request_draft_authority_id_owner_id_idx"), "request_draft", ["authority_id", "owner_id"], unique=False
    )
    op.create_table(
        "case_clock",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "adviser_by",
                "appeal_by",
                "acknowledge_by",
                "tell_council_by",
                "answer_by",
                "holding_until",
                "young_person_by",
                "information_by",
                "invitation_by",
                "arrange_by",
                "meeting_on",
                "action_by",
                name="clock_code",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "basis",
            sa.Enum(
                "law",
                "policy",
                "contract",
                "our_aim",
                name="clock_basis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("binds", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["case.authority_id", "case.id"],
            name=op.f("case_clock_authority_id_case_id_fkey"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("case_clock_pkey")),
    )
    op.create_index(
        op.f("case_clock_authority_id_case_id_idx"), "case_clock", ["authority_id", "case_id"], unique=False
    )
    op.create_index(op.f("case_clock_authority_id_due_on_idx"), "case_clock", ["authority_id", "due_on"], unique=False)
    op.create_table(
        "child",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("date_of_birth_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("setting_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["case.authority_id", "case.id"],
            name=op.f("child_authority_id_case_id_fkey"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("child_pkey")),
        sa.UniqueConstraint("authority_id", "case_id", name=op.f("child_authority_id_case_id_key")),
    )
    op.create_table(
        "party",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "family",
                "local_authority",
                "setting",
                "icb",
                name="party_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("may_be_invited", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["case.authority_id", "case.id"],
            name=op.f("party_authority_id_case_id_fkey"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("party_pkey")),
    )
    op.create_index(op.f("party_authority_id_case_id_idx"), "party", ["authority_id", "case_id"], unique=False)
    op.create_table(
        "referral",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "submitted",
                "needs_attention",
                "ended",
                name="referral_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("provider_reference", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["case.authority_id", "case.id"],
            name=op.f("referral_authority_id_case_id_fkey"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("referral_pkey")),
    )
    op.create_index(op.f("referral_authority_id_case_id_idx"), "referral", ["authority_id", "case_id"], unique=False)
    op.create_table(
        "share",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "item_kind",
            sa.Enum("statement", "document", name="item_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("shared_by", sa.Uuid(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["case.authority_id", "case.id"],
            name=op.f("share_authority_id_case_id_fkey"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("share_pkey")),
    )
    op.create_index(op.f("share_authority_id_case_id_idx"), "share", ["authority_id", "case_id"], unique=False)
    op.create_index(
        "share_running_key",
        "share",
        ["authority_id", "item_id", "party_id"],
        unique=True,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_table(
        "statement",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "story",
                "wish",
                "child_views",
                name="statement_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["case.authority_id", "case.id"],
            name=op.f("statement_authority_id_case_id_fkey"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("statement_pkey")),
    )
    op.create_index(op.f("statement_authority_id_case_id_idx"), "statement", ["authority_id", "case_id"], unique=False)
    op.create_table(
        "timeline_entry",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("viewers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["case.authority_id", "case.id"],
            name=op.f("timeline_entry_authority_id_case_id_fkey"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("timeline_entry_pkey")),
    )
    op.create_index(
        op.f("timeline_entry_authority_id_case_id_at_idx"),
        "timeline_entry",
        ["authority_id", "case_id", "at"],
        unique=False,
    )
    op.create_table(
        "answer",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column(
            "value",
            sa.Enum(
                "agreed",
                "declined",
                "holding",
                name="answer_value",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "out_of_scope",
                "already_resolved",
                "other_route",
                "not_our_responsibility",
                "other",
                name="decline_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("holding_until", sa.Date(), nullable=True),
        sa.Column("unavailable_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["case.authority_id", "case.id"],
            name=op.f("answer_authority_id_case_id_fkey"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "party_id"],
            ["party.authority_id", "party.id"],
            name=op.f("answer_authority_id_party_id_fkey"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("answer_pkey")),
    )
    op.create_index(
        op.f("answer_authority_id_case_id_answered_at_idx"),
        "answer",
        ["authority_id", "case_id", "answered_at"],
        unique=False,
    )
    op.create_table(
        "party_member",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=True),
        sa.Column(
            "capacity",
            sa.Enum(
                "parent_carer",
                "young_person",
                "alternative_person",
                "officer",
                "decision_maker",
                "setting_contact",
                "icb_contact",
                name="capacity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_rights_holder", sa.Boolean(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("safety_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("access_needs_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["case.authority_id", "case.id"],
            name=op.f("party_member_authority_id_case_id_fkey"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "party_id"],
            ["party.authority_id", "party.id"],
            name=op.f("party_member_authority_id_party_id_fkey"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("party_member_pkey")),
    )
    op.create_index(
        op.f("party_member_authority_id_case_id_idx"), "party_member", ["authority_id", "case_id"], unique=False
    )
    op.create_index(
        op.f("party_member_authority_id_identity_id_idx"), "party_member", ["authority_id", "identity_id"], unique=False
    )
    op.create_table(
        "consent",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "take_part",
                "tell_council",
                "ask_setting",
                "ask_icb",
                "parent_may_ask",
                name="consent_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "given",
                "declined",
                "withdrawn",
                name="consent_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "means",
            sa.Enum("online", "spoken", name="consent_means", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["case.authority_id", "case.id"],
            name=op.f("consent_authority_id_case_id_fkey"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "member_id"],
            ["party_member.authority_id", "party_member.id"],
            name=op.f("consent_authority_id_member_id_fkey"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("consent_pkey")),
    )
    op.create_index(
        op.f("consent_authority_id_case_id_at_idx"), "consent", ["authority_id", "case_id", "at"], unique=False
    )
    # Made after both tables, for each names the other: a case without a holder cannot be committed.
    op.create_foreign_key(
        "case_has_a_holder_fkey",
        "case",
        "provider_worklist",
        ["authority_id", "id"],
        ["authority_id", "case_id"],
        deferrable=True,
        initially="DEFERRED",
    )
    _build_walls()


def _build_walls() -> None:
    op.build_wall("request_draft", Wall.AUTHORITY, app="SELECT, INSERT, UPDATE, DELETE")
    op.build_wall("case_counter", Wall.AUTHORITY, app="SELECT, INSERT, UPDATE", provider="SELECT, INSERT, UPDATE")
    changing = "SELECT, INSERT, UPDATE"
    op.build_wall('"case"', Wall.CASE, key="id", app=changing, provider=changing)
    for table in ("child", "party", "party_member", "statement", "share", "referral", "case_clock"):
        op.build_wall(table, Wall.CASE, app=changing, provider=changing)
    # What a person said and what happened is added to and never altered.
    for table in ("consent", "answer", "timeline_entry"):
        op.build_wall(table, Wall.CASE, app="SELECT, INSERT", provider="SELECT, INSERT")
    op.build_wall("provider_worklist", Wall.PROVIDER, app=changing, provider=f"SELECT, INSERT, {WORKLIST_CHANGES}")
    # A provider may enter a request for a caller of a council that commissions it. It writes the worklist row first and
    # so holds the new case; a case that exists already has a row, which no second one can join.
    op.execute("DROP POLICY of_provider ON provider_worklist")
    op.execute(
        f"CREATE POLICY of_provider_read ON provider_worklist FOR SELECT TO parley_provider USING ({OF_PROVIDER})"
    )
    op.execute(
        "CREATE POLICY of_provider_change ON provider_worklist FOR UPDATE TO parley_provider"
        f" USING ({OF_PROVIDER}) WITH CHECK ({OF_PROVIDER})"
    )
    op.execute(
        "CREATE POLICY of_provider_entry ON provider_worklist FOR INSERT TO parley_provider"
        f" WITH CHECK ({OF_PROVIDER} AND {OF_OPEN_CASE} AND {COMMISSIONED})"
    )
    op.execute(
        "CREATE POLICY of_commissioned ON case_counter TO parley_provider"
        f" USING ({OF_AUTHORITY} AND {COMMISSIONED}) WITH CHECK ({OF_AUTHORITY} AND {COMMISSIONED})"
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_constraint("case_has_a_holder_fkey", "case")
    op.drop_index(op.f("consent_authority_id_case_id_at_idx"), table_name="consent")
    op.drop_table("consent")
    op.drop_index(op.f("party_member_authority_id_identity_id_idx"), table_name="party_member")
    op.drop_index(op.f("party_member_authority_id_case_id_idx"), table_name="party_member")
    op.drop_table("party_member")
    op.drop_index(op.f("answer_authority_id_case_id_answered_at_idx"), table_name="answer")
    op.drop_table("answer")
    op.drop_index(op.f("timeline_entry_authority_id_case_id_at_idx"), table_name="timeline_entry")
    op.drop_table("timeline_entry")
    op.drop_index(op.f("statement_authority_id_case_id_idx"), table_name="statement")
    op.drop_table("statement")
    op.drop_index("share_running_key", table_name="share", postgresql_where=sa.text("stopped_at IS NULL"))
    op.drop_index(op.f("share_authority_id_case_id_idx"), table_name="share")
    op.drop_table("share")
    op.drop_index(op.f("referral_authority_id_case_id_idx"), table_name="referral")
    op.drop_table("referral")
    op.drop_index(op.f("party_authority_id_case_id_idx"), table_name="party")
    op.drop_table("party")
    op.drop_table("child")
    op.drop_index(op.f("case_clock_authority_id_due_on_idx"), table_name="case_clock")
    op.drop_index(op.f("case_clock_authority_id_case_id_idx"), table_name="case_clock")
    op.drop_table("case_clock")
    op.drop_index(op.f("request_draft_authority_id_owner_id_idx"), table_name="request_draft")
    op.drop_index(op.f("request_draft_authority_id_expires_at_idx"), table_name="request_draft")
    op.drop_table("request_draft")
    op.drop_index("provider_worklist_open_idx", table_name="provider_worklist")
    op.drop_index("provider_worklist_child_idx", table_name="provider_worklist")
    op.drop_table("case_counter")
    op.drop_index("case_mine_idx", table_name="case")
    op.drop_index("case_inbox_idx", table_name="case")
    op.drop_index("case_council_number_idx", table_name="case")
    op.drop_index("case_child_idx", table_name="case")
    op.drop_table("case")
    # Last, for the walls of all the others look at it.
    op.drop_table("provider_worklist")
