"""HTTP to an issuer, and to nowhere else: no redirects, no private addresses, no long waits, no large answers.

An issuer's address and everything its metadata names come from outside. A request that they cause must not reach this
machine's own network, follow a redirect there, or keep a web worker waiting.
"""

import contextlib
import dataclasses
import io
import ipaddress
import socket
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

CONNECT_SECONDS = 3.0
#: From connecting to the last byte read; an issuer that drips its answer is cut off all the same.
TOTAL_SECONDS = 8.0
LARGEST_ANSWER = 512 * 1024


class TransportRefused(RequestException):
    """A request was not made, or its answer not read, because it broke a rule of this module."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reach:
    """What an issuer's configuration allows: plain http, and addresses that are not public."""

    plain_http: bool = False
    private_addresses: bool = False


class GuardedSession(OAuth2Session):  # type: ignore[misc]  # Authlib carries no types
    """Authlib's OAuth client on a guarded transport. Made anew for each use, so that nothing leaks between issuers."""

    def __init__(self, reach: Reach, **options: Any) -> None:
        """Take what is allowed, and what Authlib's ``OAuth2Session`` takes."""
        super().__init__(**options)
        guard(self, reach)


def guard(session: Session, reach: Reach, *, within: float | None = None, redirects_shown: bool = False) -> None:
    """Put ``session`` on the guarded transport: it ignores proxies and passwords of the environment.

    ``within`` is how many seconds each request may take where that is less than usual. With ``redirects_shown`` an
    answer that leads elsewhere is returned and not refused; the caller has to tell ``session`` not to follow it.
    """
    session.trust_env = False
    session.headers["Accept-Encoding"] = "identity"
    session.adapters.clear()
    adapter = _GuardedAdapter(reach, TOTAL_SECONDS if within is None else within, redirects_shown=redirects_shown)
    session.mount("https://", adapter)
    if reach.plain_http:
        session.mount("http://", adapter)


class _Watch:
    """Cuts a connection off when its time is up, whoever is waiting on it by then.

    A read time-out starts again with each byte; this one does not. It holds a handle of its own on the connection,
    since TLS takes the socket over and an answer outlives the connection object it came by.
    """

    def __init__(self, connected: socket.socket, seconds: float) -> None:
        self._handle = connected.dup()
        self._timer = threading.Timer(seconds, self._cut_off)
        self._timer.daemon = True
        self._timer.start()

    def _cut_off(self) -> None:
        with contextlib.suppress(OSError):
            self._handle.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        self._timer.cancel()
        self._timer.join()
        self._handle.close()


@dataclasses.dataclass(frozen=True)
class _Guard:
    """What the connections of one adapter may reach, how long each may last, and the watches over those open."""

    reach: Reach
    seconds: float
    watches: list[_Watch] = dataclasses.field(default_factory=list)

    def stop(self) -> None:
        while self.watches:
            self.watches.pop().stop()


class _GuardedAdapter(HTTPAdapter):
    """Sends one request within the limits above and reads its whole answer, or raises a RequestException."""

    def __init__(self, reach: Reach, seconds: float, *, redirects_shown: bool) -> None:
        self._guard = _Guard(reach, seconds)
        self._redirects_shown = redirects_shown
        super().__init__(max_retries=0, pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *_arguments: Any, **_options: Any) -> None:
        """Use connections that look at the address before they connect."""
        self.poolmanager = _GuardedPools(self._guard)

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Send ``request`` under our own time limits; ``stream``, ``timeout`` and ``proxies`` are not the caller's."""
        host = urlsplit(request.url or "").hostname
        limits = (CONNECT_SECONDS, self._guard.seconds)
        try:
            response = super().send(request, stream=True, timeout=limits, verify=verify, cert=cert)
            with contextlib.closing(response):
                if 300 <= response.status_code < 400 and not self._redirects_shown:
                    raise TransportRefused(f"a redirect from {host} was not followed")
                body = _body(response)
            response.raw = io.BytesIO(body)
        except RequestException:
            raise
        except (HTTPError, OSError) as error:
            raise TransportRefused(f"no whole answer from {host}: {type(error).__name__}") from error
        finally:
            self._guard.stop()
            self.close()
        return response


def _body(response: Response) -> bytes:
    """Return the body, read up to the limit."""
    body = bytearray()
    for chunk in response.raw.stream(16 * 1024, decode_content=False):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise TransportRefused(f"the answer is over {LARGEST_ANSWER} bytes")
    return bytes(body)


class _PlainConnection(HTTPConnection):
    """A connection that goes only to addresses it may reach, and is cut off when its time is up."""

    guard: _Guard

    def _new_conn(self) -> socket.socket:
        connected = self._connect()
        self.guard.watches.append(_Watch(connected, self.guard.seconds))
        return connected

    def _connect(self) -> socket.socket:
        """Connect to the first address that answers, having looked at all: one private among them is enough.

        The address looked at is the address connected to, so a name cannot mean another place a moment later.
        """
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise TransportRefused(f"{self.host} is not a host name") from error
        addresses = [str(item[4][0]) for item in found]
        if not self.guard.reach.private_addresses and not all(map(is_public, addresses)):
            raise TransportRefused(f"{self.host} has an address that is not public")
        failure: OSError = ConnectionError(f"{self.host} has no address")
        for address in addresses:
            try:
                share = min(CONNECT_SECONDS, self.guard.seconds / len(addresses))
                return socket.create_connection((address, self.port), share)
            except OSError as error:
                failure = error
        raise failure


class _SecureConnection(_PlainConnection, HTTPSConnection):
    """The same over TLS; the certificate is checked against the name, not the address."""


#: IPv6 networks that stand for IPv4 addresses or for networks of somebody's own (RFC 6052, RFC 8215).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_OWN_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")


def is_public(address: str) -> bool:
    """Tell whether ``address`` lies on the public internet, also when it is an IPv4 address written as IPv6."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found in _OWN_NAT64:
            return False
        inner = _inner(found)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that ``address`` leads to, if it does."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


class _GuardedPools(PoolManager):
    """Pools whose connections know what may be reached."""

    def __init__(self, guard: _Guard) -> None:
        super().__init__(num_pools=1, maxsize=1)
        plain = type("_Plain", (_PlainConnection,), {"guard": guard})
        secure = type("_Secure", (_SecureConnection,), {"guard": guard})
        self.pool_classes_by_scheme = {
            "http": type("_PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("_SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
