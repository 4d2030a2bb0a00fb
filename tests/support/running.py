"""Everything of a demonstration, started by ``parley run`` as a newcomer does, on ports and data of a test's own."""

import contextlib
import dataclasses
import email
import email.policy
import os
import pathlib
import re
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator
from email.message import EmailMessage
from typing import TypeVar
from urllib.parse import urlsplit

import psycopg

from parley.cli.supervision import MARK
from parley.db import embedded
from parley.notifications import local_inbox
from parley.notifications.local_inbox import InboxMessage
from support.signin_server import ROOT, free_port

Found = TypeVar("Found")

COMMAND = (sys.executable, "-c", "from parley.cli import main; main()")

#: How long anything may take that happens behind the pages, in seconds: two slow cores, shared with other work.
PATIENCE = 60.0

#: The words in a program's command line by which it is known among those of one data folder.
PROGRAMS = {
    "inbox": "inbox",
    "sign-in": "server.mjs",
    "worker": "worker",
    "plugins": "serve",
    "web": "gunicorn",
}


@dataclasses.dataclass(frozen=True)
class RunningParley:
    """A running demonstration: its addresses, the mail it sent, its programs, and everything it wrote down."""

    data: pathlib.Path
    port: int
    smtp_port: int
    signin_port: int

    def url(self, site: str, path: str = "") -> str:
        """Return the address of ``path`` on a site ("derby", "providers", ...; "" is the front page's)."""
        return f"http://{f'{site}.' if site else ''}localhost:{self.port}{path}"

    def mail(self, recipient: str | None = None) -> tuple[InboxMessage, ...]:
        """Return what was sent (to ``recipient``), newest first."""
        return local_inbox.messages(self.data / "inbox", recipient=recipient, limit=10_000)

    def wait_for_mail(self, recipient: str, saying: str, *, after: Collection[InboxMessage] = ()) -> InboxMessage:
        """Return the newest message to ``recipient`` whose subject or text has ``saying``, once it is there.

        ``after`` are those that were there before.
        """

        def found() -> InboxMessage | None:
            fresh = (one for one in self.mail(recipient) if one not in after)
            return next((one for one in fresh if saying in f"{one.subject}\n{one.text}"), None)

        return wait_until(f"a message to {recipient} says {saying!r}", found)

    def sources(self) -> Iterator[tuple[str, str]]:
        """Return the name and the whole text of every message, attachments decoded, and of every log."""
        for path in sorted((self.data / "inbox").glob("*.eml")):
            yield path.name, _whole_text(path)
        for path in sorted((self.data / "logs").glob("*")):
            yield path.name, path.read_text(errors="replace")

    def database(self) -> "psycopg.Connection[tuple[object, ...]]":
        """Return a superuser's connection: to let time pass or hold somebody up, never to do what a page should."""
        return psycopg.connect(embedded.start(self.data / "postgres"), autocommit=True)

    def hurry(self) -> None:
        """Let the time pass that jobs were told to wait before they are tried again."""
        with self.database() as connection:
            connection.execute("UPDATE jobs.procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")

    def is_held_up(self) -> bool:
        """Tell whether some program waits for a lock in the database."""
        with self.database() as connection:
            waits = connection.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            return waits.fetchone() is not None

    def jobs(self, task: str, *, tried: bool = False) -> int:
        """Return how many jobs of tasks with ``task`` in their names are not done (``tried``: and failed before)."""
        with self.database() as connection:
            found = connection.execute(
                "SELECT count(*) FROM jobs.procrastinate_jobs WHERE status IN ('todo', 'doing')"
                " AND strpos(task_name, %s) > 0 AND attempts >= %s",
                (task, int(tried)),
            ).fetchone()
        assert found
        return int(str(found[0]))

    def processes(self, program: str) -> list[int]:
        """Return the processes of a program (a key of PROGRAMS)."""
        mark, word = f"{MARK}={self.data}".encode(), PROGRAMS[program].encode()
        found = []
        for process in pathlib.Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if process.name.isdecimal() and mark in (process / "environ").read_bytes().split(b"\0"):
                    command = (process / "cmdline").read_bytes().split(b"\0")
                    if any(part == word or part.endswith(b"/" + word) for part in command):
                        found.append(int(process.name))
        return sorted(found)

    def kill(self, program: str) -> None:
        """Kill a program as hard as can be; ``parley run`` starts it again."""
        for pid in self.processes(program):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    @contextlib.contextmanager
    def without(self, program: str) -> Iterator[None]:
        """Have a program that listens on a port be out of reach inside the block, and wait until it is back after.

        It is killed, and what takes its port, so that it cannot start again, hangs up on everybody.
        """
        port = {"inbox": self.smtp_port, "sign-in": self.signin_port}[program]
        self.kill(program)
        with wait_until(f"the port of {program} is free", lambda: _hanging_up(port)) as stand_in:
            threading.Thread(target=stand_in.serve_forever, args=(0.05,), daemon=True).start()
            yield
            stand_in.shutdown()
        wait_until(f"{program} is back", lambda: self.processes(program) and _answers(port))

    def restart_database(self) -> None:
        """End the database at once, with whatever it was doing; ``parley run`` starts it again."""
        postmaster = self.data / "postgres" / "cluster" / "postmaster.pid"
        before = postmaster.read_text().splitlines()[0]
        os.kill(int(before), signal.SIGQUIT)
        wait_until(
            "the database is another one", lambda: postmaster.exists() and postmaster.read_text().split()[0] != before
        )
        wait_until("the database is back", lambda: embedded.is_running(self.data / "postgres"))


