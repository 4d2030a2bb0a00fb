"""What a provider keeps in confidence of one council's cases, as lines: rows as they are sealed, and the cases' keys.

Read and written by a login that sees this provider's alone (``db/confidential_mover.py``). No text is opened: a case's
key is unwrapped, to be sealed for the other deployment and wrapped there by its compartment's own master key.
"""

import base64
import datetime as dt
import json
import uuid
from collections.abc import Iterator

from sqlalchemy import Table, select, text
from sqlalchemy.orm import Session

from parley.db.base import Base
from parley.db.models import CaseKey
from parley.db.sealed import realm_keys
from parley.transfer.queries.carried_rows import carried_lines, named_in_sql

#: The schema of the provider's confidential side.
_CONFIDENTIAL = "compartment"

#: The last table of a file: the keys of the cases.
KEYS = "case_key"


def confidential_tables() -> list[Table]:
    """Return the tables of what a provider keeps, so that what is referred to comes first."""
    tables = [table for table in Base.metadata.sorted_tables if table.schema == _CONFIDENTIAL and table.name != KEYS]
    if not tables:
        raise LookupError("this process does not know the tables of the confidential side, and may not overlook them")
    return tables


def confidential_lines(session: Session, name: str, authority_id: uuid.UUID) -> Iterator[str]:
    """Yield the provider's rows of a table, or the keys of its cases, in the order of their ids."""
    if name == KEYS:
        return _key_lines(session, authority_id)
    (table,) = (table for table in confidential_tables() if table.name == name)
    return carried_lines(session, table, authority_id)


def confidential_names() -> list[str]:
    """Return the names of all tables of a file, in their order."""
    return [*(table.name for table in confidential_tables()), KEYS]


def cases_kept(session: Session, authority_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the cases of which the provider keeps something."""
    each = " UNION ".join(
        f"SELECT case_id FROM {named_in_sql(table)} WHERE authority_id = :id" for table in confidential_tables()
    )
    return set(session.scalars(text(each), {"id": authority_id}))


def cases_in_lists(session: Session, authority_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the cases of the council that are in any provider's list."""
    listed = text("SELECT case_id FROM provider_worklist WHERE authority_id = :id")
    return set(session.scalars(listed, {"id": authority_id}))


def cases_held(session: Session, authority_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the cases of the council that a legal hold keeps."""
    held = text("SELECT case_id FROM legal_hold WHERE authority_id = :id AND lifted_at IS NULL")
    return set(session.scalars(held, {"id": authority_id}))


def _key_lines(session: Session, authority_id: uuid.UUID) -> Iterator[str]:
    rows = session.execute(
        select(CaseKey.case_id, CaseKey.version, CaseKey.created_at)
        .where(CaseKey.authority_id == authority_id)
        .order_by(CaseKey.case_id, CaseKey.version)
    ).all()
    for row in rows:
        key = base64.b64encode(realm_keys(session, row.case_id).key(row.version)).decode()
        made = row.created_at.astimezone(dt.UTC).isoformat()
        yield json.dumps({"case_id": str(row.case_id), "version": row.version, "created_at": made, "key": key})
