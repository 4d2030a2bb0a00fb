"""The PostgreSQL server that starts by itself, below the data folder, when DATABASE_URL names no other.

It listens on 127.0.0.1 alone, asks for a password (scram), and keeps what it acknowledged through kill -9 and power
loss. Any number of processes may call ``start`` at the same time. Whether a server runs is found out by connecting
and by looking at the processes themselves, never from ``postmaster.pid``, which lies right after a kill.

Inside the folder: ``cluster/`` (PostgreSQL's own data, owned by the account that runs it), ``superuser.password``,
``port`` (kept from one start to the next while it is free), ``lock`` and ``keeper`` (see ``running``).
"""

import contextlib
import fcntl
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

import psycopg

from parley.db.server_programs import (
    Account,
    EmbeddedServerError,
    Programs,
    find_programs,
    reachable_programs,
    require_reachable,
    server_account,
)

__all__ = ["EmbeddedServerError", "has_processes", "is_running", "running", "start", "stop"]

#: The log keeps no statements and no row values: they would carry people's names into a plain file.
_LOG_WITHOUT_PERSONAL_DATA = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}

_CONFIGURATION = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    **_LOG_WITHOUT_PERSONAL_DATA,
}

#: For tests: a crash may lose everything, commits cost next to nothing, and many test runs share the server.
_THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "400"}

_LOG_KEPT_BYTES = 10_000_000


def start(folder: pathlib.Path, *, throwaway: bool = False, timeout: float = 60.0) -> str:
    """Start the server in ``folder`` unless it runs already; return the superuser's address as a libpq URL.

    Makes the database on first use. ``timeout`` is in seconds and covers recovery after a crash. The server goes on
    when the caller ends. A ``throwaway`` server is fast and keeps nothing through a crash: for tests alone. Raises
    EmbeddedServerError.
    """
    folder = folder.resolve()
    with _locked(folder):
        return _started(folder, throwaway=throwaway, timeout=timeout)


