"""The rows of a council that go with it to another deployment, each as one line of JSON that PostgreSQL writes.

Sealed columns go as they are: their key goes too. What belongs to the deployment and not to the council stays: its
doors, sessions, plugins, hosts. The confidential side does not go at all: it is the provider's, under keys that the
council's never open.
"""

import dataclasses
import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Column, Table, text
from sqlalchemy.orm import Session

from parley.casework.timeline import LET_GO_BY, TAKEN_BY
from parley.db.base import Base

#: Tables about a council that stay where they are, and why.
LEFT: Mapping[str, str] = {
    "authority_change": "tells of this deployment's council; the other one's life begins there",
    "attempt_limit": "counts tries at this deployment's doors",
    "authority_host": "the other deployment has hosts of its own",
    "data_key": "goes by itself, wrapped anew",
    "former_holding": "a provider's own record of a case it had, under a key of its own",
    "mediator": "the provider's own people",
    "mediator_booking": "the provider's own diary",
    "membership": "councils' people come in by issuers; these are providers' and the platform's",
    "one_time_link": "opens a door of this deployment, for minutes",
    "passkey": "opens a door of this deployment, for whom no issuer vouches",
    "plugin_call": "says how this deployment's plugins did",
    "plugin_enablement": "plugins are enabled from the files of each deployment",
    "request_allowance": "counts this deployment's load",
    "sign_in_attempt": "passes through a door of this deployment, for minutes",
    "sign_in_config": "doors are loaded from the files of each deployment",
    "sign_in_session": "people sign in anew",
    "signing_key": "proves this deployment to issuers",
    "trouble_count": "says what went wrong here",
}

#: Columns that stay: what is read from files there, the provider's own people, and what is sealed with the provider's
#: key, which is made anew.
LEFT_COLUMNS: Mapping[str, frozenset[str]] = {
    "local_authority": frozenset({"successor_id"}),
    # Through which regional contract it is bought is read from the files there.
    "commission": frozenset({"framework_id"}),
    "provider_worklist": frozenset({"coordinator_id", "name_sealed", "child_fingerprint"}),
}

#: Columns that name something of a deployment by its id: they go as its name.
NAMED = {"provider_id": "provider", "new_provider_id": "provider", "region_id": "region"}

#: Columns of codes in which some name a provider by its id: those go as its name, too.
NAMED_WITHIN: Mapping[tuple[str, str], tuple[str, ...]] = {("timeline_entry", "codes"): (LET_GO_BY, TAKEN_BY)}

#: Rows fetched at once; one may hold a quarter of a megabyte of a document.
FETCHED = 200


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tally:
    """How many lines a table had, and their SHA-256."""

    rows: int
    sha256: str


def named_in_sql(table: Table) -> str:
    """Return a table's name as SQL writes it."""
    return f'{table.schema}."{table.name}"' if table.schema else f'"{table.name}"'


def owner_column(table: Table) -> str | None:
    """Return the column that says whose a row of ``table`` is, None for a table that is of no council."""
    if table.name == "local_authority":
        return "id"
    return next((name for name in ("authority_id", "realm_id") if name in table.columns), None)


def tables_of_councils() -> list[Table]:
    """Return every table of the open side with rows of councils, so that what is referred to comes first."""
    return [table for table in Base.metadata.sorted_tables if table.schema is None and owner_column(table) is not None]


def carried_tables() -> list[Table]:
    """Return the tables that go with a council, so that what is referred to comes first.

    A provider's list comes last: it names children, who are there by then.
    """
    carried = [table for table in tables_of_councils() if table.name not in LEFT]
    return sorted(carried, key=lambda table: table.name == "provider_worklist")


def carried_names() -> list[str]:
    """Return the names of the tables that go."""
    return [table.name for table in carried_tables()]


def carried_columns(table: Table) -> Sequence[Column[object]]:
    """Return the columns that go."""
    left = LEFT_COLUMNS.get(table.name, frozenset())
    return [column for column in table.columns if column.name not in left]


