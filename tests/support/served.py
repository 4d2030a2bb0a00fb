"""Parley as a deployment serves it: gunicorn in a process of its own, and somebody signed in who asks it for pages."""

import contextlib
import dataclasses
import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence

from support.signin_server import ROOT, free_port

READY_SECONDS = 60


@dataclasses.dataclass(frozen=True, kw_only=True)
class Visitor:
    """A browser that is signed in on one host of a served deployment."""

    port: int
    host: str
    cookie: str

    def get(self, path: str) -> tuple[int, str]:
        """Return the status and the text of a page."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            asking.request("GET", path, headers={"Host": f"{self.host}:{self.port}", "Cookie": f"parley={self.cookie}"})
            answer = asking.getresponse()
            return answer.status, answer.read().decode()
        finally:
            asking.close()


@contextlib.contextmanager
def gunicorn(environ: Mapping[str, str], *, workers: int = 2) -> Iterator[int]:
    """Serve the deployment of ``environ`` as docs/operate.md says; give the port."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--workers", str(workers), "--threads", "8", "--no-control-socket", "--preload", "--log-level", "warning"),
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=clean_environment() | environ | {"PARLEY_PORT": str(port)})
    try:
        _wait_for(Visitor(port=port, host="localhost", cookie=""), process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what would say which deployment is meant."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "DATABASE_URL"))}


@contextlib.contextmanager
def asked_all_the_time(visitor: Visitor, pages: Mapping[str, str]) -> Iterator[Sequence[tuple[str, int, bool]]]:
    """Ask for ``pages`` (path to what it has to say) over and over in this block.

    Gives what came so far: the path, the status, and whether the page said it.
    """
    came: list[tuple[str, int, bool]] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            for path, said in pages.items():
                status, text = visitor.get(path)
                came.append((path, status, said in text))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield came
    finally:
        over.set()
        asking.join(60)


def _wait_for(anybody: Visitor, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_SECONDS
    while True:
        with contextlib.suppress(OSError):
            if anybody.get("/readyz")[0] == 200:
                return
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"gunicorn is not ready; it ended with {process.poll()}")
        time.sleep(0.2)
