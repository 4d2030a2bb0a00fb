"""What a council and a provider are, apart from any database. Pure."""

import dataclasses
import datetime as dt
import enum
import uuid
from collections.abc import Mapping
from typing import Any

from parley.law.domain import Service

__all__ = [
    "SHARED_FILES",
    "Authority",
    "AuthorityState",
    "CommissionTerms",
    "ContractStanding",
    "CouncilCommission",
    "FileTrouble",
    "PublishedFramework",
    "ProviderOrganisation",
    "Service",
    "WantedCommission",
]


#: Under which name problems are kept of files that belong to no single council.
SHARED_FILES = ""


class ContractStanding(enum.StrEnum):
    """Whether an arrangement with a provider holds, is still to be confirmed, or is over."""

    CURRENT = "current"
    TO_BE_CONFIRMED = "to_be_confirmed"
    ENDED = "ended"


class AuthorityState(enum.StrEnum):
    """Whether a council's pages are served."""

    LIVE = "live"
    SUSPENDED = "suspended"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Authority:
    """A council as pages and services know it; ``profile`` is its validated council.toml."""

    id: uuid.UUID
    slug: str
    name: str
    gss_code: str
    reference_prefix: str
    state: AuthorityState
    hosts: tuple[str, ...]
    profile: Mapping[str, Any]

    @property
    def host(self) -> str:
        """The host its own pages are linked under: the first it was given."""
        return self.hosts[0]


@dataclasses.dataclass(frozen=True, kw_only=True)
class RequestLease:
    """Requests that a process may take for one council; they lapse after ``seconds``."""

    granted: int
    seconds: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProviderOrganisation:
    """A provider as pages know it; ``profile`` is its validated file."""

    id: uuid.UUID
    slug: str
    name: str
    profile: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CommissionTerms:
    """What a contract says besides whose it is: both days are included, and None where there is no such day.

    ``may_be_extended_to`` is an option, which extends nothing by itself. ``capacity`` is how many open cases of the
    council the provider takes at a time; None where no number was agreed.
    """

    standing: ContractStanding = ContractStanding.CURRENT
    begins: dt.date | None = None
    ends: dt.date | None = None
    may_be_extended_to: dt.date | None = None
    capacity: int | None = None
    languages: tuple[str, ...] = ()
    specialisms: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class WantedCommission:
    """What a council's files say of one provider for one service; ``framework_id`` if it is bought through one."""

    service: Service
    provider_id: uuid.UUID
    terms: CommissionTerms
    framework_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CouncilCommission:
    """A council's commission as its staff read it; ``framework`` is the name of the regional contract, or ""."""

    id: uuid.UUID
    service: Service
    provider: ProviderOrganisation
    terms: CommissionTerms
    framework: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PublishedFramework:
    """A regional contract as a region's file has it. It provides nothing: only a council's own policy names a provider.

    ``providers`` are names, as published. ``evidence`` says of each key how it is known, and from which page.
    """

    slug: str
    name: str
    services: tuple[Service, ...]
    providers: tuple[str, ...]
    standing: ContractStanding | None
    begins: dt.date | None
    ends: dt.date | None
    may_be_extended_to: dt.date | None
    evidence: Mapping[str, Mapping[str, str]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileTrouble:
    """What was wrong with files at the last load: of one council, or of nobody alone (``SHARED_FILES``)."""

    slug: str
    problems: tuple[str, ...]
    since: dt.datetime
