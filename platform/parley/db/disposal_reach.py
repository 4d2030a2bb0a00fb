"""What the login for disposal may delete: of each table the rows of one case that is closed and not held, by key alone.

It reads the columns that say whose a row is, and no text. A council that is only being tried out may be wiped by it,
whatever the state of its cases. Everything that points at a case goes with it (``parley.db.base.of_case``); what lies
in the compartment, or belongs to the provider, goes at a time of its own. Whoever signed in, and is known to nothing
any more, goes by themselves.
"""

import dataclasses
from collections.abc import Iterator, Mapping

from parley.db.walls import OF_AUTHORITY, OF_CASE_ITSELF, OF_OPEN_CASE, OF_REALM, ROLES, setting

POLICY = "of_disposal"

_TRIED_OUT = (
    f"(SELECT EXISTS (SELECT 1 FROM local_authority a WHERE a.id = {setting('authority')} AND a.state = 'demo'))"
)
_HELD = (
    f"(SELECT EXISTS (SELECT 1 FROM legal_hold h WHERE h.authority_id = {setting('authority')}"
    f" AND h.case_id = {setting('case')} AND h.lifted_at IS NULL))"
)
#: The entry of the provider's list outlives the rest of its case. It shows itself to this login when the case may go,
#: and by that all else of the case.
_MAY_GO = (
    f"(SELECT EXISTS (SELECT 1 FROM provider_worklist gone WHERE gone.authority_id = {setting('authority')}"
    f" AND gone.case_id = {setting('case')}))"
)

#: Of those who signed in to a council: people of cases (its staff stay, whose acts the record names) whom no case, no
#: request that is being written and no sign-in knows any more.
_UNKNOWN_NOW = (
    "kind IN ('family', 'invited')"
    f" AND id NOT IN (SELECT m.identity_id FROM party_member m WHERE m.{OF_AUTHORITY} AND m.identity_id IS NOT NULL)"
    f" AND id NOT IN (SELECT d.owner_id FROM request_draft d WHERE d.{OF_AUTHORITY})"
    f" AND id NOT IN (SELECT s.identity_id FROM sign_in_session s WHERE s.{OF_REALM})"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reach:
    """Of one table: the privileges, and the condition of the rows they hold for. "" for all of them."""

    privileges: str
    rows: str = ""
    command: str = "ALL"


_CONFIDENTIAL = Reach(privileges="SELECT (authority_id, case_id), DELETE", rows=f"{OF_OPEN_CASE} AND {_MAY_GO}")

REACH: Mapping[str, Reach] = {
    "local_authority": Reach(privileges="SELECT (id, state)"),
    "legal_hold": Reach(privileges="SELECT (authority_id, case_id, lifted_at)", rows=OF_AUTHORITY, command="SELECT"),
    "provider_worklist": Reach(
        privileges="SELECT (authority_id, case_id, is_open, name_sealed, child_fingerprint),"
        " UPDATE (name_sealed, child_fingerprint), DELETE",
        rows=f"{OF_OPEN_CASE} AND (NOT is_open OR {_TRIED_OUT}) AND NOT {_HELD}",
    ),
    '"case"': Reach(privileges="SELECT (authority_id, id), DELETE", rows=f"{OF_CASE_ITSELF} AND {_MAY_GO}"),
    "disposal": Reach(privileges="SELECT (authority_id, case_id, part), INSERT", rows=f"{OF_OPEN_CASE} AND {_MAY_GO}"),
    "audit_event": Reach(privileges="INSERT", rows=OF_REALM, command="INSERT"),
    "identity": Reach(
        privileges="SELECT (realm_id, id, kind), DELETE", rows=f"{OF_REALM} AND ({_TRIED_OUT} OR ({_UNKNOWN_NOW}))"
    ),
    # Who is known still: by key alone.
    "party_member": Reach(privileges="SELECT (authority_id, identity_id)", rows=OF_AUTHORITY, command="SELECT"),
    "request_draft": Reach(privileges="SELECT (authority_id, owner_id)", rows=OF_AUTHORITY, command="SELECT"),
    "sign_in_session": Reach(privileges="SELECT (realm_id, identity_id)", rows=OF_REALM, command="SELECT"),
    "compartment.case_key": _CONFIDENTIAL,
    "compartment.draft_copy": _CONFIDENTIAL,
    "compartment.draft_agreement": _CONFIDENTIAL,
    "compartment.feedback": _CONFIDENTIAL,
    "compartment.mediator_note": _CONFIDENTIAL,
    "compartment.private_message": _CONFIDENTIAL,
    "compartment.safeguarding_concern": _CONFIDENTIAL,
}


def reach_statements(table: str) -> Iterator[str]:
    """Yield the SQL that lets the login for disposal reach its part of ``table``."""
    yield f"GRANT {REACH[table].privileges} ON {table} TO {ROLES['disposal']}"
    if REACH[table].rows:
        yield reach_policy(table)


def reach_policy(table: str, on: str | None = None) -> str:
    """Return the policy that lets the login reach its rows of ``table``, to be made on ``on`` (the same)."""
    reach = REACH[table]
    using = "" if reach.command == "INSERT" else f" USING ({reach.rows})"
    check = "" if reach.command == "SELECT" else f" WITH CHECK ({reach.rows})"
    return f"CREATE POLICY {POLICY} ON {on or table} FOR {reach.command} TO {ROLES['disposal']}{using}{check}"
