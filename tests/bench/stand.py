"""Where the measuring happens: a PostgreSQL that keeps what it acknowledges, and gunicorn in front of an application.

Everything lies in one temporary folder, listens on the loopback alone, and is gone at the end.
"""

import contextlib
import dataclasses
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping

import psycopg
from psycopg import sql

from bench.floor import prepare_floor
from parley.db import embedded
from parley.db.prepare import prepare
from parley.db.walls import ROLES
from parley.settings import LOGIN_VARIABLES, MOST_REQUESTS_PER_SECOND, Settings
from support.database import PASSWORDS, ROOT, logins_of
from support.deployment import deployment
from support.signin_server import free_port

WORKERS, THREADS = 2, 4
READY_SECONDS = 60.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stand:
    """The databases, and the settings of a Parley that uses one of them."""

    settings: Settings
    parley_admin: str
    floor_admin: str
    floor_login: str

    def tidy(self) -> None:
        """Have the planner know what was written, and nothing left to clean up while measuring."""
        with psycopg.connect(self.parley_admin, autocommit=True) as admin:
            admin.execute("VACUUM ANALYZE")
            admin.execute("CHECKPOINT")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Server:
    """A gunicorn that serves on ``port``."""

    port: int
    pid: int

    def peak_memory(self) -> float:
        """Return the most memory that any of its processes ever held, in MB."""
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return max(_peak_kilobytes(int(pid)) for pid in children) / 1024


@contextlib.contextmanager
def stand() -> Iterator[Stand]:
    """Give both databases, migrated and empty, for the length of this block."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        top = pathlib.Path(folder)
        # Passable: under root the database runs as another user.
        top.chmod(0o711)
        with embedded.running(top / "postgres") as server:
            admins = [_new_database(server, name) for name in ("parley_bench", "floor_bench")]
            prepare(admins[0], PASSWORDS)
            _allow_copying(admins[0])
            (top / "data").mkdir(mode=0o700)
            yield Stand(
                settings=deployment(top / "data", logins_of(admins[0])),
                parley_admin=admins[0],
                floor_admin=admins[1],
                floor_login=prepare_floor(admins[1]),
            )


@contextlib.contextmanager
def parley_server(stand: Stand) -> Iterator[Server]:
    """Serve Parley as in production; only TLS, which a proxy would end, is left out."""
    settings = stand.settings
    environ = {
        "PARLEY_MODE": "production",
        "PARLEY_DATA": str(settings.data),
        "PARLEY_BASE_DOMAIN": settings.base_domain,
        "PARLEY_TENANTS": str(settings.tenants),
        "PARLEY_MASTER_KEY_FILE": str(settings.master_key_file),
        "PARLEY_COMPARTMENT_KEY_FILE": str(settings.compartment_key_file),
        "PARLEY_SECRET_KEY_FILE": str(settings.secret_key_file),
        "PARLEY_SMTP_URL": settings.smtp_url,
        "PARLEY_MAIL_FROM": settings.mail_from,
        # As fast as it goes is what is measured.
        "PARLEY_API_REQUESTS_PER_SECOND": str(MOST_REQUESTS_PER_SECOND),
        "PARLEY_CHECK_REQUESTS_PER_SECOND": str(MOST_REQUESTS_PER_SECOND),
        **{LOGIN_VARIABLES[login]: url for login, url in settings.login_urls.items()},
    }
    with _gunicorn("wsgi:app", ROOT, environ, "--preload", ready="/readyz") as server:
        yield server


@contextlib.contextmanager
def floor_server(stand: Stand) -> Iterator[Server]:
    """Serve the floor in the same way."""
    environ = {"FLOOR_DATABASE": stand.floor_login}
    with _gunicorn("floor:app", pathlib.Path(__file__).parent, environ, ready="/hello") as server:
        yield server


@contextlib.contextmanager
def _gunicorn(
    app: str, folder: pathlib.Path, environ: Mapping[str, str], *options: str, ready: str
) -> Iterator[Server]:
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--workers", str(WORKERS), "--threads", str(THREADS), "--worker-tmp-dir", "/dev/shm"),  # noqa: S108
        *("--no-control-socket", "--log-level", "warning", *options),
    ]
    known = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "DATABASE_URL"))}
    process = subprocess.Popen(command, cwd=folder, env=known | environ)
    try:
        _wait_for(f"http://127.0.0.1:{port}{ready}", process)
        yield Server(port=port, pid=process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  our own address
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.2)


def _allow_copying(database: str) -> None:
    """Let the login of council pages make the temporary tables that cases are copied by; in service it may not."""
    with psycopg.connect(database) as admin:
        admin.execute(
            sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(
                sql.Identifier(admin.info.dbname), sql.Identifier(ROLES["app"])
            )
        )


def _new_database(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{server.rpartition('/')[0]}/{name}"


def _peak_kilobytes(pid: int) -> int:
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
