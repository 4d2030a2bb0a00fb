"""What the login for exports sees: of each table the columns and the rows that a council may read, and nothing else.

This is the visibility matrix (a council's column of it) as privileges and policies, so that an export cannot hold more
however it is written. What depends on both row and column stays to the statements of ``parley.transfer.queries``: the
words of a school's answer and the place of a family's member lie in rows of which the council reads another column.
"""

import dataclasses
from collections.abc import Mapping

import psycopg

from parley.db.laid import lay_policy
from parley.db.walls import OF_AUTHORITY, OF_REALM, ROLES

POLICY = "of_export"
EXPORT = ROLES["export"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sight:
    """Of one table: the columns that may be read, and the condition of its rows. "" for all of them."""

    columns: str = ""
    rows: str = ""

    @property
    def privilege(self) -> str:
        """What is granted."""
        return f"SELECT ({self.columns})" if self.columns else "SELECT"


def _in(table: str, column: str, more: str = "") -> str:
    """Return SQL for that column's values in the rows of ``table`` that the same login sees."""
    return f"(SELECT seen.{column} FROM {table} seen WHERE seen.{OF_AUTHORITY}{more})"


#: A council sees nothing of a case until its provider has told it (send-law.md section 7).
_CASES = _in('"case"', "id")
_TOLD = f"{OF_AUTHORITY} AND case_id IN {_CASES}"
_OWN_SIDES = _in("party", "id", " AND seen.kind = 'local_authority'")
_OWN_SIDE = f"party_id IN {_OWN_SIDES}"
_OWN_PEOPLE = f"member_id IN {_in('party_member', 'id', f' AND seen.party_id IN {_OWN_SIDES}')}"
_SHARED = f"id IN {_in('share', 'item_id')}"
_OF_ROW = "authority_id, id, case_id"

SIGHT: Mapping[str, Sight] = {
    '"case"': Sight(
        columns="authority_id, id, reference, state, state_since, close_reason, channel, policy_version_id,"
        " law_version, provider_id, allocated_because, areas, against, facts, asked_as_question, sent_at,"
        " council_told_at, assigned_id,"
        " child_name_sealed, council_number_sealed",
        rows=f"{OF_AUTHORITY} AND council_told_at IS NOT NULL",
    ),
    # Not the address: another parent may have to be kept from it.
    "child": Sight(columns=f"{_OF_ROW}, date_of_birth_sealed, setting_sealed", rows=_TOLD),
    "party": Sight(columns=f"{_OF_ROW}, kind, name_sealed, may_be_invited, removed_at", rows=_TOLD),
    # No contact, no safety, no access needs. Whether somebody took the place decides whether their side was asked.
    "party_member": Sight(
        columns=f"{_OF_ROW}, party_id, identity_id, capacity, is_rights_holder, name_sealed, role_sealed, left_at",
        rows=f"{_TOLD} AND left_at IS NULL",
    ),
    "invitation": Sight(columns=f"{_OF_ROW}, member_id, made_at, returned_at, revoked_at", rows=_TOLD),
    "answer": Sight(
        columns=f"{_OF_ROW}, party_id, value, reason, words_sealed, holding_until, unavailable_sealed, answered_at",
        rows=_TOLD,
    ),
    "share": Sight(
        columns="authority_id, id, case_id, item_id, party_id, stopped_at",
        rows=f"{_TOLD} AND stopped_at IS NULL AND {_OWN_SIDE}",
    ),
    "statement": Sight(columns=f"{_OF_ROW}, kind, body_sealed", rows=f"{_TOLD} AND {_SHARED}"),
    "document": Sight(
        columns=f"{_OF_ROW}, party_id, title_sealed, file_name_sealed, kind, size, pieces, added_at, removed_at",
        rows=f"{_TOLD} AND removed_at IS NULL AND ({_OWN_SIDE} OR {_SHARED})",
    ),
    "document_chunk": Sight(
        columns="authority_id, document_id, number, sealed",
        rows=f"{OF_AUTHORITY} AND document_id IN {_in('document', 'id')}",
    ),
    # What one person of the family was asked is not the council's to know.
    "case_clock": Sight(
        columns=f"{_OF_ROW}, code, basis, binds, party_id, member_id, due_on, met_at, stopped_at",
        rows=f"{_TOLD} AND member_id IS NULL",
    ),
    "timeline_entry": Sight(
        columns=f"{_OF_ROW}, at, code, by, viewers, codes",
        rows=f"{_TOLD} AND jsonb_exists(viewers, 'local_authority') AND NOT jsonb_exists(codes, 'private_to')",
    ),
    "meeting": Sight(
        columns=f"{_OF_ROW}, state, mode, begins_at, ends_at, place_sealed, link_sealed, for_everybody_sealed,"
        " mediator_id, mediator_name_sealed, register_body, register_number, registered_until, notice_waived,"
        " decision_maker_present",
        rows=_TOLD,
    ),
    "meeting_slot": Sight(columns=f"{_OF_ROW}, meeting_id, begins_at, ends_at, withdrawn_at", rows=_TOLD),
    "meeting_slot_answer": Sight(
        columns="authority_id, slot_id, member_id, case_id, value", rows=f"{_TOLD} AND {_OWN_PEOPLE}"
    ),
    # Of the family's people: that a supporter comes, and who, if that is shared.
    "attendance": Sight(
        columns=f"{_OF_ROW}, meeting_id, member_id, arrives_at, place_sealed, link_sealed, supporter_name_sealed,"
        " supporter_relation_sealed, supporter_shared, brings_sealed, attended",
        rows=f"{_TOLD} AND ({_OWN_PEOPLE} OR supporter_name_sealed IS NOT NULL)",
    ),
    "outcome": Sight(columns=f"{_OF_ROW}, meeting_id, kind, was_confirmed, recorded_at", rows=_TOLD),
    "agreement": Sight(columns=f"{_OF_ROW}, outcome_id, confirmed", rows=_TOLD),
    "agreed_point": Sight(columns=f"{_OF_ROW}, outcome_id, words_sealed", rows=_TOLD),
    "remaining_issue": Sight(columns=f"{_OF_ROW}, outcome_id, words_sealed", rows=_TOLD),
    "agreed_action": Sight(
        columns=f"{_OF_ROW}, outcome_id, owner_id, what_sealed, due_on, state, state_since, state_by, done_at,"
        " disputed_sealed",
        rows=_TOLD,
    ),
    "identity": Sight(columns="realm_id, id, kind, shown_as_sealed", rows=f"{OF_REALM} AND kind = 'staff'"),
    # What the council's own staff did, where they could see it.
    "audit_event": Sight(
        columns="realm_id, id, at, action, actor_id, case_id",
        rows=f"{OF_REALM} AND actor_id IN (SELECT seen.id FROM identity seen WHERE seen.{OF_REALM})"
        f" AND (case_id IS NULL OR case_id IN {_CASES})",
    ),
    "local_authority": Sight(columns="id, slug, name, gss_code"),
    "provider": Sight(),
    "policy_version": Sight(),
    "policy_approval": Sight(),
    "data_key": Sight(columns="realm_id, version, wrapped, wrapped_by, seals_from"),
}


def sight_policy(table: str, on: str | None = None) -> str:
    """Return the policy that shows the login for exports its rows of ``table``, to be made on ``on`` (the same)."""
    return f"CREATE POLICY {POLICY} ON {on or table} FOR SELECT TO {EXPORT} USING ({SIGHT[table].rows})"


def open_to_export(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """Show the login what it is to see now and nothing else; as the tables' owner, after every migration.

    A schema that is older than what is shown of it is left alone: nothing is exported from it.
    """
    if not _is_whole(owner):
        return
    for table, sight in SIGHT.items():
        owner.execute(f"REVOKE SELECT ON {table} FROM {EXPORT}".encode())
        owner.execute(f"GRANT {sight.privilege} ON {table} TO {EXPORT}".encode())
        if sight.rows:
            lay_policy(owner, table, POLICY, sight_policy(table))


def _is_whole(owner: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Tell whether every column that is shown is there."""
    found = owner.execute(
        "SELECT quote_ident(table_name), column_name FROM information_schema.columns WHERE table_schema = 'public'"
    ).fetchall()
    there = {(str(table), str(column)) for table, column in found}
    named = {table: sight.columns.split(", ") for table, sight in SIGHT.items() if sight.columns}
    return {(table, column) for table, columns in named.items() for column in columns} <= there
