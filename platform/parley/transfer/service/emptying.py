"""Deleting everything of a council on the open side, in the caller's transaction."""

import uuid

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from parley.db.base import Base, RecordClass
from parley.kernel.errors import Conflict
from parley.transfer.queries.carried_rows import owner_column, tables_of_councils

#: What a council has that was loaded from its files and then never used.
_UNUSED = frozenset({RecordClass.CONFIGURATION, RecordClass.OPERATION, RecordClass.AUDIT})

#: What stays for ever: it names nobody, and says what happened.
KEPT = frozenset({"audit_event"})


def scope_to(session: Session, authority_id: uuid.UUID) -> None:
    """Turn the transaction to another council."""
    told = text("SELECT set_config('parley.authority', :id, true), set_config('parley.realm', :id, true)")
    session.execute(told, {"id": str(authority_id)})


def require_unused(session: Session, authority_id: uuid.UUID, slug: str) -> None:
    """Raise Conflict where the council holds anything that did not come from its files."""
    scope_to(session, authority_id)
    classes = {mapper.local_table: mapper.class_.__record__.record_class for mapper in Base.registry.mappers}
    used = [
        table.name
        for table in tables_of_councils()
        if classes[table] not in _UNUSED and _count(session, table, authority_id)
    ]
    if used:
        raise Conflict(
            f"A council called {slug} is here and holds records ({', '.join(used)}). Nothing is mixed: import into a"
            " deployment where it is empty, or remove it here first.",
            code="not-empty",
        )


def empty(session: Session, authority_id: uuid.UUID) -> None:
    """Delete every row of the council but its audit, its data key with them: what was sealed can never be read again.

    It stands or falls with the transaction.
    """
    scope_to(session, authority_id)
    session.execute(text("SELECT set_config('statement_timeout', '0', true)"))
    for table in reversed(tables_of_councils()):
        if table.name not in KEPT:
            session.execute(
                text(f'DELETE FROM "{table.name}" WHERE "{owner_column(table)}" = :authority'),
                {"authority": authority_id},
            )
    session.info["vault"].forget(authority_id)


def _count(session: Session, table: Table, authority_id: uuid.UUID) -> int:
    counted = text(f'SELECT count(*) FROM "{table.name}" WHERE "{owner_column(table)}" = :authority')
    return int(session.scalars(counted, {"authority": authority_id}).one())
