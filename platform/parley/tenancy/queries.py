"""Reading tenants."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session, selectinload

from parley.db.reading import Reading
from parley.tenancy import models
from parley.tenancy.domain import Authority, FileTrouble, ProviderOrganisation, Service
from parley.tenancy.models import Commission, LocalAuthority, Provider, Region


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
    return [_provider(row) for row in session.scalars(select(Provider).order_by(Provider.name))]


def provider_by_slug(session: Session, slug: str) -> ProviderOrganisation | None:
    """Return the provider with ``slug``, or None."""
    row = session.scalar(select(Provider).where(Provider.slug == slug))
    return _provider(row) if row else None


def provider_by_id(session: Session, provider_id: uuid.UUID) -> ProviderOrganisation:
    """Return the provider with that id. Raises sqlalchemy NoResultFound when there is none."""
    return _provider(session.scalars(select(Provider).where(Provider.id == provider_id)).one())


def commissioned(
    session: Session, authority_id: uuid.UUID, service: Service, on: dt.date
) -> list[ProviderOrganisation]:
    """Return the providers that the council commissions for ``service`` on the date ``on``."""
    rows = session.scalars(
        select(Provider)
        .join(Commission, Commission.provider_id == Provider.id)
        .where(
            Commission.authority_id == authority_id,
            Commission.service == service,
            func.coalesce(Commission.starts_on, on) <= on,
            func.coalesce(Commission.ends_on, on) >= on,
        )
        .order_by(Provider.name)
    )
    return [_provider(row) for row in rows]


def commissioning(session: Session, provider_id: uuid.UUID, service: Service, on: dt.date) -> Sequence[Authority]:
    """Return the councils that commission the provider for ``service`` on ``on``, by name (provider's scope)."""
    rows = session.scalars(
        select(LocalAuthority)
        .join(Commission, Commission.authority_id == LocalAuthority.id)
        .options(selectinload(LocalAuthority.hosts))
        .where(
            Commission.provider_id == provider_id,
            Commission.service == service,
            or_(Commission.starts_on.is_(None), Commission.starts_on <= on),
            or_(Commission.ends_on.is_(None), Commission.ends_on >= on),
        )
        .order_by(LocalAuthority.name)
    )
    return [_authority(row) for row in rows]


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


def file_troubles(session: Session) -> list[FileTrouble]:
    """Return what the last load found wrong with files, by folder; files that councils share first."""
    rows = session.scalars(select(models.FileTrouble).order_by(models.FileTrouble.slug))
    return [FileTrouble(slug=row.slug, problems=tuple(row.problems), since=row.since) for row in rows]


def regions(session: Session) -> Sequence[Region]:
    """Return every region, by name."""
    return session.scalars(select(Region).order_by(Region.name)).all()


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
    )


def _provider(row: Provider) -> ProviderOrganisation:
    return ProviderOrganisation(id=row.id, slug=row.slug, name=row.name, profile=row.profile)
