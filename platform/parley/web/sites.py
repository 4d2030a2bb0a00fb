"""Which site a host name is: a council's, the providers', the operators', or the front page."""

import contextlib
import dataclasses
import enum
import threading
import time
import uuid
from collections.abc import Callable, Iterator

from parley.db.scope import PLATFORM_REALM, Login, Scope, authority_scope, platform_scope
from parley.db.session import UNAVAILABLE
from parley.tenancy.domain import Authority, ProviderOrganisation

#: How long a process may go on with hosts and council profiles it has read. Short: a suspended council must go dark.
DIRECTORY_SECONDS = 5.0


class Audience(enum.StrEnum):
    """Whom a site's pages are for. Each blueprint belongs to one, as its ``subdomain``."""

    FRONT = "front"
    COUNCIL = "council"
    PROVIDER = "provider"
    OPERATOR = "operator"
    MACHINE = "machine"
    """Health checks: answered under any host name."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Site:
    """The site a request came to. ``authority`` is set on a council's site and on no other."""

    audience: Audience
    host: str
    authority: Authority | None = None

    @property
    def council(self) -> Authority:
        """The council whose site this is. Raises LookupError on any other site."""
        if self.authority is None:
            raise LookupError(f"{self.host} is not a council's site")
        return self.authority

    @property
    def sharer(self) -> uuid.UUID | Audience:
        """With whom it shares what a process has: a council by itself under all its hosts, every other site as one."""
        return self.authority.id if self.authority else self.audience

    def scope(self) -> Scope:
        """Return the scope of a page on this site before anybody is known to have signed in."""
        match self.audience:
            case Audience.COUNCIL:
                return authority_scope(self.council.id)
            case Audience.PROVIDER:
                return Scope(login=Login.PROVIDER, realm_id=PLATFORM_REALM)
            case Audience.OPERATOR | Audience.MACHINE:
                return platform_scope(Login.OPERATOR)
            case Audience.FRONT:
                return platform_scope(Login.APP)


class UnknownHostError(LookupError):
    """No site answers to this host name."""


class SiteDirectory:
    """Finds the site of a host, and the names of providers; reads both afresh every few seconds.

    What a page needs of them costs no statement of its own.
    """

    def __init__(
        self,
        base_domain: str,
        read_authorities: Callable[[], list[Authority]],
        read_providers: Callable[[], list[ProviderOrganisation]] = list,
    ) -> None:
        """Take the deployment's own domain and functions that read all councils and providers from the database."""
        self._fixed = {
            base_domain: Audience.FRONT,
            f"providers.{base_domain}": Audience.PROVIDER,
            f"operator.{base_domain}": Audience.OPERATOR,
        }
        self._read = read_authorities
        self._read_providers = read_providers
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._by_host: dict[str, Authority] = {}
        self._provider_names: dict[uuid.UUID, str] = {}
        self._providers_read_at = float("-inf")

    def find(self, host: str) -> Site:
        """Return the site of ``host`` (port and case ignored).

        Raises UnknownHostError, and what the database raises when it cannot be reached and never was.
        """
        name = host.partition(":")[0].lower().rstrip(".")
        audience = self._fixed.get(name)
        if audience is not None:
            return Site(audience=audience, host=name)
        authority = self._councils().get(name)
        if authority is None:
            raise UnknownHostError(name)
        return Site(audience=Audience.COUNCIL, host=name, authority=authority)

    def predecessors(self, authority_id: uuid.UUID) -> list[Authority]:
        """Return the councils in whose place that one came, by name: their cases are finished on their own sites."""
        found = {one.id: one for one in self._councils().values() if one.successor_id == authority_id}
        return sorted(found.values(), key=lambda one: one.name)

    def provider_name(self, provider_id: uuid.UUID) -> str | None:
        """Return what the provider is called, or None for one that is not known (yet)."""
        with self._lock:
            if time.monotonic() - self._providers_read_at > DIRECTORY_SECONDS:
                with _unless_unavailable(known=bool(self._provider_names)):
                    self._provider_names = {provider.id: provider.name for provider in self._read_providers()}
                self._providers_read_at = time.monotonic()
            return self._provider_names.get(provider_id)

    def forget(self) -> None:
        """Read councils and providers anew when they are next asked for."""
        with self._lock:
            self._read_at = self._providers_read_at = float("-inf")

    def _councils(self) -> dict[str, Authority]:
        with self._lock:
            if time.monotonic() - self._read_at > DIRECTORY_SECONDS:
                with _unless_unavailable(known=bool(self._by_host)):
                    self._by_host = {host: authority for authority in self._read() for host in authority.hosts}
                self._read_at = time.monotonic()
            return self._by_host


@contextlib.contextmanager
def _unless_unavailable(*, known: bool) -> Iterator[None]:
    """Go on with what is ``known`` while the database cannot be reached, so that a site can say so in its own name.

    No page of a council that was suspended meanwhile is served by that: each opens a transaction first.
    """
    try:
        yield
    except UNAVAILABLE:
        if not known:
            raise
