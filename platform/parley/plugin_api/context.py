"""What the host hands to hooks that act: council, configuration, HTTP, time, log, key and deadline; nothing else."""

import dataclasses
import datetime as dt
import json as json_text
import logging
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from parley.plugin_api.errors import Permanent, Retryable


class Config(Mapping[str, Any]):
    """A council's configuration, loaded by the plugin's own schema. Shows its keys when printed, never its values."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        """Keep a copy of ``values``."""
        self._values = dict(values)

    def __getitem__(self, key: str) -> Any:
        """Return the loaded value; KeyError for a key that the schema does not load."""
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys."""
        return iter(self._values)

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._values)

    def __repr__(self) -> str:
        """Name the keys only: a secret in a traceback is a secret lost."""
        return f"Config({', '.join(sorted(self._values))})"


class Clock(Protocol):
    """Where the present comes from; plugins never ask the machine."""

    def now(self) -> dt.datetime:
        """Return the present moment, aware, in UTC."""
        ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class HttpResponse:
    """An answer, read whole. ``headers`` has lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def raise_for_status(self) -> None:
        """Return for 2xx. Raise Retryable for 408, 425, 429 and 5xx (with Retry-After in seconds), else Permanent."""
        if 200 <= self.status < 300:
            return
        message = f"the provider's system answered {self.status}"
        if self.status in {408, 425, 429} or self.status >= 500:
            wait = self.headers.get("retry-after", "")
            after = dt.timedelta(seconds=min(int(wait), 86_400)) if wait.isascii() and wait.isdigit() else None
            raise Retryable(f"http_{self.status}", message, after=after)
        raise Permanent(f"http_{self.status}", message)

    def json(self) -> Any:
        """Return the parsed body; Permanent("malformed_body") if it is not JSON."""
        try:
            return json_text.loads(self.body)
        except ValueError as error:
            raise Permanent("malformed_body", "the provider's system answered with something not JSON") from error


class HttpClient(Protocol):
    """The only way out. TLS, no redirects, no proxies, only to the manifest's ``reaches``, never past the deadline."""

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, json: Any = None
    ) -> HttpResponse:
        """Send one request; ``json`` becomes the body. Any status is an answer.

        Raises Retryable("unreachable" or "http_timeout") when no whole answer came, Permanent("not_allowed") when the
        address is not in ``reaches``, Permanent("answer_too_large") beyond one mebibyte.
        """
        ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class PluginContext:
    """Handed to every hook that acts, made anew for each call.

    ``authority`` is the council's slug. ``idempotency_key`` stays the same over all retries of one command: pass it
    on, so that the provider's system acts once. ``deadline`` (aware, UTC) is when the host kills this process.
    ``log`` reaches the operator; it must not hold anything personal.
    """

    authority: str
    config: Config
    http: HttpClient
    clock: Clock
    log: logging.Logger
    idempotency_key: str
    deadline: dt.datetime

    def remaining(self) -> dt.timedelta:
        """Return how long this call may still take; never negative."""
        return max(self.deadline - self.clock.now(), dt.timedelta(0))
