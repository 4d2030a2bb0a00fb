"""The HTTP client that a plugin is given: the standard library's, which follows no redirect and reads no proxy."""

import datetime as dt
import http.client
import json as json_text
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from parley.plugin_api.context import Clock, HttpResponse
from parley.plugin_api.errors import Permanent, Retryable
from parley.plugin_host.confinement import Guard

LARGEST_ANSWER = 1024 * 1024
LONGEST_WAIT_SECONDS = 20.0


class GuardedHttpClient:
    """``parley.plugin_api.context.HttpClient`` for one call: within its deadline, to allowed places only."""

    def __init__(self, guard: Guard, clock: Clock, deadline: dt.datetime) -> None:
        """Ask ``guard`` what is allowed, and never wait beyond ``deadline``."""
        self._guard = guard
        self._clock = clock
        self._deadline = deadline

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, json: Any = None
    ) -> HttpResponse:
        """Send one request; see the protocol for errors. Plain http only where private addresses are allowed."""
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if parts.scheme not in {"https", "http"} or not self._guard.allows(host, port):
            raise Permanent("not_allowed", "that address is not in the manifest's reaches")
        body = None if json is None else json_text.dumps(json).encode()
        sent = {"Accept": "application/json", **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = self._connection(parts.scheme, host, port)
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            content = answer.read(LARGEST_ANSWER + 1)
        except TimeoutError as error:
            raise Retryable("http_timeout", "the provider's system did not answer in time") from error
        except (ssl.SSLError, socket.gaierror, http.client.HTTPException, ConnectionError) as error:
            raise Retryable("unreachable", f"no whole answer came: {type(error).__name__}") from error
        finally:
            connection.close()
        if len(content) > LARGEST_ANSWER:
            raise Permanent("answer_too_large", f"the answer is over {LARGEST_ANSWER} bytes")
        return HttpResponse(
            status=answer.status, headers={name.lower(): value for name, value in answer.getheaders()}, body=content
        )

    def _connection(self, scheme: str, host: str, port: int) -> http.client.HTTPConnection:
        remaining = (self._deadline - self._clock.now()).total_seconds()
        if remaining <= 0:
            raise Retryable("http_timeout", "no time is left before the deadline")
        timeout = min(remaining, LONGEST_WAIT_SECONDS)
        if scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
        return http.client.HTTPConnection(host, port, timeout=timeout)
