"""First starts of `parley run` unlike most: by an ordinary user, and with councils whose files are broken."""

import pathlib
import re
import shutil
import tempfile

import pytest

from support.signin_server import ROOT, free_port
from support.starting import a_place, started
from support.unprivileged import run_as_nobody

pytestmark = pytest.mark.timeout(480)

#: The councils of a small deployment, with what they share.
KEPT = {"derby", "rutland", "staffordshire", "providers", "regions"}


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
        done = run_as_nobody(["-c", program, *ports], home=home, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"Data: {home}/.local/state/parley" in done.stdout
        assert "Ready after" in done.stdout


def test_a_broken_council_stops_no_start_and_is_named_at_each(tmp_path: pathlib.Path) -> None:
    tenants = tmp_path / "tenants"
    for name in KEPT:
        shutil.copytree(ROOT / "tenants" / name, tenants / name)
    shutil.copy(ROOT / "tenants" / "platform.toml", tenants)
    rules, unreadable = tenants / "derby" / "policy.toml", tenants / "rutland" / "policy.toml"
    good = rules.read_text(encoding="utf-8")
    broken = good.replace('kind = "listed"', 'kind = "sorted"')
    with a_place() as place:
        place.environ["PARLEY_TENANTS"] = str(tenants)
        rules.write_text(broken, encoding="utf-8")
        unreadable.write_bytes(b"\xff\xfe")
        with started(place) as (_process, said):
            _is_told_of(rules, said)
            assert str(unreadable) in said
            # Never loaded, they are left out, and so are their cases; the others are there with theirs.
            found = [place.get("/", f"{council}.localhost") for council in ("derby", "rutland", "staffordshire")]
            assert found == [404, 404, 200]
        rules.write_text(good, encoding="utf-8")
        shutil.copy(ROOT / "tenants" / "rutland" / "policy.toml", unreadable)
        with started(place) as (_process, said):
            assert "kept out" not in said
            assert place.get("/", "derby.localhost") == 200
        rules.write_text(broken, encoding="utf-8")
        for _start in ("the one that loads", "one that has nothing to load"):
            with started(place) as (_process, said):
                _is_told_of(rules, said)
                assert place.get("/rules", "derby.localhost") == 200


def _is_told_of(rules: pathlib.Path, said: str) -> None:
    assert "Some files were kept out; the rest runs:" in said
    assert re.search(rf"{re.escape(str(rules))}:\d+: areas.kind: found 'sorted'; allowed: one of:", said), said
