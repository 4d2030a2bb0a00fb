"""The walls as SQL: which login may do what to a table, and which rows it sees.

Migrations call ``op.build_wall``; nothing else grants anything. Every policy compares the bare column with a setting
read once per statement. The setting is read without its missing_ok flag: a forgotten scope is an error, never an empty
list and never everything.
"""

from collections.abc import Iterator, Mapping

from alembic.operations import MigrateOperation, Operations

from parley.db.base import Wall

OWNER = "parley_owner"

#: PostgreSQL role of each login.
ROLES = {
    "app": "parley_app",
    "provider": "parley_provider",
    "compartment": "parley_compartment",
    "worker": "parley_worker",
    "operator": "parley_operator",
}

#: The worker is a member of parley_app: what council pages may touch, a job may touch, behind the same walls.
MEMBERSHIPS = {"parley_worker": "parley_app"}

#: One-way membership for backups: reads everything, owns nothing, and is no login of Parley's own processes.
BACKUP_ROLE = "parley_backup"


def setting(name: str) -> str:
    """Return SQL for the uuid in a transaction's setting; an error when it was not set."""
    return f"(SELECT current_setting('parley.{name}')::uuid)"


OF_AUTHORITY = f"authority_id = {setting('authority')}"
OF_PROVIDER = f"provider_id = {setting('provider')}"
OF_REALM = f"realm_id = {setting('realm')}"
OF_OPEN_CASE = f"{OF_AUTHORITY} AND case_id = {setting('case')}"
#: The open case's own row, where the key is ``id``.
OF_CASE_ITSELF = f"{OF_AUTHORITY} AND id = {setting('case')}"
#: Whether the provider of this transaction holds its case now. Run once per statement, not per row.
HOLDS_OPEN_CASE = (
    "(SELECT EXISTS (SELECT 1 FROM provider_worklist held WHERE held.held_until IS NULL"
    f" AND held.provider_id = {setting('provider')} AND held.authority_id = {setting('authority')}"
    f" AND held.case_id = {setting('case')}))"
)

#: Whether the council of this transaction commissions its provider today.
COMMISSIONED = (
    "(SELECT EXISTS (SELECT 1 FROM commission c"
    f" WHERE c.provider_id = {setting('provider')} AND c.authority_id = {setting('authority')}"
    " AND coalesce(c.starts_on, current_date) <= current_date AND coalesce(c.ends_on, current_date) >= current_date))"
)

#: What of a private message the side that reads may see: the provider both, the council its own, a member of the family
#: the thread between the provider and that person alone.
OF_SIDE = (
    "CASE (SELECT current_setting('parley.side')) WHEN 'provider' THEN true"
    " WHEN 'council' THEN channel = 'council_provider'"
    f" WHEN 'family' THEN channel = 'family_provider' AND member_id = {setting('person')} ELSE false END"
)
#: Whoever stands on the provider's side must be of the provider that has the case.
OF_HOLDER = (
    "((SELECT current_setting('parley.side')) <> 'provider' OR (SELECT EXISTS (SELECT 1 FROM \"case\" held"
    f" WHERE held.authority_id = {setting('authority')} AND held.id = {setting('case')}"
    f" AND held.provider_id = {setting('realm')})))"
)
#: A mediator's notes are the author's own.
OF_AUTHOR = f"(SELECT current_setting('parley.side')) = 'provider' AND author_id = {setting('person')}"

#: For each wall: the policies it is made of, as name -> (role, condition).
POLICIES: dict[Wall, dict[str, tuple[str, str]]] = {
    Wall.AUTHORITY: {"of_authority": (ROLES["app"], OF_AUTHORITY)},
    Wall.CASE: {
        "of_authority": (ROLES["app"], OF_AUTHORITY),
        "of_held_case": (ROLES["provider"], f"{OF_OPEN_CASE} AND {HOLDS_OPEN_CASE}"),
    },
    Wall.PROVIDER: {
        "of_authority": (ROLES["app"], OF_AUTHORITY),
        "of_provider": (ROLES["provider"], OF_PROVIDER),
    },
    Wall.REALM: {
        "of_realm": (f"{ROLES['app']}, {ROLES['provider']}, {ROLES['operator']}", OF_REALM),
    },
    Wall.COMPARTMENT: {
        "of_open_case": (ROLES["compartment"], OF_OPEN_CASE),
    },
    Wall.PLATFORM: {},
}


def wall_statements(table: str, wall: Wall, grants: Mapping[str, str], *, key: str | None = None) -> Iterator[str]:
    """Yield the SQL that builds ``wall`` around ``table`` and grants what ``grants`` lists.

    ``grants`` maps a login ("app", "provider", ...) to privileges, as in ``"SELECT, UPDATE (state)"``. ``key`` names
    the column that holds the case's id where it is not ``case_id`` (the table of cases itself: ``id``).
    """
    for login, privileges in grants.items():
        yield f"GRANT {privileges} ON {table} TO {ROLES[login]}"
    if wall is Wall.PLATFORM:
        return
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    for name, (roles, condition) in POLICIES[wall].items():
        if key:
            condition = condition.replace(" AND case_id = ", f" AND {key} = ", 1)
        yield f"CREATE POLICY {name} ON {table} TO {roles} USING ({condition}) WITH CHECK ({condition})"


@Operations.register_operation("build_wall")
class BuildWall(MigrateOperation):
    """``op.build_wall("table", Wall.CASE, app="SELECT, INSERT", provider="SELECT")`` in a migration."""

    def __init__(self, table: str, wall: Wall, grants: Mapping[str, str], key: str | None) -> None:
        """Keep what the operation is to do."""
        self.table, self.wall, self.grants, self.key = table, wall, grants, key

    @classmethod
    def build_wall(
        cls, operations: Operations, table: str, wall: Wall, *, key: str | None = None, **grants: str
    ) -> object:
        """Build ``wall`` around ``table``; keyword arguments are privileges per login."""
        return operations.invoke(cls(table, wall, grants, key))


@Operations.implementation_for(BuildWall)
def _build_wall(operations: Operations, operation: BuildWall) -> None:
    for statement in wall_statements(operation.table, operation.wall, operation.grants, key=operation.key):
        operations.execute(statement)
