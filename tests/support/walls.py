"""Finds holes in the walls of a migrated database: everything that its catalogue says and walls.py does not.

``wall_problems`` is what the tests of the walls rest on, so tests/integration/walls plants leaks and sees them found.
"""

import pathlib
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from psycopg.rows import dict_row

from parley.db.backup import backup_policy
from parley.db.base import Wall
from parley.db.confidential_mover import REACH as CONFIDED
from parley.db.confidential_mover import confidential_policies
from parley.db.disposal_reach import REACH, reach_policy
from parley.db.export_sight import SIGHT, sight_policy
from parley.db.mover import mover_condition, mover_policy
from parley.db.renewal_reach import renewal_policies
from parley.db.walls import (
    BACKUP_ROLE,
    BY_PROVIDER,
    COMMISSIONED,
    CONFIRMS,
    CONFIRMS_AS,
    FOR_PLATFORM,
    MEMBERSHIPS,
    NOT_SETTLED,
    OF_AUTHOR,
    OF_AUTHORITY,
    OF_CASE_ITSELF,
    OF_CONCERNED,
    OF_COPY,
    OF_DRAFT,
    OF_OPEN_CASE,
    OF_OWN,
    OF_PRESENT,
    OF_PROVIDER,
    OF_REALM,
    OF_REGION,
    OF_SIDE,
    OF_SPEAKER,
    OWNER,
    ROLES,
    STILL_RUNNING,
    wall_statements,
)
from support.models import declared, record_of

PLATFORM_TABLES = pathlib.Path(__file__).parents[1] / "architecture" / "platform_tables.txt"


def _policy(name: str, role: str, command: str = "ALL", *, using: str = "", check: str = "", kind: str = "") -> str:
    conditions = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    return f"CREATE POLICY {name} ON {{table}} {kind} FOR {command} TO {role}{conditions}"


def _narrowed(
    condition: str, name: str = "of_side", command: str = "ALL", *, check: str | None = None, role: str = "compartment"
) -> str:
    """Return a policy that narrows what the wall lets through; ``check`` says what may be written, if not the same."""
    written = condition if check is None else check
    return _policy(name, f"parley_{role}", command, using=condition, check=written, kind="AS RESTRICTIVE")


def _of_provider(condition: str) -> str:
    """Return the policy that narrows to one side's own, which stays with the provider that had the case then."""
    return _narrowed(f"{condition} AND {OF_OWN}", check=f"{condition} AND {OF_OWN} AND {OF_PRESENT}")


#: The column that holds a case's id, where it is not ``case_id``.
CASE_KEYS = {"case": "id"}

#: Policies that tables have beside those of their wall (or instead of one), and why.
_SPECIAL_POLICIES: Mapping[str, tuple[str, ...]] = {
    # Operators see how every council's plugins stand; which columns, their grant says.
    "plugin_enablement": (_policy("of_operator", "parley_operator", "SELECT", using=FOR_PLATFORM),),
    # A provider enters a case for a caller by writing its row here, and may never move or end a hold; so reading,
    # changing and entering have policies of their own.
    "provider_worklist": (
        "DROP POLICY of_provider ON {table}",
        _policy("of_provider_read", "parley_provider", "SELECT", using=OF_PROVIDER),
        _policy("of_provider_change", "parley_provider", "UPDATE", using=OF_PROVIDER, check=OF_PROVIDER),
        _policy(
            "of_provider_entry",
            "parley_provider",
            "INSERT",
            check=f"{OF_PROVIDER} AND {OF_OPEN_CASE} AND {COMMISSIONED}",
        ),
    ),
    # ... and takes the council's next number for it.
    "case_counter": (
        _policy(
            "of_commissioned",
            "parley_provider",
            using=f"{OF_AUTHORITY} AND {COMMISSIONED}",
            check=f"{OF_AUTHORITY} AND {COMMISSIONED}",
        ),
    ),
    # The compartment learns that its case is there and who has it, and appends to the audit without reading it.
    "case": (_policy("of_compartment", "parley_compartment", "SELECT", using=OF_CASE_ITSELF),),
    "audit_event": (
        _policy("of_realm_append", "parley_compartment", "INSERT", check=OF_REALM),
        _policy("of_keys", "parley_keys", "INSERT", check=OF_REALM),
    ),
    # Keys are wrapped anew for one council at a time.
    "compartment.case_key": (_policy("of_keys", "parley_keys", using=OF_AUTHORITY, check=OF_AUTHORITY),),
    # Whoever reads figures for a region reads those of its councils.
    "measure_row": (_policy("of_region", "parley_region", "SELECT", using=OF_REGION),),
    # Within the compartment of one case, each side sees its own.
    "compartment.private_message": (_of_provider(OF_SIDE),),
    "compartment.mediator_note": (_of_provider(OF_AUTHOR),),
    "compartment.feedback": (_of_provider(OF_SPEAKER),),
    # Drafts and copies are made by the provider, confirmed by their sides, and left alone once all are.
    "compartment.draft_agreement": (
        _narrowed(f"{OF_DRAFT} AND {OF_OWN}", check=f"{OF_OWN} AND {OF_PRESENT}"),
        _narrowed("", "of_writer", "INSERT", check=BY_PROVIDER),
        _narrowed(NOT_SETTLED, "of_running", "UPDATE", check=STILL_RUNNING),
    ),
    "compartment.draft_copy": (
        _narrowed(f"{OF_COPY} AND {OF_OWN}", check=f"{OF_OWN} AND {OF_PRESENT}"),
        _narrowed("", "of_writer", "INSERT", check=BY_PROVIDER),
        _narrowed(CONFIRMS, "of_own", "UPDATE", check=f"{CONFIRMS} AND {CONFIRMS_AS}"),
    ),
    # Whoever has a case writes into the log of concerns, and reads nothing there.
    "compartment.safeguarding_concern": (_policy("of_concerned", "parley_compartment", "INSERT", check=OF_CONCERNED),),
    # Words come by the release alone.
    "outcome": (
        _narrowed("", "of_nothing_agreed", "INSERT", check="kind = 'none' AND NOT was_confirmed", role="provider"),
    ),
}

