"""Reading tenants."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from parley.db.reading import Reading
from parley.tenancy import models
from parley.tenancy.domain import (
    Authority,
    CommissionTerms,
    ContractEnd,
    ContractStanding,
    CouncilCommission,
    EarlyEnd,
    EarlyEndBecause,
    FileTrouble,
    ProviderOrganisation,
    Service,
    StateChange,
    contract_end,
)
from parley.tenancy.models import AuthorityChange, Commission, Framework, LocalAuthority, Provider, Region


def directory(session: Session) -> list[Authority]:
    """Return every council, by name, with its hosts."""
    rows = session.scalars(
        select(LocalAuthority).options(selectinload(LocalAuthority.hosts)).order_by(LocalAuthority.name)
    )
    return [_authority(row) for row in rows]


def authority_by_slug(session: Session, slug: str) -> Authority | None:
    """Return the council with ``slug``, or None."""
    row = session.scalar(
        select(LocalAuthority).options(selectinload(LocalAuthority.hosts)).where(LocalAuthority.slug == slug)
    )
    return _authority(row) if row else None


def authority_by_id(session: Session, authority_id: uuid.UUID) -> Authority:
    """Return the council with that id. Raises sqlalchemy NoResultFound when there is none."""
    row = session.scalars(
        select(LocalAuthority).options(selectinload(LocalAuthority.hosts)).where(LocalAuthority.id == authority_id)
    ).one()
    return _authority(row)


def lock_authority(session: Session, authority_id: uuid.UUID) -> str:
    """Make others who lock this council wait until the transaction ends; return its slug. For the operator's login."""
    return session.scalars(select(LocalAuthority.slug).where(LocalAuthority.id == authority_id).with_for_update()).one()


def providers(session: Session) -> list[ProviderOrganisation]:
    """Return every provider, by name."""
    return [provider_of(row) for row in session.scalars(select(Provider).order_by(Provider.name))]


def provider_by_slug(session: Session, slug: str) -> ProviderOrganisation | None:
    """Return the provider with ``slug``, or None."""
    row = session.scalar(select(Provider).where(Provider.slug == slug))
    return provider_of(row) if row else None


def provider_by_id(session: Session, provider_id: uuid.UUID) -> ProviderOrganisation:
    """Return the provider with that id. Raises sqlalchemy NoResultFound when there is none."""
    return provider_of(session.scalars(select(Provider).where(Provider.id == provider_id)).one())


def commissioned(
    session: Session, authority_id: uuid.UUID, service: Service, on: dt.date
) -> list[ProviderOrganisation]:
    """Return the providers that the council commissions for ``service`` on the date ``on``."""
    return [commission.provider for commission in running_commissions(session, authority_id, service, on)]


def running_commissions(
    session: Session, authority_id: uuid.UUID, service: Service, on: dt.date
) -> list[CouncilCommission]:
    """Return the council's commissions for ``service`` that give cases to their providers on ``on``, by provider."""
    asked = {"authority_id": authority_id, "service": service.value, "on": on}
    return [
        CouncilCommission(
            id=row.id,
            service=row.service,
            provider=ProviderOrganisation(id=row.provider_id, slug=row.slug, name=row.name, profile=row.profile),
            terms=terms_of(row),
            framework=row.framework or "",
            early_end=_early_end(row, for_council=False),
        )
        for row in _RUNNING.rows(session, asked)
    ]


def region_of(session: Session, authority_id: uuid.UUID) -> Region:
    """Return the region that the council lies in."""
    return session.scalars(
        select(Region)
        .join(LocalAuthority, LocalAuthority.region_id == Region.id)
        .where(LocalAuthority.id == authority_id)
    ).one()


def commissioning(session: Session, provider_id: uuid.UUID, service: Service, on: dt.date) -> Sequence[Authority]:
    """Return the councils that commission the provider for ``service`` on ``on``, by name (provider's scope)."""
    rows = session.scalars(
        select(LocalAuthority)
        .join(Commission, Commission.authority_id == LocalAuthority.id)
        .options(selectinload(LocalAuthority.hosts))
        .where(
            Commission.provider_id == provider_id,
            Commission.service == service,
            *_running(on),
        )
        .order_by(LocalAuthority.name)
    )
    return [_authority(row) for row in rows]


