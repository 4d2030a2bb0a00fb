"""Carrying what a provider keeps in confidence of one council to the council's other deployment, on its instruction.

Three steps, each one transaction: sealed here for the other deployment, brought in there, and let go here once it is
known to be there. Text stays sealed under the key of its case throughout; nobody's login reads it.
"""

import base64
import dataclasses
import datetime as dt
import json
import pathlib
import uuid
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.db.models import CaseKey
from parley.db.scope import PLATFORM_REALM, Login, Scope, confidential_mover_scope
from parley.db.sealed import realm_keys
from parley.db.session import Database
from parley.db.wrapping import wrap_new
from parley.kernel.errors import Conflict
from parley.tenancy.domain import Authority, ProviderOrganisation
from parley.transfer.new_file import new_file
from parley.transfer.queries.carried_rows import named_in_sql, tallied
from parley.transfer.queries.confidential_rows import (
    KEYS,
    cases_held,
    cases_in_lists,
    cases_kept,
    confidential_lines,
    confidential_names,
    confidential_tables,
)
from parley.transfer.sealed_stream import Sealer, unsealed
from parley.transfer.service.carrying import Carried, schema_version
from parley.transfer.service.sealed_rows import (
    Rows,
    header_of,
    insert_lines,
    lines_of,
    require_equal,
    say,
    seal_end,
    seal_table,
    tables_of,
)

FORMAT = "parley confidential side 1"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Confided:
    """Whose confidential side of which council a file holds, as it says itself."""

    authority_id: uuid.UUID
    council: str
    provider: str
    made_at: str
    schema: str


def count_confidential(database: Database, provider: ProviderOrganisation, council: Authority) -> Carried:
    """Return what would be carried, with the hash that it comes to now."""
    with database.begin(confidential_mover_scope(provider.id, council.id, snapshot=True)) as session:
        return _carried(session, council.id)


def carry_confidential_out(
    database: Database,
    provider: ProviderOrganisation,
    council: Authority,
    path: pathlib.Path,
    receiver: X25519PublicKey,
    *,
    actor: Actor,
    at: dt.datetime,
) -> Carried:
    """Seal what the provider keeps of the council for ``receiver`` in a new file, and record that. Changes nothing.

    Raises Conflict when ``path`` exists. A run that fails or is killed leaves no file of that name.
    """
    with new_file(path) as file:
        with database.begin(confidential_mover_scope(provider.id, council.id, snapshot=True)) as session:
            sealer, tables = Sealer(file, receiver), {}
            say(
                sealer,
                {
                    "format": FORMAT,
                    "schema": schema_version(session),
                    "made_at": at.isoformat(),
                    "council": {"id": str(council.id), "slug": council.slug},
                    "provider": provider.slug,
                },
            )
            for name in confidential_names():
                tables[name] = seal_table(sealer, name, confidential_lines(session, name, council.id))
            seal_end(sealer, len(tables))
            carried = Carried(tables=tables)
        with database.begin(confidential_mover_scope(provider.id, council.id)) as session:
            _record(session, "confidential.carry_out", provider.id, council.id, carried, actor, at)
            session.commit()
    return carried


def look_at_confidential(path: pathlib.Path, private_key: bytes) -> tuple[Confided, Carried]:
    """Read a file to its end; return what it holds. Writes nothing. Raises SealedFileError."""
    with path.open("rb") as file:
        lines = lines_of(unsealed(file, private_key))
        confided, tables = _confided(header_of(lines, FORMAT)), {}
        for name, rows in tables_of(lines, confidential_names()):
            tables[name] = tallied(rows.each())
            require_equal(name, rows.told, tables[name])
    return confided, Carried(tables=tables)


def bring_confidential_in(
    database: Database, path: pathlib.Path, private_key: bytes, *, actor: Actor, at: dt.datetime
) -> tuple[Confided, Carried]:
    """Write what a file holds into this deployment, in one transaction, and record that.

    Each case's key is wrapped by this compartment's master key. What was written is read back and must come to the
    counts and hashes of the file. Raises SealedFileError, and Conflict where this deployment cannot take it: the
    council has to be here with its cases, and nobody may have written in confidence there before.
    """
    with path.open("rb") as file:
        lines = lines_of(unsealed(file, private_key))
        confided = _confided(header_of(lines, FORMAT))
        provider_id = _known_here(database, confided)
        with database.begin(confidential_mover_scope(provider_id, confided.authority_id)) as session:
            session.execute(text("SELECT set_config('statement_timeout', '0', true)"))
            _require_room(session, confided)
            tables = {}
            for name, rows in tables_of(lines, confidential_names()):
                _write(session, confided, name, rows)
                tables[name] = tallied(confidential_lines(session, name, confided.authority_id))
                require_equal(name, rows.told, tables[name])
            if cases_kept(session, confided.authority_id) - cases_in_lists(session, confided.authority_id):
                raise Conflict(
                    "The file is of cases that are not here. Import the council of the same day first.",
                    code="cases-missing",
                )
            carried = Carried(tables=tables)
            _record(session, "confidential.bring_in", provider_id, confided.authority_id, carried, actor, at)
            session.commit()
    return confided, carried


