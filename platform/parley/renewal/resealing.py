"""Sealing anew, in small transactions that hold their rows and commit with their audit event.

What is left is found by the version that each value names, so that a run which was killed is simply run again. Nobody
is waited for with rows in hand: rows that others have are passed over, and found again by the next going through.
"""

import dataclasses
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, text, update
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.db.realm_keys import RealmKeys, SealBrokenError, version_of
from parley.db.scope import renewal_scope
from parley.db.session import Database
from parley.documents.resealing import reseal_document
from parley.kernel.clock import Clock
from parley.renewal.domain import Owner, Resealed, Unopened
from parley.renewal.queries import (
    BORN,
    PASSING,
    SealedTable,
    born_of_listed,
    documents_behind,
    next_rows,
    sealed_tables,
    without_old_tries,
)

#: Rows of one table that are sealed anew in one transaction.
BATCH = 200

#: Told how many more rows are sealed anew.
Progress = Callable[[int], None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """Whose values are sealed anew with which keys, and whether everything is taken back at the end of each batch."""

    actor: Actor
    clock: Clock
    owner: Owner
    keys: RealmKeys
    dry_run: bool = False


def reseal_all(database: Database, step: Step, progress: Progress) -> Resealed:
    """Go once through everything that is behind, and seal it anew."""
    done, unopened = 0, list[Unopened]()
    for sealed in sealed_tables():
        for changed, failed in _batches(database, step, sealed):
            done += changed
            unopened += failed
            progress(changed)
    for changed, failed in _documents(database, step):
        done += changed
        unopened += failed
        progress(changed)
    return Resealed(rows=done, unopened=tuple(unopened))


def drop_what_ran_out(database: Database, step: Step, *, at_once: bool) -> None:
    """Forget what ran out, all that does with ``at_once``, and delete counts of tries that nobody finds any more."""
    with database.begin(renewal_scope(step.owner.id)) as session:
        gone = 0
        for one in PASSING:
            over = [] if at_once else [one.is_over(step.clock.now())]
            ended = update(one.column.table).where(one.realm == step.owner.id, one.is_behind(step.keys.sealing), *over)
            gone += len(session.execute(ended.values({one.column.name: None}).returning(one.realm)).all())
        gone += len(session.execute(without_old_tries(step.owner.id, step.keys.sealing)).all())
        if gone:
            _audited(session, step, "data_key.let_run_out", rows=gone)
            session.commit()


def _batches(database: Database, step: Step, sealed: SealedTable) -> Iterator[tuple[int, list[Unopened]]]:
    """Seal a table's rows anew; yield after each batch, once it is stored, how many were, and which could not be."""
    after: Sequence[Any] | None = None
    while True:
        with database.begin(renewal_scope(step.owner.id)) as session:
            query = next_rows(sealed, step.owner.id, step.keys.sealing, after=after, most=BATCH)
            rows = session.execute(query).all()
            if not rows:
                return
            after = [getattr(rows[-1], key.name) for key in sealed.keys]
            changed, failed = _anew(session, step, sealed, rows)
            _store(session, step, sealed, changed)
            if not step.dry_run:
                session.commit()
        yield len(changed), failed


def _anew(
    session: Session, step: Step, sealed: SealedTable, rows: Sequence[Any]
) -> tuple[list[dict[str, Any]], list[Unopened]]:
    """Return what the rows are to hold, with their keys, and those that do not open."""
    changed, failed = [], []
    born = _born(session, rows) if sealed.is_of_listed else {}
    for row in rows:
        known = {BORN: born[row.case_id]} if sealed.is_of_listed and row.case_id in born else {}
        try:
            values = _values(step, sealed, row, known)
        except SealBrokenError as error:
            name = "/".join(str(getattr(row, key.name)) for key in sealed.keys)
            failed.append(Unopened(table=sealed.table.name, row=name, because=str(error)))
        else:
            changed.append({f"key_{key.name}": getattr(row, key.name) for key in sealed.keys} | values)
    return changed, failed


def _values(step: Step, sealed: SealedTable, row: Any, known: Mapping[str, str]) -> dict[str, Any]:
    """Return every sealed text and lasting fingerprint of a row, those that are behind anew."""
    values: dict[str, Any] = {}
    opened = dict(known)
    for one in sealed.texts:
        value = getattr(row, one.column)
        opened[one.column] = ""
        if value is not None:
            context = one.context(step.owner.id, getattr(row, one.row))
            plain = step.keys.open(context, value)
            opened[one.column] = plain.decode()
            value = value if version_of(value) == step.keys.sealing else step.keys.seal(context, plain)
        values[f"new_{one.column}"] = value
    for fingerprint in sealed.lasting:
        values[f"new_{fingerprint.column}"] = fingerprint.make(step.keys, row, opened)
    return values


def _born(session: Session, rows: Sequence[Any]) -> dict[uuid.UUID, str]:
    """Return when the children of these rows of a provider's list were born, asked of one council after another."""
    born: dict[uuid.UUID, str] = {}
    for authority_id in {row.authority_id for row in rows}:
        told = text("SELECT set_config('parley.authority', :id, true)")
        session.execute(told, {"id": str(authority_id)})
        born |= born_of_listed(session, authority_id, [row.case_id for row in rows if row.authority_id == authority_id])
    return born


def _store(session: Session, step: Step, sealed: SealedTable, changed: list[dict[str, Any]]) -> None:
    if not changed:
        return
    columns = [one.column for one in sealed.texts] + [one.column for one in sealed.lasting]
    of_row = (key == bindparam(f"key_{key.name}") for key in sealed.keys)
    store = update(sealed.table).where(*of_row).values({name: bindparam(f"new_{name}") for name in columns})
    session.connection().execute(store, changed)
    _audited(session, step, "data_key.reseal", table=sealed.table.name, rows=len(changed))


def _documents(database: Database, step: Step) -> Iterator[tuple[int, list[Unopened]]]:
    """Seal the content of documents anew, each in a transaction of its own; yield as ``_batches`` does."""
    with database.begin(renewal_scope(step.owner.id)) as session:
        behind = documents_behind(session, step.owner.id, step.keys.sealing)
    for document_id in behind:
        with database.begin(renewal_scope(step.owner.id)) as session:
            try:
                done = reseal_document(session, step.keys, step.owner.id, document_id)
            except SealBrokenError as error:
                yield 0, [Unopened(table="document_chunk", row=str(document_id), because=str(error))]
                continue
            if done:
                _audited(session, step, "data_key.reseal", table="document_chunk", rows=1)
            if not step.dry_run:
                session.commit()
        yield int(done), []


def _audited(session: Session, step: Step, action: str, **codes: str | int) -> None:
    audit.record(
        session,
        at=step.clock.now(),
        actor=step.actor,
        action=action,
        realm_id=step.owner.id,
        subject_id=step.owner.id,
        codes={"version": step.keys.sealing, **codes},
    )
