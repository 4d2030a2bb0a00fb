"""Loading tenants from their files. Runs as the operator; a council's own rows are written within its scope."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.db.models import DataKey
from parley.db.scope import PLATFORM_REALM
from parley.db.wrapping import wrap_new
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.kernel.ids import new_id
from parley.tenancy.domain import (
    AuthorityState,
    CommissionTerms,
    EarlyEndBecause,
    PublishedFramework,
    RequestLease,
    Service,
    WantedCommission,
    early_end_problem,
)
from parley.tenancy.models import (
    AuthorityHost,
    Commission,
    FileTrouble,
    Framework,
    LocalAuthority,
    Provider,
    Region,
    RequestAllowance,
)
from parley.tenancy.queries import terms_of


def save_region(session: Session, *, slug: str, name: str) -> uuid.UUID:
    """Create or rename the region ``slug``; return its id. Commits."""
    region = session.scalar(select(Region).where(Region.slug == slug)) or Region(slug=slug)
    region.name = name
    session.add(region)
    session.commit()
    return region.id


def save_framework(session: Session, *, region_id: uuid.UUID, framework: PublishedFramework) -> uuid.UUID:
    """Create or update a region's framework; return its id. Commits."""
    row = session.scalar(select(Framework).where(Framework.slug == framework.slug)) or Framework(slug=framework.slug)
    row.region_id = region_id
    row.name, row.standing = framework.name, framework.standing
    row.services, row.providers = [service.value for service in framework.services], list(framework.providers)
    row.begins, row.ends, row.may_be_extended_to = framework.begins, framework.ends, framework.may_be_extended_to
    row.evidence = {key: dict(known) for key, known in framework.evidence.items()}
    session.add(row)
    session.commit()
    return row.id


def save_authority(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    slug: str,
    content: Mapping[str, Any],
    region_id: uuid.UUID,
    hosts: Iterable[str],
) -> uuid.UUID:
    """Create or update the council ``slug`` from its validated council.toml; return its id. Commits.

    A new council is being tried out until it goes live (``parley.tenancy.life``), and is given its data key. ``hosts``
    replaces the host names it had.
    """
    authority = session.scalar(select(LocalAuthority).where(LocalAuthority.slug == slug))
    if authority is None:
        authority = LocalAuthority(id=new_id(), slug=slug, state=AuthorityState.DEMO, created_at=at)
        session.add(authority)
        add_data_key(session, authority.id, at)
        audit.record(
            session, at=at, actor=actor, action="authority.add", realm_id=PLATFORM_REALM, subject_id=authority.id
        )
    authority.name = content["name"]
    authority.gss_code = content["gss_code"]
    authority.reference_prefix = content["reference_prefix"]
    authority.region_id = region_id
    shown = ("short_name", "brand", "contact", "privacy", "team_mailbox")
    authority.profile = jsonable({key: content.get(key) for key in shown})
    session.flush()
    wanted = set(hosts)
    session.execute(
        delete(AuthorityHost).where(AuthorityHost.authority_id == authority.id, AuthorityHost.host.not_in(wanted))
    )
    known = set(session.scalars(select(AuthorityHost.host).where(AuthorityHost.authority_id == authority.id)))
    session.add_all(AuthorityHost(host=host, authority_id=authority.id) for host in sorted(wanted - known))
    session.commit()
    return authority.id


def save_provider(
    session: Session, *, actor: Actor, at: dt.datetime, slug: str, content: Mapping[str, Any]
) -> uuid.UUID:
    """Create or update the provider ``slug`` from its validated file; return its id. Commits."""
    provider = session.scalar(select(Provider).where(Provider.slug == slug))
    if provider is None:
        provider = Provider(id=new_id(), slug=slug, created_at=at)
        session.add(provider)
        add_data_key(session, provider.id, at)
        audit.record(
            session, at=at, actor=actor, action="provider.add", realm_id=PLATFORM_REALM, subject_id=provider.id
        )
    provider.name = content["name"]
    provider.profile = jsonable(
        {key: content.get(key) for key in ("contact", "mailbox", "safeguarding_mailbox", "meeting_link", "retention")}
    )
    session.commit()
    return provider.id


