"""How much of Parley one site may take: a busy council is asked to wait, the others notice nothing.

Two limits. ``FairUse``: how many requests of some kinds a council's site takes in a while, over all processes. They
lease requests from the database in blocks and count them down in memory, so that few requests cost a commit; what a
process leased and did not use is lost when the window ends. ``SharedThreads``: how many requests of any kind a process
answers for one site at once. Whoever is refused is refused from memory, before a database connection is taken.
"""

import dataclasses
import datetime as dt
import enum
import math
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, Protocol, TypeVar

from werkzeug.exceptions import TooManyRequests

from parley.db.scope import authority_scope
from parley.db.session import Database
from parley.tenancy.domain import RequestLease
from parley.tenancy.service import lease_requests

#: Within how long requests are counted together. Short: who was refused need not wait for long.
WINDOW = dt.timedelta(seconds=10)

#: A block is this part of what a window holds.
BLOCKS_IN_A_WINDOW = 20

#: When whoever met a site that was full is asked to come back: an answer takes milliseconds.
BUSY_SECONDS = 1

_MARK = "__parley_counted__"

View = TypeVar("View", bound=Callable[..., Any])


class Counted(enum.StrEnum):
    """What is counted, each apart."""

    API = "api"
    """Calls of the API."""
    CHECK = "check"
    """Answers sent in a check without sign-in."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CountMark:
    """What a view says of itself: as what its requests count, and by which methods."""

    counted: Counted
    methods: frozenset[str]


def counts(counted: Counted, methods: Collection[str] = ("GET", "POST")) -> Callable[[View], View]:
    """Mark a view whose requests by ``methods`` count; the lifecycle asks before it opens a transaction."""

    def mark(view: View) -> View:
        setattr(view, _MARK, CountMark(counted=counted, methods=frozenset(methods)))
        return view

    return mark


def counted_as(view: Callable[..., Any], method: str) -> Counted | None:
    """Return as what a request to ``view`` by ``method`` counts, or None."""
    mark = getattr(view, _MARK, None)
    return mark.counted if isinstance(mark, CountMark) and method in mark.methods else None


class SiteBusy(TooManyRequests):
    """A process answers as many requests for this site at once as it may."""


class SharedThreads:
    """Which sites hold the threads of this process. One for each process, shared by its threads.

    A site holds at most half of them, so that slow or many requests of one leave threads for all others.
    """

    def __init__(self, threads: int) -> None:
        """Take how many threads answer requests in this process, at least one."""
        self._most = max(1, threads // 2)
        self._held: Counter[Hashable] = Counter()
        self._lock = threading.Lock()

    def take(self, site: Hashable) -> None:
        """Have ``site`` hold the thread that asks, until ``give_back``. Raises SiteBusy where it holds its half."""
        with self._lock:
            if self._held[site] >= self._most:
                raise SiteBusy("This site is answering as many requests as it may at once.", retry_after=BUSY_SECONDS)
            self._held[site] += 1

    def give_back(self, site: Hashable) -> None:
        """Let go of one thread that ``site`` took."""
        with self._lock:
            self._held[site] -= 1
            if not self._held[site]:
                del self._held[site]


class Lease(Protocol):
    """How a block is had from the database, in a transaction of its own."""

    def __call__(self, authority_id: uuid.UUID, counted: str, *, most: int, block: int) -> RequestLease:
        """Return what was leased of the ``most`` requests of this window: up to ``block``."""
        ...


def lease_from(database: Database) -> Lease:
    """Return how blocks are leased from ``database``."""

    def lease(authority_id: uuid.UUID, counted: str, *, most: int, block: int) -> RequestLease:
        with database.begin(authority_scope(authority_id)) as session:
            return lease_requests(
                session, authority_id=authority_id, counted=counted, most=most, window=WINDOW, block=block
            )

    return lease


@dataclasses.dataclass
class _Block:
    """What this process may still take for one council, until ``ends_at`` on its own clock."""

    left: int = 0
    ends_at: float = -math.inf
    is_last: bool = False
    """Whether the window holds no more than this."""
    lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)


class FairUse:
    """Counts what each council's site takes. One for each process, shared by its threads."""

    def __init__(
        self, per_second: Mapping[Counted, int], lease: Lease, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take how many requests a second each council may have, on average over a window."""
        self._most = {counted: rate * WINDOW.seconds for counted, rate in per_second.items()}
        self._lease = lease
        self._clock = clock
        self._blocks: defaultdict[tuple[uuid.UUID, Counted], _Block] = defaultdict(_Block)

    def take(self, authority_id: uuid.UUID, counted: Counted) -> None:
        """Count one request. Raises TooManyRequests, saying when to come back, once the window holds no more."""
        block = self._blocks[authority_id, counted]
        # Of this council alone: while one waits for its lease, the others go on.
        with block.lock:
            now = self._clock()
            if now >= block.ends_at or (block.left == 0 and not block.is_last):
                self._renew(block, authority_id, counted)
            if block.left == 0:
                most = self._most[counted]
                raise TooManyRequests(
                    f"This council’s site takes {most} of these requests in {WINDOW.seconds} seconds.",
                    retry_after=max(1, math.ceil(block.ends_at - now)),
                )
            block.left -= 1

    def _renew(self, block: _Block, authority_id: uuid.UUID, counted: Counted) -> None:
        most = self._most[counted]
        size = max(1, most // BLOCKS_IN_A_WINDOW)
        asked_at = self._clock()
        leased = self._lease(authority_id, counted.value, most=most, block=size)
        block.left, block.is_last = leased.granted, leased.granted < size
        block.ends_at = asked_at + leased.seconds
