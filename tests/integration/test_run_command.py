"""`parley run` as a newcomer uses it: first start, second start, Ctrl-C, kill -9, a busy port, and afresh."""

import contextlib
import os
import pathlib
import re
import signal
import socket
import subprocess
from collections.abc import Iterator

import pytest

from parley.db import embedded
from support.running import COMMAND, wait_until
from support.signin_server import ROOT
from support.starting import Place, a_place, seconds, started

pytestmark = [pytest.mark.alone, pytest.mark.timeout(480)]


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with a_place() as made:
        yield made


def test_the_first_start_serves_pages_and_ctrl_c_ends_all_of_it(place: Place) -> None:
    with started(place) as (process, said):
        assert place.get("/readyz") == 200
        assert f"http://derby.localhost:{place.port}/ " in said
        assert f"http://derby.localhost:{place.port}/council " in said
        assert "coordinator1" in said
        assert len(place.marked()) >= 5
        looked = subprocess.run(
            [*COMMAND, "doctor"], cwd=ROOT, env=place.environ, capture_output=True, text=True, check=False, timeout=60
        )
        assert looked.returncode == 0, looked.stdout
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert place.marked() == []
    assert not embedded.has_processes(place.data / "postgres")


def test_the_second_start_is_quick(place: Place) -> None:
    with started(place):
        pass
    with started(place) as (_process, said):
        assert said.count("nothing to do") >= 3
        assert seconds(said) < 5


def test_a_program_that_dies_is_started_again(place: Place) -> None:
    with started(place) as (_process, _said):
        inbox = next(pid for pid in place.marked() if b"inbox" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(inbox, signal.SIGKILL)

        def takes_mail_again() -> bool:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", int(place.environ["PARLEY_SMTP_URL"].split(":")[-1])), 1).close()
                return True
            return False

        wait_until("the end is reported", lambda: "ended (signal SIGKILL)" in (place.data / "said.txt").read_text(), 10)
        wait_until("mail is taken again", takes_mail_again, 20)


def test_a_killed_database_comes_back_by_itself(place: Place) -> None:
    with started(place) as (_process, _said):
        os.kill(int((place.data / "postgres/cluster/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        wait_until("the database answers", lambda: embedded.is_running(place.data / "postgres"), 20)
        wait_until("pages are ready", lambda: place.get("/readyz") == 200, 20)


def test_after_kill_9_nothing_goes_on_and_the_next_start_works(place: Place) -> None:
    with started(place) as (process, _said):
        process.kill()
        process.wait(10)
    with started(place) as (_process, said):
        assert place.get("/readyz") == 200
        assert seconds(said) < 15
    with started(place) as (process, _said):
        process.kill()
        process.wait(10)
        wait_until("every program ends", lambda: not place.marked(), 20)
        wait_until("the database stops", lambda: not embedded.has_processes(place.data / "postgres"), 20)


def test_a_second_start_beside_the_first_is_refused(place: Place) -> None:
    with started(place) as (process, _said):
        second = subprocess.run(
            [*COMMAND, "run"], cwd=ROOT, env=place.environ, capture_output=True, text=True, check=False, timeout=60
        )
        assert second.returncode == 1
        assert f"process {process.pid}" in second.stdout
        assert place.get("/readyz") == 200


def test_a_busy_port_is_named_with_its_holder_and_the_way_round(place: Place) -> None:
    with socket.socket() as busy:
        busy.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        busy.bind(("127.0.0.1", place.port))
        busy.listen()
        refused = subprocess.run(
            [*COMMAND, "run"], cwd=ROOT, env=place.environ, capture_output=True, text=True, check=False, timeout=60
        )
    assert refused.returncode == 1
    assert f"Port {place.port}, for web pages, is taken by" in refused.stdout
    assert f"process {os.getpid()}" in refused.stdout
    assert re.search(r"PARLEY_PORT=\d+ make run", refused.stdout)


def test_production_is_not_started_this_way(place: Place) -> None:
    environ = place.environ | {
        "PARLEY_MODE": "production",
        "PARLEY_BASE_DOMAIN": "parley.example",
        "PARLEY_MASTER_KEY_FILE": "/nonexistent",
        "PARLEY_SECRET_KEY_FILE": "/nonexistent",
        "PARLEY_MAIL_FROM": "no-reply@parley.example",
    }
    for arguments in (["run"], ["inbox"], ["reset", "--yes"]):
        refused = subprocess.run(
            [*COMMAND, *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60
        )
        assert refused.returncode == 1, arguments
        assert "demonstration" in refused.stderr


def test_reset_stops_what_runs_and_leaves_strangers_files(place: Place) -> None:
    (place.data / "mine.txt").write_text("not Parley's")
    with started(place) as (process, _said):
        done = subprocess.run(
            [*COMMAND, "reset", "--yes"],
            cwd=ROOT,
            env=place.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
        )
        assert done.returncode == 0, done.stderr
        assert process.wait(10) == 0
    assert sorted(path.name for path in place.data.iterdir()) == ["mine.txt", "said.txt"]