def wait_until(what: str, happened: Callable[[], Found | None], seconds: float = PATIENCE) -> Found:
    """Return the first true value of ``happened``; fail with ``what`` when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = happened()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"within {seconds:g} s did not happen: {what}")


@contextlib.contextmanager
def running_parley() -> Iterator[RunningParley]:
    """Start everything, wait until it is ready, and end all of it after the block."""
    # Not below the tests' own folder, which the account that runs the database may not enter.
    data = pathlib.Path(tempfile.mkdtemp(prefix="parley-e2e-"))
    parley = RunningParley(data, free_port(), free_port(), free_port())
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "DATABASE_URL"))}
    environ |= {
        "PARLEY_DATA": str(data),
        "PARLEY_PORT": str(parley.port),
        "PARLEY_SMTP_URL": f"smtp://127.0.0.1:{parley.smtp_port}",
        "PARLEY_DEMO_SIGNIN_PORT": str(parley.signin_port),
    }
    with (data / "said.txt").open("w") as said:
        process = subprocess.Popen([*COMMAND, "run"], cwd=ROOT, env=environ, stdout=said, stderr=said)
        try:
            _wait_until_ready(process, data / "said.txt")
            yield parley
        finally:
            process.terminate()
            process.wait(60)
            embedded.stop(data / "postgres")
            shutil.rmtree(data, ignore_errors=True)


def _wait_until_ready(process: "subprocess.Popen[bytes]", said: pathlib.Path) -> None:
    def ready() -> bool:
        if process.poll() is not None:
            raise AssertionError(f"parley run ended: {said.read_text()}")
        return "Ready after" in said.read_text()

    wait_until("parley run is ready", ready, seconds=240)


class _HangingUp(socketserver.TCPServer):
    """A server that takes calls and ends each without a word."""

    allow_reuse_address = True


def _hanging_up(port: int) -> _HangingUp | None:
    with contextlib.suppress(OSError):
        return _HangingUp(("127.0.0.1", port), socketserver.BaseRequestHandler)
    return None


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _whole_text(path: pathlib.Path) -> str:
    """Return a message's headers and every part of it as text, whatever it was encoded as for the way."""
    found = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
    headers = "\n".join(f"{name}: {value}" for name, value in found.items())
    parts = [part.get_payload(decode=True) for part in found.walk() if not part.is_multipart()]
    return "\n".join([headers, *(part.decode(errors="replace") for part in parts if isinstance(part, bytes))])


def link_in(message: InboxMessage) -> str:
    """Return the path of the first link in a message."""
    found = re.search(r"https?://\S+", message.text)
    assert found, message.text
    parts = urlsplit(found[0].rstrip(".,)>"))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
