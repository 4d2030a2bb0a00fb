"""Enabled plugins and the breaker that gives a failing one rest. Pure: time comes in as an argument."""

import dataclasses
import datetime as dt
import enum
import uuid
from collections.abc import Mapping
from typing import Any

from parley.plugin_api.contracts import Health, ProviderManifest


class EnablementState(enum.StrEnum):
    """What a council's providers.toml says of a plugin; ``removed`` once the file no longer names it."""

    LIVE = "live"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class BreakerState(enum.StrEnum):
    """``closed``: calls go through. ``open``: they wait. ``half_open``: one goes through, and decides."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


#: The breaker looks at this many calls, and opens when half of them failed, but not before it saw five.
WINDOW = 10
FEWEST_CALLS = 5
FIRST_REST = dt.timedelta(minutes=1)
LONGEST_REST = dt.timedelta(minutes=15)

#: How long a probe may take before another one is let through: longer than the longest call.
PROBE_LEASE = dt.timedelta(minutes=3)

_WORKED, _FAILED = "o", "x"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Breaker:
    """Whether calls of one plugin for one council go through.

    ``recent`` has a letter for each of the last calls, newest last; ``rests`` counts how often in a row it opened;
    ``until`` is when the rest, or the running probe's lease, ends.
    """

    state: BreakerState = BreakerState.CLOSED
    recent: str = ""
    rests: int = 0
    until: dt.datetime | None = None

    def wait(self, now: dt.datetime) -> dt.timedelta | None:
        """Return how long a call must wait, or None if it may go now."""
        if self.state is BreakerState.CLOSED or self.until is None or now >= self.until:
            return None
        return self.until - now

    def admitted(self, now: dt.datetime) -> "Breaker":
        """Return the breaker after a call was let through at ``now``: behind an open one, that call is the probe."""
        if self.state is BreakerState.CLOSED:
            return self
        return dataclasses.replace(self, state=BreakerState.HALF_OPEN, until=now + PROBE_LEASE)

    def after(self, worked: bool, now: dt.datetime) -> "Breaker":
        """Return the breaker after a call ended at ``now``."""
        if self.state is BreakerState.OPEN:
            # A call that began before it opened; the probe decides, not the past.
            return self
        if self.state is BreakerState.HALF_OPEN:
            return Breaker() if worked else self._open(now)
        recent = (self.recent + (_WORKED if worked else _FAILED))[-WINDOW:]
        if len(recent) >= FEWEST_CALLS and recent.count(_FAILED) * 2 >= len(recent) and not worked:
            return self._open(now)
        return dataclasses.replace(self, recent=recent)

    def unanswered(self, now: dt.datetime) -> "Breaker":
        """Return the breaker after a call that never reached the plugin: no lesson, and a probe may go again now."""
        if self.state is BreakerState.HALF_OPEN:
            return dataclasses.replace(self, state=BreakerState.OPEN, until=now)
        return self

    def _open(self, now: dt.datetime) -> "Breaker":
        rest = min(FIRST_REST * 2**self.rests, LONGEST_REST)
        return Breaker(state=BreakerState.OPEN, rests=self.rests + 1, until=now + rest)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckedSetting:
    """One plugin of one council's providers.toml, checked against the plugin itself; ready to be stored.

    ``config`` names secrets by environment variable; ``manifest`` and ``config_schema`` are the plugin's, as JSON data,
    at ``version`` of its distribution.
    """

    plugin: str
    provider: str
    state: EnablementState
    config: Mapping[str, Any]
    version: str
    manifest: Mapping[str, Any]
    config_schema: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class EnabledPlugin:
    """A plugin as a council enabled it. ``is_suspended`` by the council's file or by an operator in an emergency;
    ``health`` is what the plugin said at ``health_at``, if it was asked."""

    plugin: str
    provider_id: uuid.UUID
    version: str
    config: Mapping[str, Any]
    manifest: ProviderManifest
    is_suspended: bool
    breaker: Breaker
    health: Health | None = None
    health_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Waiting:
    """The plugin was not called, and should be after ``after``: ``code`` is ``suspended`` or ``breaker_open``.

    Waiting is no failed attempt; the job that meets it comes back and loses nothing.
    """

    code: str
    after: dt.timedelta