def save_commission(session: Session, *, authority_id: uuid.UUID, wanted: WantedCommission) -> None:
    """Create or update one commission of the council, in its scope. Commits."""
    commission = session.scalar(
        select(Commission).where(
            Commission.authority_id == authority_id,
            Commission.provider_id == wanted.provider_id,
            Commission.service == wanted.service,
        )
    )
    if commission is None:
        commission = _new_commission(authority_id, wanted)
        session.add(commission)
    _fill(commission, wanted)
    session.commit()


def set_commissions(
    session: Session, *, authority_id: uuid.UUID, wanted: Iterable[WantedCommission], on: dt.date
) -> None:
    """Make the council's commissions on the London date ``on`` those of ``wanted``. Commits.

    One that is no longer wanted ends the day before; it stays as a record, and the provider keeps the cases it has.
    """
    kept = {(one.service, one.provider_id): one for one in wanted}
    rows = {
        (row.service, row.provider_id): row
        for row in session.scalars(select(Commission).where(Commission.authority_id == authority_id))
    }
    for key in kept.keys() - rows.keys():
        rows[key] = _new_commission(authority_id, kept[key])
        session.add(rows[key])
    for key, row in rows.items():
        if key in kept:
            _fill(row, kept[key])
        elif row.ends_on is None or row.ends_on >= on:
            row.ends_on = on - dt.timedelta(days=1)
    session.commit()


def _new_commission(authority_id: uuid.UUID, wanted: WantedCommission) -> Commission:
    return Commission(authority_id=authority_id, provider_id=wanted.provider_id, service=wanted.service, turn=0)


def _fill(row: Commission, wanted: WantedCommission) -> None:
    terms: CommissionTerms = wanted.terms
    row.framework_id, row.standing = wanted.framework_id, terms.standing
    row.starts_on, row.ends_on, row.may_be_extended_to = terms.begins, terms.ends, terms.may_be_extended_to
    row.capacity, row.languages, row.specialisms = terms.capacity, list(terms.languages), list(terms.specialisms)


def end_early(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    commission_id: uuid.UUID,
    because: EarlyEndBecause,
    on: dt.date,
    source: str,
) -> None:
    """Record that a contract of the council ends early: from the London date ``on`` no new request goes to its
    provider, which keeps the cases that it has. Commits.

    Raises NotFound for a contract that the council has not, Conflict for one whose early end is recorded already,
    Invalid, naming "on", for a day on which it cannot end.
    """
    row = _commission(session, authority_id, commission_id)
    if row.early_end_on is not None:
        raise Conflict("The early end of this contract is recorded already.", code="ended-early")
    if problem := early_end_problem(terms_of(row), on):
        raise Invalid({"on": [problem]})
    row.early_end_because, row.early_end_on = because, on
    row.early_end_at, row.early_end_by = at, actor.identity_id
    row.early_end_source = source
    codes = {"because": because.value, "on": on.isoformat()}
    _audit_commission(session, actor, at, row, "commission.end_early", codes)
    session.commit()


def take_early_end_back(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, commission_id: uuid.UUID
) -> None:
    """Let a contract run on as if no early end had been recorded; the audit keeps that one was. Commits.

    Raises NotFound for a contract that the council has not, Conflict for one that does not end early.
    """
    row = _commission(session, authority_id, commission_id)
    if row.early_end_on is None:
        raise Conflict("No early end of this contract is recorded.", code="not-ended-early")
    row.early_end_because = row.early_end_on = row.early_end_at = row.early_end_by = row.new_provider_id = None
    row.early_end_source = ""
    _audit_commission(session, actor, at, row, "commission.early_end_taken_back", {})
    session.commit()


def name_new_provider(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    commission_id: uuid.UUID,
    new_provider_id: uuid.UUID,
) -> None:
    """Keep who can take over where a contract ended early, in the caller's transaction.

    Raises NotFound for a contract that the council has not, Conflict for one that has not ended early.
    """
    row = _commission(session, authority_id, commission_id)
    if row.early_end_on is None or row.early_end_on > london_date(at):
        raise Conflict("This contract has not ended early.", code="not-ended-early")
    row.new_provider_id = new_provider_id
    codes = {"provider": str(new_provider_id)}
    _audit_commission(session, actor, at, row, "commission.new_provider_named", codes)


