"""The walls as SQL: which login may do what to a table, and which rows it sees.

Migrations call ``op.build_wall``; nothing else grants anything. Every policy compares the bare column with a setting
read once per statement. The setting is read without its missing_ok flag: a forgotten scope is an error, never an empty
list and never everything.
"""

from collections.abc import Iterator, Mapping

from alembic.operations import MigrateOperation, Operations

from parley.db.base import Wall
from parley.db.scope import PLATFORM_REALM

OWNER = "parley_owner"

#: PostgreSQL role of each login.
ROLES = {
    "app": "parley_app",
    "provider": "parley_provider",
    "compartment": "parley_compartment",
    "worker": "parley_worker",
    "operator": "parley_operator",
    "export": "parley_export",
    "region": "parley_region",
    "disposal": "parley_disposal",
    "mover": "parley_mover",
    "confidential_mover": "parley_confidential_mover",
    "keys": "parley_keys",
    "renewal": "parley_renewal",
}

#: The worker is a member of parley_app: what council pages may touch, a job may touch, behind the same walls.
MEMBERSHIPS = {"parley_worker": "parley_app"}

#: For backups: reads everything (db/backup.py), writes nothing, and is no login of Parley's own processes.
BACKUP_ROLE = "parley_backup"


def setting(name: str) -> str:
    """Return SQL for the uuid in a transaction's setting; an error when it was not set."""
    return f"(SELECT current_setting('parley.{name}')::uuid)"


OF_AUTHORITY = f"authority_id = {setting('authority')}"
OF_PROVIDER = f"provider_id = {setting('provider')}"
OF_REALM = f"realm_id = {setting('realm')}"
#: The platform's own people, whatever row they look at: for the few columns that their login was granted.
FOR_PLATFORM = f"{setting('realm')} = '{PLATFORM_REALM}'"
OF_OPEN_CASE = f"{OF_AUTHORITY} AND case_id = {setting('case')}"
#: The open case's own row, where the key is ``id``.
OF_CASE_ITSELF = f"{OF_AUTHORITY} AND id = {setting('case')}"
#: Of figures: those of the councils that lie in the region.
OF_REGION = f"authority_id IN (SELECT a.id FROM local_authority a WHERE a.region_id = {setting('region')})"
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
    " AND c.standing = 'current'"
    " AND coalesce(c.starts_on, current_date) <= current_date AND coalesce(c.ends_on, current_date) >= current_date"
    " AND (c.early_end_on IS NULL OR c.early_end_on > current_date OR c.starts_on > c.early_end_on)))"
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
#: Of a row with a provider: what is the provider's own, also once another has the case; other sides have their walls.
OF_OWN = f"((SELECT current_setting('parley.side')) <> 'provider' OR provider_id = {setting('realm')})"
#: New rows belong to the provider that has the case now, and nobody writes into what a former one keeps.
OF_PRESENT = (
    'provider_id = (SELECT held.provider_id FROM "case" held'
    f" WHERE held.authority_id = {setting('authority')} AND held.id = {setting('case')})"
)
_SIDE = "(SELECT current_setting('parley.side'))"
_COPIES = f"(SELECT c.draft_id FROM compartment.draft_copy c WHERE c.{OF_AUTHORITY} AND c.case_id = {setting('case')}"
#: Of the copies of a draft: the provider's side and the release all, everybody else their own.
OF_COPY = (
    f"CASE {_SIDE} WHEN 'provider' THEN true WHEN 'release' THEN true WHEN 'council' THEN side = 'council'"
    f" WHEN 'family' THEN side = 'family' AND member_id = {setting('person')}"
    f" WHEN 'invited' THEN side = 'invited' AND member_id = {setting('person')} ELSE false END"
)
#: Of drafts: the provider's side all; the release those of which every copy is confirmed; others those of which they
#: have a copy, for the walls show them no copies but their own.
OF_DRAFT = (
    f"CASE {_SIDE} WHEN 'provider' THEN true WHEN 'safeguarding' THEN false"
    f" WHEN 'release' THEN superseded_at IS NULL AND id IN {_COPIES})"
    f" AND id NOT IN {_COPIES} AND c.confirmed_at IS NULL) ELSE id IN {_COPIES}) END"
)
#: Drafts and copies are made on the provider's side alone.
BY_PROVIDER = f"{_SIDE} = 'provider'"
#: A copy is confirmed by its own side; for a family, on the phone, by the provider that read it back to them.
CONFIRMS = f"CASE {_SIDE} WHEN 'provider' THEN side = 'family' WHEN 'release' THEN false ELSE true END"
CONFIRMS_AS = f"(confirmed_at IS NULL OR (means = 'spoken') = ({_SIDE} = 'provider'))"
#: What every side confirmed is settled, as the release alone says, and nobody can lock it any more; and only the
#: provider puts another version in its place.
NOT_SETTLED = f"(settled_at IS NULL OR {_SIDE} = 'release')"
STILL_RUNNING = f"{NOT_SETTLED} AND (superseded_at IS NULL OR {_SIDE} = 'provider')"
#: What a participant thought of the meeting is read by the provider, and by whoever said it.
OF_SPEAKER = (
    f"CASE {_SIDE} WHEN 'provider' THEN true WHEN 'release' THEN false WHEN 'safeguarding' THEN false"
    f" ELSE side = {_SIDE} AND author_id = {setting('person')} END"
)
#: The log of concerns: read by the provider's lead over all cases, written from a case that the provider has.
OF_LEAD = f"{_SIDE} = 'safeguarding' AND provider_id = {setting('realm')}"
OF_CONCERNED = f"{_SIDE} = 'provider' AND provider_id = {setting('realm')} AND {OF_OPEN_CASE} AND {OF_HOLDER}"
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
    Wall.SAFEGUARDING: {
        "of_lead": (ROLES["compartment"], OF_LEAD),
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
