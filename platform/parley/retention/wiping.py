"""Wiping what was typed while a council was tried out. Each step can be repeated: a run cut short is run again.

The database lets it: the login for disposal reaches cases that are not closed only where the council is ``demo``.
"""

import dataclasses
import datetime as dt
import uuid

from parley.access.domain import Actor
from parley.casework.service import drafts
from parley.db.scope import Login, Scope, authority_scope, disposal_scope
from parley.db.session import Database
from parley.documents.service import drop_abandoned
from parley.eligibility.service import drop_expired
from parley.identity.clearing import clear, delete_identities
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict
from parley.retention import queries, service
from parley.retention.domain import ClosedCase, Part

#: A moment by which everything that runs out has run out.
THE_END = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wiped:
    """How many cases went, and the references of those that did not because somebody holds them."""

    cases: int
    held: tuple[str, ...]


def wipe(database: Database, authority_id: uuid.UUID, *, actor: Actor, at: dt.datetime) -> Wiped:
    """Delete every case, check, unsent request and sign-in of a council that is tried out."""
    worker = authority_scope(authority_id, login=Login.WORKER)
    with database.begin(worker) as session:
        found = queries.every_case(session, authority_id)
    held = []
    for case_id, reference in found:
        case = ClosedCase(
            id=case_id, reference=reference, closed_on=london_date(at), held=False, gone=frozenset(), periods={}
        )
        with database.begin(disposal_scope(authority_id, case_id)) as session:
            try:
                service.dispose(session, actor=actor, at=at, authority_id=authority_id, case=case, parts=tuple(Part))
            except Conflict:
                held.append(reference)
    with database.begin(worker) as session:
        drafts.drop_expired(session, authority_id=authority_id, at=THE_END)
    with database.begin(worker) as session:
        drop_abandoned(session, authority_id=authority_id)
    with database.begin(worker) as session:
        drop_expired(session, authority_id=authority_id, at=THE_END)
    with database.begin(worker) as session:
        clear(session, authority_id, THE_END)
    with database.begin(Scope(login=Login.DISPOSAL, realm_id=authority_id, authority_id=authority_id)) as session:
        delete_identities(session, authority_id)
    return Wiped(cases=len(found) - len(held), held=tuple(held))