#: Of every table that a council reads anything of, its part is shown to the login for exports.
_EXPORTED = {table.strip('"'): (sight_policy(table, on="{table}"),) for table, sight in SIGHT.items() if sight.rows}

#: ... and what of it may be disposed of is shown to the login for that.
_DISPOSED = {table.strip('"'): (reach_policy(table, on="{table}"),) for table, reach in REACH.items() if reach.rows}

#: ... and what a provider keeps in confidence to the login that carries it.
_CONFIDED = {table: tuple(confidential_policies(table, on="{table}").values()) for table in CONFIDED}

#: ... and what hangs on a realm's key to the login that renews it.
_RENEWED = {
    name: tuple(renewal_policies(name, frozenset(model.__table__.columns.keys()), "{table}").values())
    for name, model in declared().items()
    if model.__table__.schema is None
}

SPECIAL_POLICIES: Mapping[str, tuple[str, ...]] = {
    table: tuple(
        policy
        for policies in (_SPECIAL_POLICIES, _EXPORTED, _DISPOSED, _CONFIDED, _RENEWED)
        for policy in policies.get(table, ())
    )
    for table in _SPECIAL_POLICIES | _EXPORTED | _DISPOSED | _CONFIDED | _RENEWED
}

#: Row-level security does not hold for the others (TRUNCATE), or they have no business with a login.
PRIVILEGES = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})

_NAME = "CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END AS name"
_OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'"

Admin = psycopg.Connection[dict[str, Any]]
Policies = frozenset[tuple[object, ...]]


def platform_tables() -> dict[str, str]:
    """Return the tables that have no row-level security, each with the reason why that is safe."""
    lines = PLATFORM_TABLES.read_text(encoding="utf-8").splitlines()
    named = (line.partition(": ") for line in lines if line.strip() and not line.startswith("#"))
    return {table: reason.strip() for table, _, reason in named}


def wall_problems(admin_url: str) -> list[str]:
    """Return everything that is wrong with the walls of the database whose superuser's address is ``admin_url``."""
    with psycopg.connect(admin_url) as connection:
        return wall_problems_within(connection)


def wall_problems_within(connection: psycopg.Connection[Any]) -> list[str]:
    """Return what ``wall_problems`` does, as the open transaction of a superuser's ``connection`` sees it."""
    connection.row_factory = dict_row
    return sorted(
        [
            *_tables(connection),
            *_other_relations(connection),
            *_functions(connection),
            *_privileges(connection),
            *_roles(connection),
        ]
    )


def _tables(connection: Admin) -> Iterator[str]:
    found = connection.execute(
        f"SELECT c.oid::regclass::text AS quoted, {_NAME}, c.relrowsecurity AND c.relforcerowsecurity AS forced"
        f" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND {_OURS}"
    ).fetchall()
    named = platform_tables()
    for row in found:
        yield from _table(connection, row, named)
    here = {row["name"] for row in found}
    yield from (f"{name}: is in {PLATFORM_TABLES.name} and not in the database" for name in named.keys() - here)
    yield from (f"{name}: is declared and not in the database" for name in declared().keys() - here)


def _table(connection: Admin, row: dict[str, Any], named: Mapping[str, str]) -> Iterator[str]:
    name = row["name"]
    record = record_of(name) if name in declared() else None
    wall = record.wall if record else Wall.PLATFORM
    if (wall is Wall.PLATFORM) != (name in named):
        yield f"{name}: its wall is {wall}, which {PLATFORM_TABLES.name} does not say with a reason"
    if wall is Wall.PLATFORM:
        return
    if not row["forced"]:
        yield f"{name}: row-level security is not forced"
    wanted, found = _policies_of_wall(connection, wall, row), _policies(connection, row["quoted"])
    yield from (f"{name}: the policy {policy[0]} is missing or worded otherwise" for policy in wanted - found)
    yield from (f"{name}: the policy {policy[0]} is not of its wall: {policy[3]}" for policy in found - wanted)