def carried_lines(session: Session, table: Table, authority_id: uuid.UUID) -> Iterator[str]:
    """Yield the council's rows of ``table`` as lines, in the order of their keys; the same rows, the same lines."""
    columns = ", ".join(_expression(table.name, column) for column in carried_columns(table))
    # Not by what is called otherwise elsewhere, so that the order is the same there.
    keys = ", ".join(f't."{column.name}"' for column in table.primary_key if column.name not in NAMED)
    statement = text(
        f"SELECT row_to_json(r)::text FROM (SELECT {columns} FROM {named_in_sql(table)} t"
        f' WHERE t."{owner_column(table)}" = :authority ORDER BY {keys}) r'
    )
    options = {"yield_per": FETCHED}
    with session.connection().execute(statement, {"authority": authority_id}, execution_options=options) as rows:
        for (line,) in rows:
            yield line


def named_there(session: Session, authority_id: uuid.UUID) -> dict[str, list[str]]:
    """Return what must be known by name where the council goes: the slugs of its providers and of its region."""
    found: dict[str, set[str]] = {kind: set() for kind in NAMED.values()}
    for table in carried_tables():
        for column, kind in NAMED.items():
            if column in table.columns:
                statement = text(
                    f'SELECT DISTINCT n.slug FROM "{table.name}" t JOIN {kind} n ON n.id = t."{column}"'
                    f' WHERE t."{owner_column(table)}" = :authority'
                )
                found[kind] |= set(session.scalars(statement, {"authority": authority_id}))
    for (table_name, column), codes in NAMED_WITHIN.items():
        statement = text(
            f'SELECT DISTINCT n.slug FROM "{table_name}" t, jsonb_each_text(t."{column}") c'
            f' JOIN provider n ON n.id::text = c.value WHERE t."authority_id" = :authority'
            f" AND c.key IN ({_listed(codes)})"
        )
        found["provider"] |= set(session.scalars(statement, {"authority": authority_id}))
    return {kind: sorted(slugs) for kind, slugs in found.items()}


def tallied(lines: Iterator[str]) -> Tally:
    """Return what ``lines`` come to."""
    tally = Tallying()
    for line in lines:
        tally.add(line)
    return tally.result()


class Tallying:
    """Counts and hashes lines as they go by."""

    def __init__(self) -> None:
        """Begin."""
        self._rows, self._digest = 0, hashlib.sha256()

    def add(self, line: str) -> None:
        """Take one more line."""
        self._rows += 1
        self._digest.update(line.encode() + b"\n")

    def result(self) -> Tally:
        """Return what they come to."""
        return Tally(rows=self._rows, sha256=self._digest.hexdigest())


def renamed_codes(table_name: str, column_name: str, value: str, *, to_names: bool) -> str | None:
    """Return SQL for the codes ``value`` of a column with each provider's id in them as its name, or the other way
    round; None for a column in which none is named."""
    codes = NAMED_WITHIN.get((table_name, column_name))
    if codes is None:
        return None
    known, called = ("id", "slug") if to_names else ("slug", "id")
    return (
        f"CASE WHEN {value} ?| ARRAY[{_listed(codes)}] THEN {value} || coalesce("
        f"(SELECT jsonb_object_agg(c.key, n.{called}) FROM jsonb_each_text({value}) c"
        f" JOIN provider n ON n.{known}::text = c.value WHERE c.key IN ({_listed(codes)})), '{{}}') ELSE {value} END"
    )


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


def _expression(table_name: str, column: Column[object]) -> str:
    if (codes := renamed_codes(table_name, column.name, f't."{column.name}"', to_names=True)) is not None:
        return f'{codes} AS "{column.name}"'
    named = NAMED.get(column.name)
    if named is None:
        return f't."{column.name}"'
    return f'(SELECT n.slug FROM {named} n WHERE n.id = t."{column.name}") AS "{column.name}"'