def commissions(session: Session, authority_id: uuid.UUID) -> list[CouncilCommission]:
    """Return every commission that the council has or had, by service and provider, in the council's scope."""
    return _for_council(session, Commission.authority_id == authority_id)


def commission_by_id(session: Session, authority_id: uuid.UUID, commission_id: uuid.UUID) -> CouncilCommission | None:
    """Return one commission of the council, in its scope, or None where it has none of that id."""
    wanted = (Commission.authority_id == authority_id, Commission.id == commission_id)
    return next(iter(_for_council(session, *wanted)), None)


def commissions_changing_over(session: Session, authority_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the council's contracts for disagreement resolution after whose early end families are to be asked."""
    return list(
        session.scalars(
            select(Commission.id).where(
                Commission.authority_id == authority_id,
                Commission.service == Service.DISAGREEMENT_RESOLUTION,
                Commission.new_provider_id.is_not(None),
            )
        )
    )


def resolution_contract(
    session: Session, authority_id: uuid.UUID, provider_id: uuid.UUID, *, lock: bool = False
) -> ContractEnd:
    """Return how the council's contract with a provider for disagreement resolution ends.

    With ``lock`` nobody records or takes back an early end until the caller's transaction is over.
    """
    asked = select(Commission).where(
        Commission.authority_id == authority_id,
        Commission.provider_id == provider_id,
        Commission.service == Service.DISAGREEMENT_RESOLUTION,
    )
    row = session.scalar((asked.with_for_update() if lock else asked).execution_options(populate_existing=True))
    if row is None:
        return ContractEnd()
    return contract_end(row.starts_on, row.ends_on, row.early_end_on, row.early_end_because)


def cannot_go_on(
    authority_id: InstrumentedAttribute[uuid.UUID], provider_id: InstrumentedAttribute[uuid.UUID], on: dt.date
) -> ColumnElement[bool]:
    """Return the condition that the provider of a row cannot go on with the cases of the row's council, on a London
    date: that was recorded, and no new contract began after it."""
    began_after = Commission.starts_on > Commission.early_end_on
    return exists().where(
        Commission.authority_id == authority_id,
        Commission.provider_id == provider_id,
        Commission.service == Service.DISAGREEMENT_RESOLUTION,
        Commission.early_end_because == EarlyEndBecause.FAILED,
        Commission.early_end_on <= on,
        began_after.is_not(True),
    )


def _for_council(session: Session, *wanted: ColumnElement[bool]) -> list[CouncilCommission]:
    rows = session.execute(_with_provider(select(Commission, Provider, Framework.name)).where(*wanted))
    return [
        CouncilCommission(
            id=row.id,
            service=row.service,
            provider=provider_of(provider),
            terms=terms_of(row),
            framework=framework or "",
            early_end=_early_end(row, for_council=True),
            new_provider_id=row.new_provider_id,
        )
        for row, provider, framework in rows
    ]


def _with_provider(commissions: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join what stands beside each commission, by service and provider."""
    return (
        commissions.join(Provider, Provider.id == Commission.provider_id)
        .outerjoin(Framework, Framework.id == Commission.framework_id)
        .order_by(Commission.service, Provider.name)
    )


def _running(on: dt.date | BindParameter[dt.date]) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of a commission that gives cases to its provider on a day."""
    return (
        Commission.standing == ContractStanding.CURRENT,
        or_(Commission.starts_on.is_(None), Commission.starts_on <= on),
        or_(Commission.ends_on.is_(None), Commission.ends_on >= on),
        not_(ended_early(on)),
    )


def ended_early(on: dt.date | BindParameter[dt.date]) -> ColumnElement[bool]:
    """Return what holds of a commission that gives no more cases because its council recorded an early end."""
    began_anew = and_(Commission.starts_on.is_not(None), Commission.starts_on > Commission.early_end_on)
    return and_(Commission.early_end_on.is_not(None), Commission.early_end_on <= on, not_(began_anew))


_RUNNING = Reading(
    _with_provider(
        select(
            Commission.id,
            Commission.service,
            Commission.standing,
            Commission.starts_on,
            Commission.ends_on,
            Commission.may_be_extended_to,
            Commission.capacity,
            Commission.languages,
            Commission.specialisms,
            Commission.early_end_because,
            Commission.early_end_on,
            Commission.early_end_at,
            Provider.id.label("provider_id"),
            Provider.slug,
            Provider.name,
            Provider.profile,
            Framework.name.label("framework"),
        )
    ).where(
        Commission.authority_id == bindparam("authority_id"),
        Commission.service == bindparam("service"),
        *_running(bindparam("on")),
    )
)

_COUNCIL_NAMES = Reading(
    select(LocalAuthority.id, LocalAuthority.name)
    .join(Commission, Commission.authority_id == LocalAuthority.id)
    .where(Commission.provider_id == bindparam("provider_id"))
    .distinct()
    .order_by(LocalAuthority.name)
)


def council_names(session: Session, provider_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Return the names, in their order, of every council that ever commissioned the provider (provider's scope)."""
    return {row.id: row.name for row in _COUNCIL_NAMES.rows(session, {"provider_id": provider_id})}


def changes_of(session: Session, authority_id: uuid.UUID) -> list[StateChange]:
    """Return the steps in a council's life, the newest first. For the operator's login."""
    rows = session.scalars(
        select(AuthorityChange)
        .where(AuthorityChange.authority_id == authority_id)
        .order_by(AuthorityChange.at.desc(), AuthorityChange.id.desc())
    )
    return [
        StateChange(at=row.at, state=row.state, author=row.author, reason=row.reason, unmet=tuple(row.unmet))
        for row in rows
    ]


def file_troubles(session: Session) -> list[FileTrouble]:
    """Return what the last load found wrong with files, by folder; files that councils share first."""
    rows = session.scalars(select(models.FileTrouble).order_by(models.FileTrouble.slug))
    return [FileTrouble(slug=row.slug, problems=tuple(row.problems), since=row.since) for row in rows]


def regions(session: Session) -> Sequence[Region]:
    """Return every region, by name."""
    return session.scalars(select(Region).order_by(Region.name)).all()


def frameworks(session: Session) -> Sequence[Framework]:
    """Return every framework, by name."""
    return session.scalars(select(Framework).order_by(Framework.name)).all()


def terms_of(row: Any) -> CommissionTerms:
    """Return what a contract's row says besides whose it is."""
    return CommissionTerms(
        standing=row.standing,
        begins=row.starts_on,
        ends=row.ends_on,
        may_be_extended_to=row.may_be_extended_to,
        capacity=row.capacity,
        languages=tuple(row.languages),
        specialisms=tuple(row.specialisms),
    )


def _early_end(row: Any, *, for_council: bool) -> EarlyEnd | None:
    """Return the early end of a contract; from what it is known is in the council's words, and under its key."""
    if row.early_end_because is None or row.early_end_on is None or row.early_end_at is None:
        return None
    return EarlyEnd(
        because=row.early_end_because,
        on=row.early_end_on,
        recorded_at=row.early_end_at,
        source=row.early_end_source if for_council else "",
    )


def _authority(row: LocalAuthority) -> Authority:
    return Authority(
        id=row.id,
        slug=row.slug,
        name=row.name,
        gss_code=row.gss_code,
        reference_prefix=row.reference_prefix,
        state=row.state,
        hosts=tuple(sorted((host.host for host in row.hosts), key=lambda host: (host.endswith(".localhost"), host))),
        profile=row.profile,
        went_live=row.went_live_at is not None,
        resumed_at=row.resumed_at,
        successor_id=row.successor_id,
    )


def provider_of(row: Provider) -> ProviderOrganisation:
    """Return a provider's row as pages know it."""
    return ProviderOrganisation(id=row.id, slug=row.slug, name=row.name, profile=row.profile)