#: What ``_policies_of_wall`` found, by wall and by table with policies of its own: it depends on walls.py alone.
_built: dict[tuple[Wall, str], Policies] = {}


def _policies_of_wall(connection: Admin, wall: Wall, row: dict[str, Any]) -> Policies:
    """Return the policies that a table has to have, as the catalogue words them: built for real, and rolled back."""
    name = row["name"]
    special = name if name in SPECIAL_POLICIES or name in CASE_KEYS else ""
    if (wall, special) not in _built:
        with connection.transaction(force_rollback=True):
            connection.execute(f"CREATE TABLE public.built_to_compare (LIKE {row['quoted']})".encode())
            for statement in (
                *wall_statements("built_to_compare", wall, {}, key=CASE_KEYS.get(name)),
                *SPECIAL_POLICIES.get(name, ()),
                backup_policy("{table}"),
                *_mover_policies(connection, row["quoted"]),
            ):
                connection.execute(statement.format(table="built_to_compare").encode())
            _built[wall, special] = _policies(connection, "public.built_to_compare")
    return _built[wall, special]


def _mover_policies(connection: Admin, table: str) -> list[str]:
    """Return the policy that lets the login that moves councils at a table, if it has rows of councils."""
    found = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::text::regclass AND attnum > 0 AND NOT attisdropped",
        (table,),
    )
    condition = mover_condition(frozenset(row["attname"] for row in found))
    return [mover_policy("{table}", condition)] if condition else []


def _policies(connection: Admin, table: str) -> Policies:
    rows = connection.execute(
        "SELECT polname, polcmd, polpermissive, pg_get_expr(polqual, polrelid) AS sees,"
        " pg_get_expr(polwithcheck, polrelid) AS writes,"
        " (SELECT string_agg(CASE r.role WHEN 0 THEN 'public' ELSE pg_get_userbyid(r.role) END, ', ' ORDER BY r.role)"
        "  FROM unnest(polroles) r(role)) AS roles"
        " FROM pg_policy WHERE polrelid = %s::text::regclass",
        (table,),
    )
    return frozenset(tuple(row.values()) for row in rows)


def _other_relations(connection: Admin) -> Iterator[str]:
    """Yield the ways round a table: views that look with their owner's eyes, copies, tables elsewhere."""
    found = connection.execute(
        f"SELECT {_NAME}, c.relkind, coalesce(c.reloptions, ARRAY[]::text[]) AS options,"
        " pg_get_userbyid(c.relowner) AS owner"
        f" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r','p','v','m','f','S')"
        f" AND {_OURS}"
    )
    for row in found:
        if row["owner"] != OWNER:
            yield f"{row['name']}: belongs to {row['owner']} and not to {OWNER}"
        if row["relkind"] == "v" and not {"security_invoker=true", "security_invoker=on"} & set(row["options"]):
            yield f"{row['name']}: is a view that sees with its owner's eyes (security_invoker is off)"
        if row["relkind"] in {"m", "f"}:
            yield f"{row['name']}: is a materialised view or a foreign table, which row-level security cannot hold"


def _functions(connection: Admin) -> Iterator[str]:
    found = connection.execute(
        "SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE p.prosecdef AND {_OURS}"
    )
    yield from (f"{row['name']}: runs with its owner's rights (SECURITY DEFINER)" for row in found)


def _privileges(connection: Admin) -> Iterator[str]:
    found = connection.execute(
        f"SELECT {_NAME}, g.privilege_type AS privilege,"
        " CASE g.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(g.grantee) END AS grantee, g.is_grantable"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
        " LATERAL (SELECT * FROM aclexplode(c.relacl) UNION ALL"
        "  SELECT (aclexplode(a.attacl)).* FROM pg_attribute a WHERE a.attrelid = c.oid) g"
        f" WHERE c.relkind IN ('r','p','v') AND {_OURS}"
    )
    for row in found:
        if row["grantee"] == OWNER or (row["grantee"], row["privilege"]) == (BACKUP_ROLE, "SELECT"):
            continue
        if row["grantee"] not in ROLES.values():
            yield f"{row['name']}: {row['grantee']} may {row['privilege']}"
        elif row["privilege"] not in PRIVILEGES or row["is_grantable"]:
            yield f"{row['name']}: {row['grantee']} holds {row['privilege']}, which no wall covers"


def _roles(connection: Admin) -> Iterator[str]:
    roles = [OWNER, *ROLES.values(), BACKUP_ROLE]
    found = connection.execute(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
        " WHERE rolname = ANY(%s)",
        (roles,),
    )
    for row in found:
        rights = [key.removeprefix("rol") for key, value in row.items() if value is True]
        if rights:
            yield f"{row['rolname']}: is above the walls ({', '.join(rights)})"
    memberships = connection.execute(
        "SELECT pg_get_userbyid(member) AS member, pg_get_userbyid(roleid) AS of FROM pg_auth_members"
        " WHERE pg_get_userbyid(member) = ANY(%s)",
        (roles,),
    )
    for row in memberships:
        if MEMBERSHIPS.get(str(row["member"])) != row["of"]:
            yield f"{row['member']}: is a member of {row['of']}"
