"""What the login that carries a provider's confidential side of one council out and in may do, and nothing besides.

It reads, adds and deletes what that provider keeps in the compartment of that council's cases, all of it sealed, and
the wrapped keys of those cases; what another provider kept of the same cases it does not see. Of the open side it reads
which cases there are, who has or had them and which are held, by ids. It alters nothing.
"""

from parley.db.walls import OF_AUTHORITY, OF_PROVIDER, OF_REALM, ROLES

POLICY = "of_confidential_mover"
CONFIDENTIAL_MOVER = ROLES["confidential_mover"]

_WHOLE = "SELECT, INSERT, DELETE"
_KEYS = "compartment.case_key"
_OF_BOTH = f"{OF_AUTHORITY} AND {OF_PROVIDER}"

#: What the provider keeps, by which a case's key is its to carry.
KEPT = (
    "compartment.private_message",
    "compartment.mediator_note",
    "compartment.draft_agreement",
    "compartment.draft_copy",
    "compartment.feedback",
    "compartment.safeguarding_concern",
)
_ITS_CASES = " UNION ".join(f"SELECT k.case_id FROM {table} k WHERE k.{OF_AUTHORITY}" for table in KEPT)
#: A key goes only from a case that this provider alone had.
_NEVER_ANOTHERS = (
    f"case_id IN (SELECT w.case_id FROM provider_worklist w WHERE w.{OF_AUTHORITY} AND w.{OF_PROVIDER})"
    f" AND case_id NOT IN (SELECT f.case_id FROM former_holding f WHERE f.{OF_AUTHORITY})"
)

#: For each table: what is granted, and its policies, as name -> (command, rows seen, rows written).
REACH: dict[str, tuple[str, dict[str, tuple[str, str, str]]]] = {
    **{table: (_WHOLE, {POLICY: ("ALL", _OF_BOTH, _OF_BOTH)}) for table in KEPT},
    _KEYS: (
        _WHOLE,
        {
            POLICY: ("SELECT", f"{OF_AUTHORITY} AND case_id IN ({_ITS_CASES})", ""),
            f"{POLICY}_in": ("INSERT", "", f"{OF_AUTHORITY} AND case_id IN ({_ITS_CASES})"),
            f"{POLICY}_out": ("DELETE", f"{OF_AUTHORITY} AND {_NEVER_ANOTHERS}", ""),
        },
    ),
    "provider_worklist": ("SELECT (authority_id, provider_id, case_id)", {POLICY: ("SELECT", OF_AUTHORITY, "")}),
    "former_holding": ("SELECT (authority_id, provider_id, case_id)", {POLICY: ("SELECT", OF_AUTHORITY, "")}),
    "legal_hold": ("SELECT (authority_id, case_id, lifted_at)", {POLICY: ("SELECT", OF_AUTHORITY, "")}),
    "audit_event": ("INSERT", {POLICY: ("INSERT", "", OF_REALM)}),
    "local_authority": ("SELECT (id, slug, name)", {}),
    "provider": ("SELECT (id, slug, name)", {}),
    "key_adoption": ("SELECT (ring, adopted_at, master_id)", {}),
    "alembic_version": ("SELECT", {}),
}


def confidential_policies(table: str, on: str | None = None) -> dict[str, str]:
    """Return SQL for the policies of ``table`` by name, to be made on ``on`` (the same)."""
    _, policies = REACH.get(table, ("", {}))
    return {
        name: f"CREATE POLICY {name} ON {on or table} FOR {command} TO {CONFIDENTIAL_MOVER}"
        + (f" USING ({seen})" if seen else "")
        + (f" WITH CHECK ({written})" if written else "")
        for name, (command, seen, written) in policies.items()
    }