def _commission(session: Session, authority_id: uuid.UUID, commission_id: uuid.UUID) -> Commission:
    row = session.get(Commission, (authority_id, commission_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def _audit_commission(
    session: Session, actor: Actor, at: dt.datetime, row: Commission, action: str, codes: Mapping[str, str]
) -> None:
    audit.record(session, at=at, actor=actor, action=action, realm_id=row.authority_id, subject_id=row.id, codes=codes)


def lock_turns(
    session: Session, *, authority_id: uuid.UUID, service: Service, provider_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, int]:
    """Return when each provider's last turn was, and let nobody else give a case of the council until the end of the
    caller's transaction."""
    rows = session.execute(
        select(Commission.provider_id, Commission.turn)
        .where(
            Commission.authority_id == authority_id,
            Commission.service == service,
            Commission.provider_id.in_(provider_ids),
        )
        .order_by(Commission.id)
        .with_for_update()
    )
    return {provider_id: turn for provider_id, turn in rows}


def take_turn(
    session: Session, *, authority_id: uuid.UUID, service: Service, provider_id: uuid.UUID, turn: int
) -> None:
    """Say that a case went to the provider as the ``turn``-th, in the caller's transaction."""
    session.execute(
        update(Commission)
        .where(
            Commission.authority_id == authority_id,
            Commission.service == service,
            Commission.provider_id == provider_id,
        )
        .values(turn=turn)
        .execution_options(synchronize_session=False)
    )


def keep_file_troubles(session: Session, *, at: dt.datetime, troubles: Mapping[str, Sequence[str]]) -> None:
    """Keep what the load that ends now found wrong, by folder, and forget what earlier loads found. Commits."""
    rows = {row.slug: row for row in session.scalars(select(FileTrouble))}
    for slug, row in rows.items():
        if slug not in troubles:
            session.delete(row)
    for slug, problems in troubles.items():
        row = rows.get(slug) or FileTrouble(slug=slug, since=at)
        row.problems = list(problems)
        session.add(row)
    session.commit()


def ensure_platform_key(session: Session, at: dt.datetime) -> None:
    """Give the platform's own realm its data key if it has none. Commits."""
    if session.scalar(select(DataKey.version).where(DataKey.realm_id == PLATFORM_REALM).limit(1)) is None:
        add_data_key(session, PLATFORM_REALM, at)
    session.commit()


def add_data_key(session: Session, realm_id: uuid.UUID, at: dt.datetime) -> None:
    """Give a new realm its own data key, in the caller's transaction."""
    new = wrap_new(session)
    session.add(DataKey(realm_id=realm_id, wrapped=new.wrapped, wrapped_by=new.by, created_at=at))


def lease_requests(
    session: Session, *, authority_id: uuid.UUID, counted: str, most: int, window: dt.timedelta, block: int
) -> RequestLease:
    """Lease up to ``block`` of the ``most`` requests that a council's site takes in one ``window``. Commits.

    Windows go by the database's clock, so that machines need not agree on the time.
    """
    is_over = RequestAllowance.window_ends_at <= func.now()
    leased = (
        insert(RequestAllowance)
        .values(authority_id=authority_id, counted=counted, window_ends_at=func.now() + window, leased=block)
        .on_conflict_do_update(
            index_elements=["authority_id", "counted"],
            set_={
                "leased": case((is_over, block), else_=RequestAllowance.leased + block),
                "window_ends_at": case((is_over, func.now() + window), else_=RequestAllowance.window_ends_at),
            },
        )
        .returning(RequestAllowance.leased, func.extract("epoch", RequestAllowance.window_ends_at - func.now()))
    )
    in_all, seconds = session.execute(leased).one()
    session.commit()
    return RequestLease(granted=max(0, block - max(0, in_all - most)), seconds=float(seconds))


def jsonable(value: Any) -> Any:
    """Return ``value`` with dates as ISO text, so that it can be stored as JSON."""
    if isinstance(value, Mapping):
        return {key: jsonable(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.date) else value
