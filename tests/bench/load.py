"""Sending requests as fast as they are answered, with wrk, over the loopback alone."""

import contextlib
import dataclasses
import functools
import http.client
import json
import os
import pathlib
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

SCRIPT = pathlib.Path(__file__).with_name("load.lua")
CONNECTIONS = 4
#: A slow answer is measured; only none at all is a failure.
TIMEOUT_SECONDS = 30


class LoadFailedError(Exception):
    """Requests failed, or wrk did; the message says what it said."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measured:
    """What one run measured. Latencies are in milliseconds."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    failed: int
    refused: int = 0
    """Those that were answered with 429. They count as requests."""

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


def raw_request(
    method: str,
    path: str,
    host: str,
    *,
    cookies: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    json_body: object = None,
) -> bytes:
    """Return a whole HTTP request as it goes over the wire, on a connection of its own.

    So does a reverse proxy send it (docs/operate.md): gunicorn's processes then share what comes. A connection that is
    kept stays with the process that took it, and now and then one process has them all.
    """
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close"]
    body = b""
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    if form is not None:
        body, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
    elif json_body is not None:
        body, kind = json.dumps(json_body).encode(), "application/json"
    if body:
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def send(
    port: int,
    requests: Iterable[bytes],
    *,
    seconds: float,
    once: bool = False,
    connections: int = CONNECTIONS,
    may_be_refused: bool = False,
) -> Measured:
    """Send ``requests`` to ``port`` for ``seconds``, over and over unless ``once``; return what was measured.

    Raises LoadFailedError when any request got an error, or none at all. Where they ``may_be_refused``, an answer that
    says 429 is no error and is counted.
    """
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"".join(request + b"\0" for request in requests))
        file.flush()
        done = subprocess.run(
            [
                "wrk",
                "-t1",
                f"-c{connections}",
                f"-d{seconds:.0f}s",
                "--latency",
                f"--timeout={TIMEOUT_SECONDS}s",
                "-s",
                SCRIPT,
                f"http://127.0.0.1:{port}/",
            ],
            env=os.environ
            | {"REQUESTS": file.name, "ONCE": str(int(once)), "MAY_BE_REFUSED": str(int(may_be_refused))},
            capture_output=True,
            text=True,
            timeout=seconds + 2 * TIMEOUT_SECONDS,
            check=False,
        )
    answer = next((line for line in done.stdout.splitlines() if line.startswith("{")), None)
    if done.returncode != 0 or answer is None:
        raise LoadFailedError(f"wrk said: {done.stdout}{done.stderr}")
    measured = Measured(**json.loads(answer))
    if measured.failed or not measured.requests:
        raise LoadFailedError(f"{measured.failed} of {measured.requests} requests failed")
    return measured


def warm(port: int, requests: Iterable[bytes]) -> None:
    """Send each of ``requests`` once, whatever is answered: a process that has answered before keeps what it keeps."""
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        for _ in threads.map(functools.partial(_answer, port), requests):
            pass


def _answer(port: int, request: bytes) -> bytes:
    with contextlib.closing(socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS)) as connection:
        connection.sendall(request)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.read()
