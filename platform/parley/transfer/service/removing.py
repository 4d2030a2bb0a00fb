"""Removing a council: its key is destroyed, its records are deleted, and a certificate says so."""

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.db.scope import mover_scope, platform_scope
from parley.db.session import Database
from parley.db.wrapping import hold_data_key
from parley.kernel.errors import Conflict, NotFound
from parley.retention.queries import holds_of
from parley.tenancy.domain import Authority, AuthorityState
from parley.transfer.models import RemovalCertificate
from parley.transfer.queries.carried_rows import carried_lines, tables_of_councils, tallied
from parley.transfer.queries.removal import HeldRecord, certificates, held_records
from parley.transfer.service.carrying import Carried
from parley.transfer.service.emptying import KEPT, empty
from parley.transfer.service.receipts import require_moved

#: So that two removals of one council do not run at once.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('parley.remove ' || :id, 0))"


class StillHeldError(Conflict):
    """A provider still holds records of the council; ``held`` says which."""

    code = "still-held"

    def __init__(self, council: Authority, held: Sequence[HeldRecord]) -> None:
        """Keep what is held."""
        super().__init__(f"Providers still hold {len(held)} records of {council.name}; nothing was removed.")
        self.held = held


@dataclasses.dataclass(frozen=True, kw_only=True)
class Certificate:
    """What is certified of a removal."""

    council_id: str
    slug: str
    name: str
    gss_code: str
    removed_at: str
    removed_by: str
    reason: str
    tables: dict[str, Any]

    @property
    def content_sha256(self) -> str:
        """The hash of everything else, by which a copy can be told from the original."""
        return hashlib.sha256(json.dumps(dataclasses.asdict(self), sort_keys=True).encode()).hexdigest()


def count_to_remove(database: Database, council: Authority, *, moved: Carried | None = None) -> dict[str, int]:
    """Return how many rows of each table would go. Raises StillHeldError, Conflict as ``remove`` does."""
    with database.begin(mover_scope(council.id)) as session:
        _require_removable(session, council, moved)
        return {name: tally["rows"] for name, tally in _tallies(session, council).items()}


def remove(
    database: Database,
    council: Authority,
    *,
    actor: Actor,
    at: dt.datetime,
    by: str,
    reason: str,
    moved: Carried | None = None,
) -> Certificate:
    """Destroy the council's data key, delete all of its records but its audit, and certify it: in one transaction.

    ``by`` is the account that does it. One that is killed removed nothing, and is run again. Raises StillHeldError
    while a provider holds records, Conflict while the council's pages are served. ``moved`` is the receipt of another
    deployment that has the council: then open cases run there, and do not keep it here.
    """
    with database.begin(mover_scope(council.id)) as session:
        session.execute(text("SELECT set_config('statement_timeout', '0', true)"))
        session.execute(text(_LOCK), {"id": str(council.id)})
        _require_removable(session, council, moved)
        certificate = Certificate(
            council_id=str(council.id),
            slug=council.slug,
            name=council.name,
            gss_code=council.gss_code,
            removed_at=at.isoformat(),
            removed_by=by,
            reason=reason,
            tables=_tallies(session, council),
        )
        _keep(session, certificate, at)
        audit.record(
            session,
            at=at,
            actor=actor,
            action="authority.remove",
            realm_id=council.id,
            subject_id=council.id,
            codes={"certificate": certificate.content_sha256} | ({"moved": moved.sha256} if moved else {}),
        )
        empty(session, council.id)
        session.commit()
    return certificate


def certificates_of(database: Database, slug: str) -> list[Certificate]:
    """Return what was certified of councils that were called ``slug``, the newest first.

    Raises NotFound for none, and Conflict for one that was altered since.
    """
    with database.begin(platform_scope()) as session:
        rows = certificates(session, slug)
    if not rows:
        raise NotFound(f"No council called {slug} was removed here.", code="no-certificate")
    return [_certified(row) for row in rows]


def _require_removable(session: Session, council: Authority, moved: Carried | None) -> None:
    if council.state is AuthorityState.LIVE:
        raise Conflict(
            f"{council.name} is live. Suspend it first, so that nobody begins anything: parley authority suspend"
            f" {council.slug}",
            code="still-live",
        )
    hold_data_key(session, council.id)
    if moved is not None:
        require_moved(session, council, moved)
    if held := [one for one in held_records(session, council.id) if one.confidential or moved is None]:
        raise StillHeldError(council, held)
    if kept := sorted(hold.reference for hold in holds_of(session, council.id) if hold.lifted_at is None):
        raise Conflict(
            f"Legal holds keep {', '.join(kept)}. Nothing is removed until they are lifted.", code="legal-hold"
        )


def _tallies(session: Session, council: Authority) -> dict[str, Any]:
    return {
        table.name: dataclasses.asdict(tallied(carried_lines(session, table, council.id)))
        for table in tables_of_councils()
        if table.name not in KEPT
    }


def _keep(session: Session, certificate: Certificate, at: dt.datetime) -> None:
    said = dataclasses.asdict(certificate) | {"removed_at": at, "content_sha256": certificate.content_sha256}
    session.add(RemovalCertificate(**said))
    session.flush()


def _certified(row: RemovalCertificate) -> Certificate:
    certificate = Certificate(
        council_id=str(row.council_id),
        slug=row.slug,
        name=row.name,
        gss_code=row.gss_code,
        removed_at=row.removed_at.astimezone(dt.UTC).isoformat(),
        removed_by=row.removed_by,
        reason=row.reason,
        tables=row.tables,
    )
    if certificate.content_sha256 != row.content_sha256:
        raise Conflict(f"The certificate of {row.slug} was altered after it was made.", code="certificate-altered")
    return certificate
