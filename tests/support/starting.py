"""Starting Parley as a newcomer does, with ``parley run``, in a place of a test's own."""

import contextlib
import dataclasses
import http.client
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator

from parley.cli.supervision import MARK
from parley.db import embedded
from support.running import COMMAND
from support.signin_server import ROOT, free_port

#: How long a start may take: two slow cores, shared with other work. Tests that measure one read what it says itself.
READY_SECONDS = 240.0


@dataclasses.dataclass
class Place:
    """A data folder and ports of a test's own."""

    data: pathlib.Path
    environ: dict[str, str]
    port: int

    def get(self, path: str, host: str = "localhost") -> int:
        """Return the status of a page."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("GET", path, headers={"Host": f"{host}:{self.port}"})
            return connection.getresponse().status

    def marked(self) -> list[int]:
        """Return the processes that were started for this data folder."""
        mark = f"{MARK}={self.data}".encode()
        found = []
        for process in pathlib.Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if process.name.isdecimal() and mark in (process / "environ").read_bytes().split(b"\0"):
                    found.append(int(process.name))
        return found


@contextlib.contextmanager
def a_place() -> Iterator[Place]:
    """Give a place that nobody used before; what was started there ends with the block."""
    data = pathlib.Path(tempfile.mkdtemp(prefix="parley-run-"))
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "DATABASE_URL"))}
    environ |= {
        "PARLEY_DATA": str(data),
        "PARLEY_PORT": str(port),
        "PARLEY_SMTP_URL": f"smtp://127.0.0.1:{free_port()}",
        "PARLEY_DEMO_SIGNIN_PORT": str(free_port()),
    }
    yield Place(data, environ, port)
    embedded.stop(data / "postgres")
    shutil.rmtree(data, ignore_errors=True)


@contextlib.contextmanager
def started(place: Place) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Start, wait until it says it is ready, give the process and what it said; end it if the test did not."""
    with (place.data / "said.txt").open("w+") as said:
        process = subprocess.Popen([*COMMAND, "run"], cwd=ROOT, env=place.environ, stdout=said, stderr=said, text=True)
        try:
            deadline = time.monotonic() + READY_SECONDS
            while process.poll() is None and time.monotonic() < deadline:
                if "Ready after" in (place.data / "said.txt").read_text():
                    break
                time.sleep(0.05)
            text = (place.data / "said.txt").read_text()
            assert "Ready after" in text, text
            yield process, text
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(60)


def seconds(said: str) -> float:
    """Return how long a start took that said ``said``."""
    found = re.search(r"Ready after ([\d.]+) s", said)
    assert found is not None
    return float(found[1])