@contextlib.contextmanager
def running(folder: pathlib.Path, *, throwaway: bool = False, timeout: float = 60.0) -> Iterator[str]:
    """Keep the server in ``folder`` running inside the block; give the superuser's address as a libpq URL.

    The server stops at the end of the block, and also when this process is killed outright: a keeper process waits
    for that. A later caller takes the server over from the keeper of an earlier one.
    """
    folder = folder.resolve()
    claim = secrets.token_hex(8)
    with _locked(folder):
        (folder / "keeper").write_text(claim)
        url = _started(folder, throwaway=throwaway, timeout=timeout)
    keeper = subprocess.Popen(
        [sys.executable, "-m", "parley.db.embedded", folder, claim],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield url
    finally:
        stop(folder)
        keeper.communicate()


def stop(folder: pathlib.Path, *, timeout: float = 30.0) -> None:
    """Stop the server in ``folder``: at once for its clients, in order for its data. Does nothing if none runs."""
    folder = folder.resolve()
    if folder.exists():
        with _locked(folder):
            _stop(folder / "cluster", timeout)


def is_running(folder: pathlib.Path) -> bool:
    """Tell whether the server in ``folder`` accepts connections now."""
    folder = folder.resolve()
    return (folder / "port").exists() and _answers(_url(folder), folder / "cluster")


def has_processes(folder: pathlib.Path) -> bool:
    """Tell whether any process of the server in ``folder`` lives, ready or not: cheap enough to ask all the time."""
    return bool(_processes(folder.resolve() / "cluster"))


def _started(folder: pathlib.Path, *, throwaway: bool, timeout: float) -> str:
    cluster = folder / "cluster"
    account = server_account(cluster)
    require_reachable(folder, account)
    made = cluster / "PG_VERSION"
    programs = find_programs(int(made.read_text()) if made.exists() else None)
    programs = reachable_programs(programs, account, folder)
    if not made.exists():
        _make_cluster(folder, programs, account)
    deadline = time.monotonic() + timeout
    launches = 0
    while time.monotonic() < deadline:
        if (folder / "port").exists() and _answers(_url(folder), cluster):
            return _url(folder)
        # Processes without an answer: starting, recovering, or the last backends of a killed server. Wait for them;
        # starting beside them is what PostgreSQL itself refuses.
        if not _processes(cluster):
            if launches == 5:
                break
            launches += 1
            (cluster / "postmaster.pid").unlink(missing_ok=True)
            _launch(folder, programs, account, _THROWAWAY if throwaway else {})
        time.sleep(0.05)
    raise EmbeddedServerError(f"The database in {cluster} does not start. Its log ends:\n{_log_end(cluster)}")


def _make_cluster(folder: pathlib.Path, programs: Programs, account: Account | None) -> None:
    """Make the database beside its final place and move it there, so that an interrupted attempt leaves no half."""
    for left in folder.glob("making-*"):
        shutil.rmtree(left, ignore_errors=True)
    password = secrets.token_urlsafe(24)
    with tempfile.TemporaryDirectory(dir=folder, prefix="making-", ignore_cleanup_errors=True) as name:
        making = pathlib.Path(name)
        cluster, handed = making / "cluster", making / "password"
        cluster.mkdir(mode=0o700)
        handed.touch(mode=0o600)
        handed.write_text(password)
        if account is not None:
            for path in (making, cluster, handed):
                os.chown(path, account.uid, account.gid)
        made = _run(
            [programs.folder / "initdb", "--pgdata", cluster, "--username=postgres", "--encoding=UTF8", "--locale=C"]
            + ["--auth=scram-sha-256", f"--pwfile={handed}", "--no-instructions"],
            account,
        )
        if made.returncode != 0:
            raise EmbeddedServerError(f"The database could not be made in {folder}. initdb said:\n{made.stdout}")
        kept = folder / "superuser.password"
        kept.touch(mode=0o600)
        kept.write_text(password)
        cluster.rename(folder / "cluster")


def _launch(folder: pathlib.Path, programs: Programs, account: Account | None, extra: dict[str, str]) -> None:
    """Start the server as a daemon, without waiting for it to answer."""
    cluster = folder / "cluster"
    log = cluster / "server.log"
    if log.exists() and log.stat().st_size > _LOG_KEPT_BYTES:
        log.replace(cluster / "server.log.1")
    (folder / "port").write_text(str(_free_port(folder)))
    settings = _CONFIGURATION | extra | {"port": (folder / "port").read_text()}
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    _run([programs.folder / "pg_ctl", "-D", cluster, "-W", "-l", log, "-o", options, "start"], account)


def _stop(cluster: pathlib.Path, timeout: float) -> None:
    # Fast (SIGINT) ends the clients and writes a checkpoint; immediate (SIGQUIT) leaves that to the next start.
    for how in (signal.SIGINT, signal.SIGQUIT):
        deadline = time.monotonic() + timeout
        for pid in _postmaster(cluster):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
        while time.monotonic() < deadline:
            if not _processes(cluster):
                return
            time.sleep(0.02)
    raise EmbeddedServerError(f"The database in {cluster} does not stop: processes {sorted(_processes(cluster))}.")


def _postmaster(cluster: pathlib.Path) -> set[int]:
    """Return the server's main process, or every process of ``cluster`` when the main one is gone."""
    everything = _processes(cluster)
    with contextlib.suppress(OSError, ValueError, IndexError):
        main = int((cluster / "postmaster.pid").read_text().splitlines()[0])
        if main in everything:
            return {main}
    return everything


def _processes(cluster: pathlib.Path) -> set[int]:
    """Return the ids of the postgres processes that work in ``cluster``; each of them has it as its folder."""
    found = set()
    for process in pathlib.Path("/proc").iterdir():
        if process.name.isdecimal():
            with contextlib.suppress(OSError):
                program = os.readlink(process / "exe").removesuffix(" (deleted)")
                if os.path.basename(program) == "postgres" and os.readlink(process / "cwd") == str(cluster):
                    found.add(int(process.name))
    return found


def _answers(url: str, cluster: pathlib.Path) -> bool:
    """Tell whether ``url`` reaches the server of ``cluster``, and not another one that has its port now."""
    try:
        with psycopg.connect(url, connect_timeout=2, autocommit=True) as connection:
            served = connection.execute("show data_directory").fetchone()
    except psycopg.OperationalError:
        return False
    return served == (str(cluster),)


def _url(folder: pathlib.Path) -> str:
    password = (folder / "superuser.password").read_text()
    return f"postgresql://postgres:{password}@127.0.0.1:{(folder / 'port').read_text()}/postgres"


def _free_port(folder: pathlib.Path) -> int:
    """Return the last port if it is still free, else any free one."""
    last = int((folder / "port").read_text() or 0) if (folder / "port").exists() else 0
    for port in (last, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise EmbeddedServerError("No free port on 127.0.0.1 for the database.")


def _run(command: list[Any], account: Account | None) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as ``account``; what it prints is in ``stdout``."""
    stand_in: dict[str, Any] = (
        {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
    )
    with tempfile.TemporaryFile("w+") as said:
        # A file and not a pipe: the server inherits it from pg_ctl, and a pipe would stay open as long as it runs.
        done = subprocess.run(
            command,
            check=False,
            cwd="/",
            # PGPORT, PGDATA and their like would steer the programs away from what they are told here.
            env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            **stand_in,
        )
        said.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, said.read())


def _log_end(cluster: pathlib.Path) -> str:
    try:
        return (cluster / "server.log").read_text(errors="replace")[-2000:]
    except FileNotFoundError:
        return "(there is no log)"


@contextlib.contextmanager
def _locked(folder: pathlib.Path) -> Iterator[None]:
    """Hold ``folder`` against every other process that starts or stops its server."""
    folder.mkdir(parents=True, exist_ok=True)
    # The account that runs the server passes through; only root and the owner may look around.
    folder.chmod(0o711)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _keep(folder: pathlib.Path, claim: str) -> None:
    """Wait until the process that holds the other end of standard input is gone; then stop what it left running."""
    sys.stdin.buffer.read()
    with _locked(folder):
        if (folder / "keeper").read_text() == claim:
            _stop(folder / "cluster", timeout=30.0)


if __name__ == "__main__":
    _keep(pathlib.Path(sys.argv[1]), sys.argv[2])
