"""Sealing a whole council for another deployment: the rest of its open side, under a key that only that one has."""

import base64
import dataclasses
import datetime as dt
import hashlib
import json
import pathlib
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import text
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.db.scope import Login, Scope, mover_scope
from parley.db.sealed import realm_keys
from parley.db.session import Database
from parley.db.wrapping import hold_data_key
from parley.tenancy.domain import Authority
from parley.transfer.new_file import new_file
from parley.transfer.queries.carried_rows import Tally, carried_lines, carried_tables, named_there
from parley.transfer.sealed_stream import Sealer
from parley.transfer.service.sealed_rows import say, seal_end, seal_table

FORMAT = "parley whole council 1"

#: How the audit calls it that a council was sealed.
CARRY_OUT = "authority.carry_out"

Progress = Callable[[str], None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Carried:
    """What was carried, by table."""

    tables: Mapping[str, Tally]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: tally.rows for name, tally in self.tables.items()}

    @property
    def sha256(self) -> str:
        """One hash of all counts and hashes: equal for the same records, wherever they are."""
        said = json.dumps({name: dataclasses.asdict(tally) for name, tally in self.tables.items()}, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def count_to_carry(database: Database, council: Authority) -> dict[str, int]:
    """Return how many rows of each table would go."""
    with database.begin(mover_scope(council.id, snapshot=True)) as session:
        return {table.name: sum(1 for _ in carried_lines(session, table, council.id)) for table in carried_tables()}


def carry_out(
    database: Database,
    council: Authority,
    path: pathlib.Path,
    receiver: X25519PublicKey,
    *,
    actor: Actor,
    at: dt.datetime,
    progress: Progress = lambda what: None,
) -> Carried:
    """Seal the council's open side, as it stood at one moment, for ``receiver`` in a new file, and record that.

    Raises Conflict when ``path`` exists. A run that fails or is killed leaves no file of that name.
    """
    with new_file(path) as file:
        with database.begin(mover_scope(council.id, snapshot=True)) as session:
            carried = _seal(session, council, file, receiver, at, progress)
        _record(database, council, carried, actor, at)
    return carried


def schema_version(session: Session) -> str:
    """Return the number of the newest migration: rows fit where it is the same."""
    return str(session.scalar(text("SELECT version_num FROM alembic_version")))


def _seal(
    session: Session,
    council: Authority,
    file: BinaryIO,
    receiver: X25519PublicKey,
    at: dt.datetime,
    progress: Progress,
) -> Carried:
    sealer, tables = Sealer(file, receiver), {}
    say(sealer, _header(session, council, at))
    for table in carried_tables():
        progress(table.name)
        tables[table.name] = seal_table(sealer, table.name, carried_lines(session, table, council.id))
    seal_end(sealer, len(tables))
    return Carried(tables=tables)


def _header(session: Session, council: Authority, at: dt.datetime) -> dict[str, Any]:
    hold_data_key(session, council.id)
    keys = realm_keys(session, council.id)
    return {
        "format": FORMAT,
        "schema": schema_version(session),
        "made_at": at.isoformat(),
        "council": {"id": str(council.id), "slug": council.slug, "name": council.name},
        "named": named_there(session, council.id),
        "key": base64.b64encode(keys.key(keys.sealing)).decode(),
        "key_version": keys.sealing,
    }


def _record(database: Database, council: Authority, carried: Carried, actor: Actor, at: dt.datetime) -> None:
    codes: dict[str, str | int] = {"cases": carried.counts["case"], "sealed": carried.sha256}
    with database.begin(Scope(login=Login.OPERATOR, realm_id=council.id)) as session:
        audit.record(
            session,
            at=at,
            actor=actor,
            action=CARRY_OUT,
            realm_id=council.id,
            subject_id=council.id,
            codes=codes,
        )
        session.commit()