def let_go(
    database: Database,
    provider: ProviderOrganisation,
    council: Authority,
    sha256: str,
    *,
    actor: Actor,
    at: dt.datetime,
) -> Carried:
    """Delete here what was carried: all that the provider keeps of the council, and the keys of cases only it had.

    ``sha256`` is what the other deployment said it wrote. Raises Conflict, and deletes nothing, where what is here
    does not come to it any more, or a legal hold keeps one of the cases.
    """
    with database.begin(confidential_mover_scope(provider.id, council.id)) as session:
        session.execute(text("SELECT set_config('statement_timeout', '0', true)"))
        session.execute(_LOCK, {"id": f"{council.id} {provider.id}"})
        carried = _carried(session, council.id)
        if carried.sha256 != sha256:
            raise Conflict(
                "What is kept here is not what the other deployment wrote: something was added since, or the hash is"
                " another file's. Nothing was deleted.",
                code="differs",
            )
        kept = cases_kept(session, council.id)
        if kept & cases_held(session, council.id):
            raise Conflict("A legal hold keeps some of these cases. Nothing was deleted.", code="legal-hold")
        session.execute(delete(CaseKey).where(CaseKey.authority_id == council.id, CaseKey.case_id.in_(kept)))
        for table in reversed(confidential_tables()):
            gone = text(f"DELETE FROM {named_in_sql(table)} WHERE authority_id = :id")
            session.execute(gone, {"id": council.id})
        _record(session, "confidential.let_go", provider.id, council.id, carried, actor, at)
        session.commit()
        for case_id in kept:
            session.info["vault"].forget(case_id)
    return carried


#: Two that let the same go at once do so one after the other.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('parley.confidential ' || :id, 0))")


def _carried(session: Session, authority_id: uuid.UUID) -> Carried:
    return Carried(
        tables={name: tallied(confidential_lines(session, name, authority_id)) for name in confidential_names()}
    )


def _confided(said: Mapping[str, Any]) -> Confided:
    return Confided(
        authority_id=uuid.UUID(said["council"]["id"]),
        council=said["council"]["slug"],
        provider=said["provider"],
        made_at=said["made_at"],
        schema=said["schema"],
    )


def _known_here(database: Database, confided: Confided) -> uuid.UUID:
    """Return the provider's id here. Raises Conflict where it or the council is not here, or the release is another."""
    with database.begin(Scope(login=Login.CONFIDENTIAL_MOVER, realm_id=PLATFORM_REALM)) as session:
        here = schema_version(session)
        known = session.scalar(text("SELECT id FROM provider WHERE slug = :slug"), {"slug": confided.provider})
        council = session.scalar(text("SELECT 1 FROM local_authority WHERE id = :id"), {"id": confided.authority_id})
    if here != confided.schema:
        raise Conflict(
            f"The file was made with schema {confided.schema}, and this deployment has {here}. Bring both to the same"
            " release and export again.",
            code="schema-differs",
        )
    if known is None:
        raise Conflict(f"The provider {confided.provider} is not here.", code="not-known-here")
    if council is None:
        raise Conflict(
            f"{confided.council} is not here. Bring in the council first: parley authority import",
            code="council-missing",
        )
    return uuid.UUID(str(known))


def _require_room(session: Session, confided: Confided) -> None:
    if cases_kept(session, confided.authority_id):
        raise Conflict(
            f"{confided.provider} keeps something in confidence of {confided.council} here already. Nothing is mixed.",
            code="not-empty",
        )


def _write(session: Session, confided: Confided, name: str, rows: Rows) -> None:
    if name == KEYS:
        for line in rows.each():
            _take_key(session, confided, json.loads(line))
        return
    (table,) = (table for table in confidential_tables() if table.name == name)
    insert = insert_lines(table)
    for batch in rows.batches():
        session.execute(insert, {"rows": f"[{','.join(batch)}]"})


def _take_key(session: Session, confided: Confided, said: Mapping[str, Any]) -> None:
    """Keep a case's key, wrapped. One that is here already, by the file of another provider, must be the same."""
    case_id, version, key = uuid.UUID(said["case_id"]), said["version"], base64.b64decode(said["key"])
    if session.scalar(select(CaseKey.case_id).where(CaseKey.case_id == case_id).limit(1)) is not None:
        here = realm_keys(session, case_id)
        if version not in here.versions or here.key(version) != key:
            raise Conflict(
                "Somebody wrote in confidence in one of these cases here, under a key of its own. Nothing is mixed.",
                code="not-empty",
            )
        return
    new = wrap_new(session, key)
    session.add(
        CaseKey(
            authority_id=confided.authority_id,
            case_id=case_id,
            version=version,
            wrapped=new.wrapped,
            wrapped_by=new.by,
            created_at=dt.datetime.fromisoformat(said["created_at"]),
        )
    )
    session.flush()


def _record(
    session: Session,
    action: str,
    provider_id: uuid.UUID,
    authority_id: uuid.UUID,
    carried: Carried,
    actor: Actor,
    at: dt.datetime,
) -> None:
    audit.record(
        session,
        at=at,
        actor=actor,
        action=action,
        realm_id=provider_id,
        subject_id=authority_id,
        codes={"cases": carried.counts[KEYS], "sealed": carried.sha256},
    )
