"""The server that starts by itself: started by many, killed, and found again with everything it acknowledged."""

import multiprocessing
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

import psycopg
import pytest

from parley.db import embedded, server_programs
from support.unprivileged import NOBODY, run_as_nobody

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def folder() -> Iterator[pathlib.Path]:
    """A folder that another user may pass through, which pytest's own temporary folders are not."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="parley-embedded-"))
    path.chmod(0o755)
    yield path / "postgres"
    embedded.stop(path / "postgres")
    shutil.rmtree(path)


def _postmaster(folder: pathlib.Path) -> int:
    return int((folder / "cluster" / "postmaster.pid").read_text().split()[0])


def _note(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists noted (word text)")
        connection.execute("insert into noted values ('kept')")


def _noted(url: str) -> list[tuple[str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("select word from noted").fetchall()


def test_a_started_server_answers_until_it_is_stopped(folder: pathlib.Path) -> None:
    assert not embedded.is_running(folder)
    url = embedded.start(folder)
    assert embedded.is_running(folder)
    with psycopg.connect(url) as connection:
        assert connection.execute("select current_user, inet_server_addr()::text").fetchone() == (
            "postgres",
            "127.0.0.1/32",
        )
    embedded.stop(folder)
    assert not embedded.is_running(folder)


def test_a_password_is_asked_for(folder: pathlib.Path) -> None:
    embedded.start(folder)
    port = (folder / "port").read_text()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://postgres:guessed@127.0.0.1:{port}/postgres")


def test_the_second_start_finds_the_first_server_and_its_port(folder: pathlib.Path) -> None:
    url = embedded.start(folder)
    pid = _postmaster(folder)
    assert embedded.start(folder) == url
    embedded.stop(folder)
    assert embedded.start(folder) == url, "a restart keeps its port while that is free"
    assert _postmaster(folder) != pid


def test_what_was_acknowledged_survives_kill_9(folder: pathlib.Path) -> None:
    url = embedded.start(folder)
    _note(url)
    os.kill(_postmaster(folder), signal.SIGKILL)
    assert _noted(embedded.start(folder)) == [("kept",)]


def test_a_pid_file_that_names_a_living_stranger_is_not_believed(folder: pathlib.Path) -> None:
    url = embedded.start(folder)
    _note(url)
    pid_file = folder / "cluster" / "postmaster.pid"
    left = pid_file.read_text().split("\n", 1)[1]
    os.kill(_postmaster(folder), signal.SIGKILL)
    account = server_programs.server_account(folder / "cluster")
    as_server = {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
    with subprocess.Popen(["/usr/bin/sleep", "60"], **as_server) as stranger:
        pid_file.write_text(f"{stranger.pid}\n{left}")
        try:
            assert _noted(embedded.start(folder)) == [("kept",)]
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_four_starters_at_once_share_one_server(folder: pathlib.Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        urls = pool.map(embedded.start, [folder] * 4)
        pool.close()
        pool.join()
    assert len(set(urls)) == 1
    assert embedded.is_running(folder)


def test_another_port_is_taken_when_the_last_one_is_busy(folder: pathlib.Path) -> None:
    url = embedded.start(folder)
    _note(url)
    embedded.stop(folder)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", int((folder / "port").read_text())))
        other.listen()
        moved = embedded.start(folder)
    assert moved != url
    assert _noted(moved) == [("kept",)]


def test_an_interrupted_first_start_leaves_nothing_in_the_way(folder: pathlib.Path) -> None:
    (folder / "making-left" / "cluster").mkdir(parents=True)
    (folder / "superuser.password").write_text("never used")
    embedded.start(folder)
    assert not (folder / "making-left").exists()


def test_the_server_stops_when_its_keeper_process_is_killed(folder: pathlib.Path) -> None:
    program = (
        "import sys, pathlib, signal\n"
        "from parley.db import embedded\n"
        "with embedded.running(pathlib.Path(sys.argv[1])) as url:\n"
        "    print(url, flush=True)\n"
        "    signal.pause()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, folder], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        url = holder.stdout.readline().strip()
        _note(url)
        holder.kill()
    deadline = time.monotonic() + 10
    while embedded.is_running(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not embedded.is_running(folder)
    assert _noted(embedded.start(folder)) == [("kept",)]


def test_a_later_caller_takes_the_server_over_from_a_killed_one(folder: pathlib.Path) -> None:
    with embedded.running(folder) as url:
        earlier = (folder / "keeper").read_text()
        with subprocess.Popen(
            [sys.executable, "-m", "parley.db.embedded", folder, "an earlier claim"], stdin=subprocess.DEVNULL
        ) as abandoned:
            assert abandoned.wait(timeout=20) == 0
        assert (folder / "keeper").read_text() == earlier
        assert embedded.is_running(folder)
        _note(url)
    assert not embedded.is_running(folder)


def test_the_log_keeps_neither_statements_nor_values(folder: pathlib.Path) -> None:
    with psycopg.connect(embedded.start(folder), autocommit=True) as connection:
        connection.execute("create table person (name text primary key)")
        connection.execute("insert into person values ('Canary')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into person values ('Canary')")
    log = (folder / "cluster" / "server.log").read_text()
    assert "duplicate key" in log
    assert "Canary" not in log


def test_an_ordinary_user_starts_a_server_of_their_own(folder: pathlib.Path) -> None:
    folder.parent.chmod(0o777)
    program = (
        "import sys, pathlib\n"
        "from parley.db import embedded\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "print(embedded.start(folder), embedded.is_running(folder))\n"
        "embedded.stop(folder)\n"
    )
    done = run_as_nobody(["-c", program, str(folder)], home=folder.parent, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("True\n")
    assert (folder / "cluster").stat().st_uid == NOBODY


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's server runs as that user, who made the folder")
def test_a_folder_that_the_server_cannot_enter_is_named_with_the_way_round(tmp_path: pathlib.Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    tmp_path.chmod(0o755)
    with pytest.raises(embedded.EmbeddedServerError) as refused:
        embedded.start(closed / "data" / "postgres")
    assert "chmod o+x" in str(refused.value)
    assert "PARLEY_DATA=" in str(refused.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_programs_that_the_server_cannot_reach_are_copied_beside_the_data(
    folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = server_programs.find_programs()
    account = server_programs.server_account(folder / "cluster")
    assert account is not None
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:  # as a clone below /root: 0700
        package = installed.folder.parent.parent
        hidden = pathlib.Path(name) / package.name
        hidden.mkdir()
        (hidden / installed.folder.parent.name).symlink_to(installed.folder.parent)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            hidden.with_name(libraries.name).symlink_to(libraries)
        unreachable = server_programs.Programs(hidden / installed.folder.parent.name / "bin", installed.major)
        monkeypatch.setattr(embedded, "find_programs", lambda major: unreachable)
        url = embedded.start(folder)
        assert list(folder.glob("programs-*"))
        _note(url)


def test_programs_older_than_the_data_are_refused_by_name() -> None:
    with pytest.raises(embedded.EmbeddedServerError, match=r"PostgreSQL 9 is needed and not installed \(found: .*18"):
        server_programs.find_programs(9)
