"""`parley run` as a newcomer uses it: first start, second start, Ctrl-C, kill -9, a busy port, and afresh."""

import contextlib
import dataclasses
import http.client
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

import pytest

from parley.cli.supervision import MARK
from parley.db import embedded
from support.signin_server import free_port
from support.unprivileged import run_as_nobody

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from parley.cli import main; main()"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


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


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with _place() as made:
        yield made


@contextlib.contextmanager
def _place() -> Iterator[Place]:
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
def _started(place: Place) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Start, wait until it says it is ready, give the process and what it said; end it if the test did not."""
    with (place.data / "said.txt").open("w+") as said:
        process = subprocess.Popen([*COMMAND, "run"], cwd=ROOT, env=place.environ, stdout=said, stderr=said, text=True)
        try:
            deadline = time.monotonic() + 120
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


def _seconds(said: str) -> float:
    found = re.search(r"Ready after ([\d.]+) s", said)
    assert found is not None
    return float(found[1])


def _wait_for(what: str, seconds: float, happened: "object") -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if callable(happened) and happened():
            return
        time.sleep(0.1)
    pytest.fail(f"within {seconds:g} s did not happen: {what}")


def test_the_first_start_serves_pages_and_ctrl_c_ends_all_of_it(place: Place) -> None:
    with _started(place) as (process, said):
        assert place.get("/readyz") == 200
        assert f"http://derby.localhost:{place.port}" in said
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
    with _started(place):
        pass
    with _started(place) as (_process, said):
        assert said.count("nothing to do") >= 3
        assert _seconds(said) < 5


def test_a_program_that_dies_is_started_again(place: Place) -> None:
    with _started(place) as (_process, _said):
        inbox = next(pid for pid in place.marked() if b"inbox" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(inbox, signal.SIGKILL)

        def takes_mail_again() -> bool:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", int(place.environ["PARLEY_SMTP_URL"].split(":")[-1])), 1).close()
                return True
            return False

        _wait_for("the end is reported", 10, lambda: "ended (signal SIGKILL)" in (place.data / "said.txt").read_text())
        _wait_for("mail is taken again", 20, takes_mail_again)


def test_a_killed_database_comes_back_by_itself(place: Place) -> None:
    with _started(place) as (_process, _said):
        os.kill(int((place.data / "postgres/cluster/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        _wait_for("the database answers", 20, lambda: embedded.is_running(place.data / "postgres"))
        _wait_for("pages are ready", 20, lambda: place.get("/readyz") == 200)


def test_after_kill_9_nothing_goes_on_and_the_next_start_works(place: Place) -> None:
    with _started(place) as (process, _said):
        process.kill()
        process.wait(10)
    with _started(place) as (_process, said):
        assert place.get("/readyz") == 200
        assert _seconds(said) < 15
    with _started(place) as (process, _said):
        process.kill()
        process.wait(10)
        _wait_for("every program ends", 20, lambda: not place.marked())
        _wait_for("the database stops", 20, lambda: not embedded.has_processes(place.data / "postgres"))


def test_a_second_start_beside_the_first_is_refused(place: Place) -> None:
    with _started(place) as (process, _said):
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


def test_an_ordinary_user_starts_it_just_the_same() -> None:
    program = (
        "import os, signal, subprocess, sys\n"
        "names = ('PARLEY_PORT', 'PARLEY_SMTP_URL', 'PARLEY_DEMO_SIGNIN_PORT')\n"
        "os.environ.update(zip(names, sys.argv[1:]))\n"
        "command = [sys.executable, '-c', 'from parley.cli import main; main()', 'run']\n"
        "process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)\n"
        "for line in process.stdout:\n"
        "    sys.stdout.write(line)\n"
        "    if 'Ready after' in line:\n"
        "        process.send_signal(signal.SIGINT)\n"
        "sys.exit(process.wait())\n"
    )
    ports = [str(free_port()), f"smtp://127.0.0.1:{free_port()}", str(free_port())]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        home = pathlib.Path(name)
        home.chmod(0o777)
        done = run_as_nobody(["-c", program, *ports], home=home, timeout=150)
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"Data: {home}/.local/state/parley" in done.stdout
        assert "Ready after" in done.stdout


@pytest.mark.timeout(480)
def test_a_broken_council_stops_no_start_and_is_named_at_each(tmp_path: pathlib.Path) -> None:
    tenants = tmp_path / "tenants"
    shutil.copytree(ROOT / "tenants", tenants)
    rules, unreadable = tenants / "derby" / "policy.toml", tenants / "rutland" / "policy.toml"
    good = rules.read_text(encoding="utf-8")
    broken = good.replace('kind = "listed"', 'kind = "sorted"')
    with _place() as place:
        place.environ["PARLEY_TENANTS"] = str(tenants)
        rules.write_text(broken, encoding="utf-8")
        unreadable.write_bytes(b"\xff\xfe")
        with _started(place) as (_process, said):
            _is_told_of(rules, said)
            assert str(unreadable) in said
            # Never loaded, they are left out, and so are their cases; the others are there with theirs.
            found = [place.get("/", f"{council}.localhost") for council in ("derby", "rutland", "staffordshire")]
            assert found == [404, 404, 200]
        rules.write_text(good, encoding="utf-8")
        shutil.copy(ROOT / "tenants" / "rutland" / "policy.toml", unreadable)
        with _started(place) as (_process, said):
            assert "kept out" not in said
            assert place.get("/", "derby.localhost") == 200
        rules.write_text(broken, encoding="utf-8")
        for _start in ("the one that loads", "one that has nothing to load"):
            with _started(place) as (_process, said):
                _is_told_of(rules, said)
                assert place.get("/rules", "derby.localhost") == 200


def _is_told_of(rules: pathlib.Path, said: str) -> None:
    assert "Some files were kept out; the rest runs:" in said
    assert re.search(rf"{re.escape(str(rules))}:\d+: areas.kind: found 'sorted'; allowed: one of:", said), said


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
    with _started(place) as (process, _said):
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
