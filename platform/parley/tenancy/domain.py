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
    "FileTrouble",
    "ProviderOrganisation",
    "Service",
    "WantedCommission",
]


#: Under which name problems are kept of files that belong to no single council.
SHARED_FILES = ""


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
class WantedCommission:
    """What a council's files say of one provider for one service, between two days where its contract has them."""

    service: Service
    provider_id: uuid.UUID
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileTrouble:
    """What was wrong with files at the last load: of one council, or of nobody alone (``SHARED_FILES``)."""

    slug: str
    problems: tuple[str, ...]
    since: dt.datetime
