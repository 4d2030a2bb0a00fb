"""Tables of the tenants themselves. Nothing here is about a person."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from parley.db.base import Base, Controller, Record, RecordClass, Wall, enum_column
from parley.db.sealed import SealedText
from parley.tenancy.domain import AuthorityState, ContractStanding, EarlyEndBecause, Service

_PLATFORM = Record(wall=Wall.PLATFORM, record_class=RecordClass.CONFIGURATION, controller=Controller.PLATFORM)


class Region(Base):
    """A region whose councils may commission together."""

    __tablename__ = "region"
    __record__ = _PLATFORM

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class Framework(Base):
    """A regional contract that several councils buy from. Who provides a council's service stands in its policy alone.

    ``evidence`` says of each column how it is known, and from which page.
    """

    __tablename__ = "framework"
    __record__ = _PLATFORM

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    region_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("region.id"), index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    services: Mapped[list[str]]
    providers: Mapped[list[str]]
    standing: Mapped[ContractStanding | None] = enum_column(ContractStanding, nullable=True)
    begins: Mapped[dt.date | None]
    ends: Mapped[dt.date | None]
    may_be_extended_to: Mapped[dt.date | None]
    evidence: Mapped[dict[str, Any]]


class LocalAuthority(Base):
    """A council: the tenant. ``profile`` holds what pages show of it, as loaded from its council.toml.

    ``went_live_at`` stays empty while it is tried out. ``successor_id`` is the council that came in its place.
    """

    __tablename__ = "local_authority"
    __record__ = _PLATFORM

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    gss_code: Mapped[str] = mapped_column(unique=True)
    region_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("region.id"), index=True)
    reference_prefix: Mapped[str] = mapped_column(unique=True)
    state: Mapped[AuthorityState] = enum_column(AuthorityState)
    profile: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime]
    went_live_at: Mapped[dt.datetime | None]
    resumed_at: Mapped[dt.datetime | None]
    successor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("local_authority.id"))

    hosts: Mapped[list["AuthorityHost"]] = relationship(lazy="raise")


class AuthorityChange(Base):
    """A step in a council's life. No login may change a row. ``author`` is the account that ran the command;
    ``unmet`` names what the go-live checklist found missing and was overridden."""

    __tablename__ = "authority_change"
    __record__ = Record(wall=Wall.PLATFORM, record_class=RecordClass.AUDIT, controller=Controller.PLATFORM)

    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("local_authority.id"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    state: Mapped[AuthorityState] = enum_column(AuthorityState)
    author: Mapped[str]
    reason: Mapped[str]
    unmet: Mapped[list[str]]


class AuthorityHost(Base):
    """A host name under which a council's pages are served."""

    __tablename__ = "authority_host"
    __record__ = _PLATFORM

    host: Mapped[str] = mapped_column(primary_key=True)
    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("local_authority.id"), index=True)


class Provider(Base):
    """An organisation that councils commission. ``profile`` holds its published contacts and sign-in."""

    __tablename__ = "provider"
    __record__ = _PLATFORM

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    profile: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime]


class FileTrouble(Base):
    """Problems that the last load found in the files of one council, by its folder; "" for what councils share.

    The council need not exist: one whose first files are broken was never loaded.
    """

    __tablename__ = "file_trouble"
    __record__ = _PLATFORM

    slug: Mapped[str] = mapped_column(primary_key=True)
    problems: Mapped[list[str]]
    since: Mapped[dt.datetime]


class Commission(Base):
    """A council's arrangement with a provider for one service, between two dates (the last one included).

    It gives cases to the provider only while its standing is current, and not from the day on which the council
    recorded that it ends early, unless it begins anew after that.
    """

    __tablename__ = "commission"
    __record__ = Record(wall=Wall.PROVIDER, record_class=RecordClass.CONFIGURATION, controller=Controller.AUTHORITY)
    __table_args__ = (
        UniqueConstraint("authority_id", "provider_id", "service"),
        Index(None, "provider_id", "authority_id"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("local_authority.id"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    provider_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider.id"))
    service: Mapped[Service] = enum_column(Service)
    framework_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("framework.id"))
    standing: Mapped[ContractStanding] = enum_column(ContractStanding)
    starts_on: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]
    may_be_extended_to: Mapped[dt.date | None]
    capacity: Mapped[int | None]
    turn: Mapped[int]
    """When a case last went to the provider by a rule among several: it is the turn of the lowest."""
    languages: Mapped[list[str]]
    specialisms: Mapped[list[str]]
    early_end_because: Mapped[EarlyEndBecause | None] = enum_column(EarlyEndBecause, nullable=True)
    early_end_on: Mapped[dt.date | None]
    early_end_at: Mapped[dt.datetime | None]
    """When it was recorded."""
    early_end_by: Mapped[uuid.UUID | None]
    """The council's own person who recorded it."""
    early_end_source_sealed: Mapped[bytes | None]
    early_end_source = SealedText()
    new_provider_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("provider.id"))
    """After an early end: who can take over, as the council named it; families are asked about that one."""


class RequestAllowance(Base):
    """How many requests of one kind processes have leased for a council in the present window (web/fair_use.py)."""

    __tablename__ = "request_allowance"
    __record__ = Record(wall=Wall.AUTHORITY, record_class=RecordClass.OPERATION, controller=Controller.PLATFORM)

    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("local_authority.id"), primary_key=True)
    counted: Mapped[str] = mapped_column(primary_key=True)
    window_ends_at: Mapped[dt.datetime]
    leased: Mapped[int]
