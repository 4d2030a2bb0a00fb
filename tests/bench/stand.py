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
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

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

WORKERS, THREADS = 2, 8
READY_SECONDS = 60.0


#: While very many rows are written at once: what is lost by a crash is made anew, and nobody waits for an answer.
_LOADING = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_wal_size": "'8GB'",
    "checkpoint_timeout": "'1h'",
    # A batch of planned cases stays in memory, and so does an index that is made of all there is.
    "temp_buffers": "'64MB'",
    "maintenance_work_mem": "'512MB'",
}

#: Indexes that hold nothing together, and only find: as their statements.
_FINDING = """
SELECT i.schemaname || '.' || quote_ident(i.indexname), i.indexdef FROM pg_indexes i
JOIN pg_class c ON c.relname = i.indexname AND c.relnamespace = i.schemaname::regnamespace
JOIN pg_index x ON x.indexrelid = c.oid AND NOT x.indisunique
WHERE i.schemaname = 'public' ORDER BY pg_total_relation_size(x.indrelid) DESC
"""
_TEMPLATE = "parley_template"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Deployed:
    """A database of Parley's, and the settings of a Parley that uses it. ``admin`` is the superuser's address."""

    settings: Settings
    admin: str

    def tidy(self) -> None:
        """Have the planner know what was written, and nothing left to clean up while measuring."""
        with psycopg.connect(self.admin, autocommit=True) as admin:
            tables = admin.execute(
                "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' ORDER BY pg_table_size(oid) DESC"
            ).fetchall()
        self._each(f"VACUUM ANALYZE {table}" for (table,) in tables)
        self._each(["CHECKPOINT"])

    @contextlib.contextmanager
    def unindexed(self) -> Iterator[None]:
        """Have the tables without their indexes in this block, but for unique ones; they are made again at its end.

        Made of all rows at once an index costs a third of what it costs row by row.
        """
        with psycopg.connect(self.admin) as admin:
            indexes = admin.execute(_FINDING).fetchall()
            for name, _ in indexes:
                admin.execute(f"DROP INDEX {name}".encode())
        yield
        self._each(statement for _, statement in indexes)

    def _each(self, statements: Iterable[str]) -> None:
        """Run statements as the superuser, each by itself, as many at once as there are processors."""
        every, processors = list(statements), os.cpu_count() or 1

        def run(some: Iterable[str]) -> None:
            with psycopg.connect(self.admin, autocommit=True) as admin:
                for statement in some:
                    admin.execute(statement.encode())

        with ThreadPoolExecutor(processors) as threads:
            list(threads.map(run, (every[number::processors] for number in range(processors))))

    def size(self) -> int:
        """Return how many bytes the database takes on the disk."""
        with psycopg.connect(self.admin) as admin:
            (size,) = admin.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
            return int(size)


class Stand:
    """A PostgreSQL server in a folder, whose databases come and go with it."""

    def __init__(self, server: str, folder: pathlib.Path) -> None:
        """Take the superuser's address, and the folder for what a deployment keeps in files."""
        self._server, self._folder = server, folder
        prepare(_new_database(server, _TEMPLATE), PASSWORDS)

    def deploy(self, name: str, *, like: str = _TEMPLATE) -> Deployed:
        """Return a new deployment: migrated and empty, or a copy of the one of the name ``like``, which nobody uses."""
        admin = _new_database(self._server, name, like=like)
        allow_copying(admin)
        data = self._folder / name
        data.mkdir(mode=0o700)
        return Deployed(settings=deployment(data, logins_of(admin)), admin=admin)

    def floor(self) -> tuple[str, str]:
        """Make the floor's database; return the superuser's address and that of the login its pages use."""
        admin = _new_database(self._server, "floor")
        return admin, prepare_floor(admin)

    @contextlib.contextmanager
    def loading(self) -> Iterator[None]:
        """Have the server write as fast as it can in this block; afterwards everything is on the disk."""
        self._set(f"SET {name} = {value}" for name, value in _LOADING.items())
        try:
            yield
        finally:
            self._set(f"RESET {name}" for name in _LOADING)
            os.sync()

    def _set(self, changes: Iterable[str]) -> None:
        with psycopg.connect(self._server, autocommit=True) as admin:
            for change in changes:
                admin.execute(f"ALTER SYSTEM {change}".encode())
            admin.execute("SELECT pg_reload_conf()")
            admin.execute("CHECKPOINT")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Server:
    """A gunicorn that serves on ``port``."""

    port: int
    pid: int

    def peak_memory(self) -> float:
        """Return the most memory that any of its processes ever held, in MB."""
        return max(_kilobytes(pid, "VmHWM") for pid in self._workers()) / 1024

    def memory(self) -> int:
        """Return the memory that all of its processes hold now, in kB."""
        return sum(_kilobytes(pid, "VmRSS") for pid in self._workers())

    def _workers(self) -> list[int]:
        return [int(pid) for pid in pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]


@contextlib.contextmanager
def stand() -> Iterator[Stand]:
    """Give a server for the length of this block; it and all that was written there are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        top = pathlib.Path(folder)
        # Passable: under root the database runs as another user.
        top.chmod(0o711)
        with embedded.running(top / "postgres") as server:
            yield Stand(server, top)


@contextlib.contextmanager
def parley_server(deployed: Deployed, *, workers: int = WORKERS) -> Iterator[Server]:
    """Serve Parley as in production; only TLS, which a proxy would end, is left out."""
    settings = deployed.settings
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
        "PARLEY_WEB_THREADS": str(THREADS),
        # As fast as it goes is what is measured.
        "PARLEY_API_REQUESTS_PER_SECOND": str(MOST_REQUESTS_PER_SECOND),
        "PARLEY_CHECK_REQUESTS_PER_SECOND": str(MOST_REQUESTS_PER_SECOND),
        **{LOGIN_VARIABLES[login]: url for login, url in settings.login_urls.items()},
    }
    with _gunicorn("wsgi:app", ROOT, environ, "--preload", ready="/readyz", workers=workers) as server:
        yield server


@contextlib.contextmanager
def floor_server(database: str) -> Iterator[Server]:
    """Serve the floor in the same way, over the ``database`` as its login reaches it."""
    environ = {"FLOOR_DATABASE": database}
    with _gunicorn("floor:app", pathlib.Path(__file__).parent, environ, ready="/hello") as server:
        yield server


@contextlib.contextmanager
def _gunicorn(
    app: str, folder: pathlib.Path, environ: Mapping[str, str], *options: str, ready: str, workers: int = WORKERS
) -> Iterator[Server]:
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--workers", str(workers), "--threads", str(THREADS), "--worker-tmp-dir", "/dev/shm"),  # noqa: S108
        # Longer than any answer takes: a connection that is closed while a request comes in counts as a failure.
        *("--keep-alive", "60", "--no-control-socket", "--log-level", "warning", *options),
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


def allow_copying(database: str) -> None:
    """Let the login of council pages write very many cases: in temporary tables, on trust. In service it may not."""
    with psycopg.connect(database) as admin:
        app = sql.Identifier(ROLES["app"])
        admin.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(sql.Identifier(admin.info.dbname), app))
        admin.execute(sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(app))


def _new_database(server: str, name: str, *, like: str = "template1") -> str:
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(like)
            )
        )
    return f"{server.rpartition('/')[0]}/{name}"


def _kilobytes(pid: int, what: str) -> int:
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:"))


def processor_time(pid: int) -> float:
    """Return for how many seconds a process was on a processor so far."""
    return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
