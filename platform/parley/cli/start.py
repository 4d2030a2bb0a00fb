"""What a start on this machine does before programs run, one step after another, skipping what is done already."""

import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psycopg

from parley.cli.authority import SOME_KEPT_OUT
from parley.cli.checkout import ROOT
from parley.cli.demo_signin import client_environment, make_client_keys
from parley.cli.key_files import make_key_file
from parley.cli.listeners import holder_of
from parley.cli.supervision import end_leftovers
from parley.db import embedded
from parley.settings import Settings


class StartError(Exception):
    """A step failed. ``mend`` says what the person can do about it."""

    def __init__(self, what: str, mend: str) -> None:
        """Keep what failed and what to do."""
        super().__init__(what)
        self.mend = mend


@dataclasses.dataclass
class Start:
    """What the steps of one start share."""

    settings: Settings
    environ: dict[str, str]
    stack: contextlib.ExitStack
    admin_url: str = ""
    skipped: bool = False
    warnings: list[str] = dataclasses.field(default_factory=list)

    @property
    def data(self) -> pathlib.Path:
        """The folder that everything this deployment keeps lies in."""
        return self.settings.data

    def parley(self, *arguments: str, warns_with: int | None = None) -> None:
        """Run a ``parley`` command to its end. Raises StartError with what it said.

        A command that ends with ``warns_with`` did what it could; what it said is kept in ``warnings``.
        """
        done = subprocess.run(
            [*parley_command(), *arguments],
            cwd=ROOT,
            # The one kind of program that may create logins.
            env=self.environ | ({"DATABASE_URL": self.settings.admin_url} if self.settings.admin_url else {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if warns_with is not None and done.returncode == warns_with:
            self.warnings.append(done.stderr.strip())
        elif done.returncode != 0:
            log = self.data / "logs" / f"{'-'.join(arguments)}.log"
            log.write_text(done.stdout + done.stderr)
            end = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
            raise StartError(
                f"`parley {' '.join(arguments)}` failed. It ended with (all of it: {log}):\n\n{end}",
                "Mend what it says and start again. What was stored is safe; `make reset` begins afresh without it.",
            )

    def once(self, name: str, state: str, do: Callable[[], None]) -> None:
        """Do it unless it was done for the same ``state`` before. What it warned of is said again at the next start."""
        path = self.data / "run" / "done.json"
        done = json.loads(path.read_text()) if path.exists() else {}
        if done.get(name) == state:
            self.skipped = True
            return
        warned = len(self.warnings)
        do()
        if len(self.warnings) > warned:
            return
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(done | {name: state}, indent=2))
        fresh.replace(path)


def parley_command() -> list[str]:
    """Return how to call ``parley`` with the interpreter that runs now."""
    return [sys.executable, "-c", "from parley.cli import main; main()"]


def make_data_folder(start: Start) -> None:
    """Make the data folder, passable for the account that runs the database, and take it for this start alone."""
    try:
        start.data.mkdir(parents=True, exist_ok=True)
        start.data.chmod(0o711)
        for name in ("run", "keys", "logs", "cache"):
            private = start.data / name
            private.mkdir(exist_ok=True)
            private.chmod(0o700)
        start.stack.enter_context(_claim(start.data))
    except PermissionError as error:
        raise StartError(
            f"{error.filename} belongs to somebody else.",
            "Choose another data folder: PARLEY_DATA=$HOME/parley-data make run",
        ) from None


@contextlib.contextmanager
def _claim(data: pathlib.Path) -> Iterator[None]:
    path = claim_file(data)
    with path.open("a+") as claim:
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartError(
                f"Parley runs already for {data} (process {path.read_text().strip()}).",
                "Use that one, or stop it with Ctrl-C where it was started.",
            ) from None
        claim.truncate(0)
        claim.write(str(os.getpid()))
        claim.flush()
        yield


def claim_file(data: pathlib.Path) -> pathlib.Path:
    """Return the file that a running start holds locked; it says the process's id."""
    return data / "run" / "parley.pid"


def end_earlier_programs(start: Start) -> None:
    """End what a start that was killed left running."""
    start.skipped = not end_leftovers(start.data)


def make_keys(start: Start) -> None:
    """Make the keys that a demonstration needs and does not have."""
    settings = start.settings
    made = [
        make_key_file(path)
        for path in (settings.master_key_file, settings.compartment_key_file, settings.secret_key_file)
    ]
    made.append(make_client_keys(start.data / "keys"))
    # A variable that is set by hand wins: somebody may try a sign-in of their own.
    start.environ = client_environment(start.data / "keys") | start.environ
    start.skipped = not any(made)


def check_ports(start: Start) -> None:
    """Raise StartError when a port is busy: by whom, and the way round it."""
    settings = start.settings
    for port, use, way_round in (
        (settings.port, "web pages", "PARLEY_PORT={free} make run"),
        (_smtp_port(settings), "the local inbox", "PARLEY_SMTP_URL=smtp://127.0.0.1:{free} make run"),
        (settings.demo_signin_port, "the demonstration sign-in", "PARLEY_DEMO_SIGNIN_PORT={free} make run"),
    ):
        holder = holder_of(port)
        if holder is not None:
            free = next(other for other in range(port + 1, 65536) if holder_of(other) is None)
            raise StartError(
                f"Port {port}, for {use}, is taken by {holder}.",
                f"Stop that program, or use another port: {way_round.format(free=free)}",
            )


def _smtp_port(settings: Settings) -> int:
    return urlsplit(settings.smtp_url).port or 25


def start_database(start: Start) -> None:
    """Start the embedded server, or reach the one that DATABASE_URL names."""
    if start.settings.admin_url is None:
        try:
            start.admin_url = start.stack.enter_context(embedded.running(start.data / "postgres"))
        except embedded.EmbeddedServerError as error:
            raise StartError(str(error), "Then start again: make run") from None
        return
    start.admin_url = start.settings.admin_url
    try:
        psycopg.connect(start.admin_url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        raise StartError(
            f"The database that DATABASE_URL names does not answer: {error}",
            "Start it, correct DATABASE_URL, or unset it to use the embedded one.",
        ) from None


def prepare_database(start: Start) -> None:
    """Create the logins and bring the schema up to date."""
    # The address changes with the port, and so do the logins' addresses.
    state = _digest(start.admin_url, database_identity(start), _code("migrations", "platform/parley/db"))
    start.once("database", state, lambda: start.parley("db", "prepare"))


def load_councils(start: Start) -> None:
    """Bring the database in line with the tenants folder."""
    state = _digest(database_identity(start), _code("platform/parley"), _tenant_files(start))
    start.once("councils", state, lambda: start.parley("authority", "load", warns_with=SOME_KEPT_OUT))


def load_cases(start: Start) -> None:
    """Make the demonstration's cases, once for this database and the councils that its files describe."""
    state = _digest(database_identity(start), _tenant_files(start))
    start.once("cases", state, lambda: start.parley("demo", "load"))


def database_identity(start: Start) -> str:
    """Return what tells this database from one that was made anew at the same address."""
    with psycopg.connect(start.admin_url) as connection:
        found = connection.execute(
            "SELECT (SELECT system_identifier FROM pg_control_system()), oid FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
    return str(found)


def _tenant_files(start: Start) -> str:
    """Return a fingerprint of the tenants folder."""
    files = (path for path in sorted(start.settings.tenants.rglob("*")) if path.is_file())
    # As bytes: a file that is not UTF-8 is a problem of its council, and the load says so.
    return _digest(*(f"{path}\n{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files))


def _code(*folders: str) -> str:
    """Return a fingerprint of the program's own files in ``folders``."""
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return _digest(*(f"{path}\n{path.read_text()}" for path in sorted(files)))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
