"""What the login that renews a realm's data key may do: within one realm's scope alone, and to what the key seals.

It reads and alters sealed columns and fingerprints, with the keys of their rows, and nothing else of any table; the
confidential side is closed to it. It deletes counts of tries, which are kept under a fingerprint, and versions of the
realm's own key. For a provider it reads, of the one council in the scope, the sealed dates of birth in that provider's
list: the fingerprint of a child in the list is made of them. A sealed column that is added later is covered without
anybody remembering.
"""

import dataclasses
from collections.abc import Mapping

import psycopg

from parley.db.laid import lay_policy
from parley.db.walls import OF_AUTHORITY, OF_REALM, ROLES, setting

POLICY = "of_renewal"
RENEWAL = ROLES["renewal"]

#: How the columns of sealed text are called.
SEALED = "_sealed"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Beside:
    """What else of a table the login reads and alters, besides its keys and what is sealed in it."""

    reads: tuple[str, ...] = ()
    alters: tuple[str, ...] = ()
    deletes: bool = False


#: Tables of which something else is needed, or all that is: fingerprints, what tells when a code runs out, documents.
BESIDE: Mapping[str, Beside] = {
    "attempt_limit": Beside(deletes=True),
    "case": Beside(alters=("child_fingerprint", "council_number_fingerprint")),
    "child": Beside(reads=("case_id",)),
    "document": Beside(reads=("pieces",), alters=("sha256",)),
    "document_chunk": Beside(alters=("sealed",)),
    "identity": Beside(reads=("issuer",), alters=("subject",)),
    "invitation": Beside(
        reads=("expires_at", "code_expires_at", "accepted_at", "returned_at", "revoked_at"), alters=("code_hash",)
    ),
    "one_time_link": Beside(reads=("expires_at", "used_at"), alters=("mailbox_hash", "code_hash")),
    "provider_worklist": Beside(alters=("child_fingerprint",)),
    "sign_in_session": Beside(reads=("expires_at", "ended_at"), alters=("issuer_session_hash",)),
}

#: Tables of councils whose sealed text is under the key of the provider in them.
OF_PROVIDERS = frozenset({"provider_worklist", "former_holding"})

#: What it is granted of tables that have no sealed column of a realm.
GRANTS: Mapping[str, str] = {
    "audit_event": "INSERT",
    "data_key": "SELECT, INSERT, DELETE",
    "key_adoption": "SELECT (ring, adopted_at, master_id)",
    "local_authority": "SELECT (id, slug, name)",
    "provider": "SELECT (id, slug, name)",
}

#: Of children: those of the council in the scope that are in the list of the provider whose key is renewed.
_LISTED = (
    f"case_id IN (SELECT w.case_id FROM provider_worklist w WHERE w.{OF_AUTHORITY}"
    f" AND w.provider_id = {setting('realm')}) AND {OF_AUTHORITY}"
)


def realm_column(table: str, columns: frozenset[str]) -> str:
    """Return the column of ``table`` with the realm whose key seals its text."""
    if table in OF_PROVIDERS:
        return "provider_id"
    return "realm_id" if "realm_id" in columns else "authority_id"


def is_reached(table: str, columns: frozenset[str]) -> bool:
    """Tell whether ``table`` has anything that hangs on a realm's key."""
    return table in BESIDE or any(column.endswith(SEALED) for column in columns)


def renewal_policies(table: str, columns: frozenset[str], on: str) -> dict[str, str]:
    """Return SQL for the policies of ``table`` by name, to be made on ``on``."""
    policies = {}
    if table == "audit_event":
        policies[POLICY] = f"CREATE POLICY {POLICY} ON {on} FOR INSERT TO {RENEWAL} WITH CHECK ({OF_REALM})"
    if is_reached(table, columns):
        own = f"{realm_column(table, columns)} = {setting('realm')}"
        policies[POLICY] = f"CREATE POLICY {POLICY} ON {on} TO {RENEWAL} USING ({own}) WITH CHECK ({own})"
    if table == "child":
        policies[f"{POLICY}_listed"] = (
            f"CREATE POLICY {POLICY}_listed ON {on} FOR SELECT TO {RENEWAL} USING ({_LISTED})"
        )
    return policies


def open_to_renewal(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """Let the login at what there is now; as the tables' owner, after every migration."""
    for table, quoted, columns, keys in _tables(owner):
        if table in GRANTS:
            owner.execute(f"GRANT {GRANTS[table]} ON {quoted} TO {RENEWAL}".encode())
        if is_reached(table, columns):
            owner.execute(f"GRANT {_privileges(table, columns, keys)} ON {quoted} TO {RENEWAL}".encode())
        for name, statement in renewal_policies(table, columns, quoted).items():
            lay_policy(owner, quoted, name, statement)


def _privileges(table: str, columns: frozenset[str], keys: frozenset[str]) -> str:
    beside = BESIDE.get(table, Beside())
    alters = sorted({column for column in columns if column.endswith(SEALED)} | {*beside.alters} & columns)
    reads = sorted({*alters, *keys, realm_column(table, columns)} | {*beside.reads} & columns)
    privileges = [f"SELECT ({', '.join(reads)})"]
    if alters:
        privileges.append(f"UPDATE ({', '.join(alters)})")
    if beside.deletes:
        privileges.append("DELETE")
    return ", ".join(privileges)


def _tables(
    owner: psycopg.Connection[tuple[object, ...]],
) -> list[tuple[str, str, frozenset[str], frozenset[str]]]:
    """Return the tables of the open side: name, name as SQL writes it, columns, and those of the primary key."""
    found = owner.execute(
        "SELECT c.relname, c.oid::regclass::text, string_agg(a.attname, ' '),"
        " coalesce(string_agg(a.attname, ' ') FILTER (WHERE a.attnum = ANY (i.indkey)), '') FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
        " WHERE c.relkind = 'r' AND n.nspname = 'public' GROUP BY c.oid, c.relname"
    ).fetchall()
    return [
        (str(name), str(quoted), frozenset(str(columns).split()), frozenset(str(keys).split()))
        for name, quoted, columns, keys in found
    ]
