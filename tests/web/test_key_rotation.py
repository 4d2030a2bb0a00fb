"""Master keys are rotated by the commands of docs/operate.md while gunicorn serves, and no page fails."""

import json
import pathlib
import shutil
import subprocess
import time
from collections.abc import Iterator

import pytest

from parley.app import create_app
from parley.cli.key_checks import keys_in_use
from parley.db.keys import Ring
from support.deployment import deployment
from support.keyed import KeyedDeployment, page_of, rotating
from support.served import asked_all_the_time, clean_environment, gunicorn
from support.staff import Officer

#: Keys of cases, more than are wrapped anew while a process is being killed.
MANY = 8000

RINGS = [ring.value for ring in Ring]


@pytest.fixture
def here(tmp_path: pathlib.Path, own_database: str) -> Iterator[KeyedDeployment]:
    """The deployment, which nobody serves yet."""
    deployed = KeyedDeployment(tmp_path, own_database)
    yield deployed
    deployed.database.dispose()


def test_pages_go_on_before_meanwhile_and_after(here: KeyedDeployment) -> None:
    first = here.case("Said under the old key.")
    old = {ring: here.ids(ring)[0] for ring in RINGS}
    with gunicorn(here.environ) as port:
        visitor = here.visitor(port)
        pages = {page_of(first): "Said under the old key.", f"/council/cases/{first.id}": first.reference}
        with asked_all_the_time(visitor, pages) as came:
            for ring in RINGS:
                assert old[ring] in here.keys("add", ring)
            assert "not used yet" in here.doctor()["master keys in use"]
            for ring in RINGS:
                assert "Nothing was changed" in here.keys("rotate", ring, "--reason", "Yearly", "--dry-run")
                assert "No key" in here.rotate(ring)
            second = here.case("Said under the new key.")
            # The processes that serve were started before there was a new key, and read what it wrapped.
            for _ in range(8):
                status, text = visitor.get(page_of(second))
                assert (status, "Said under the new key." in text) == (200, True)
            for ring in RINGS:
                assert "not needed any more" in here.doctor()[f"{ring} keys in use"]
                here.keys("drop", ring, old[ring])
                assert old[ring] not in here.ids(ring)
            assert visitor.get("/readyz")[0] == 200
            until = time.monotonic() + 1
            while time.monotonic() < until:
                time.sleep(0.1)
        assert len(came) > 10
        assert [one for one in came if one[1:] != (200, True)] == []
    # Who starts now never has the old keys.
    fresh = create_app(here.settings)
    officer = Officer(fresh.test_client(), here.council)
    officer.sign_in(here.make)
    for case, words in ((first, "Said under the old key."), (second, "Said under the new key.")):
        assert words in officer.get(page_of(case)).text
    fresh.extensions["parley"].database.dispose()


def test_a_machine_that_was_forgotten_is_sent_nobody_until_it_has_the_file(
    here: KeyedDeployment, tmp_path: pathlib.Path
) -> None:
    there = tmp_path / "there"
    there.mkdir()
    forgotten = deployment(there, here.settings.login_urls)
    app = create_app(forgotten)
    ask = app.test_client()
    here.keys("add", "master")
    assert ask.get("/readyz").status_code == 200
    here.rotate("master")
    assert ask.get("/readyz").status_code == 503
    steps = {finding.part: finding.next_step for finding in keys_in_use(forgotten)}
    assert "Copy the key file" in steps["master keys in use"]
    shutil.copy(here.settings.master_key_file, forgotten.master_key_file)
    assert ask.get("/readyz").status_code == 200
    app.extensions["parley"].database.dispose()


def test_a_rotation_that_is_killed_is_finished_by_the_next(here: KeyedDeployment) -> None:
    case = here.case("Said before.")
    (old,) = here.ids("compartment")
    here.plant_case_keys(MANY)
    here.keys("add", "compartment")
    command, environ = rotating("compartment"), clean_environment() | here.environ
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as run:
        assert run.stderr
        assert run.stderr.readline()
        run.kill()
    (left,) = [one["behind"] for one in json.loads(here.keys("status", "--json")) if one["ring"] == "compartment"]
    assert 0 < left < MANY
    assert "goes on where it was" in here.doctor()["compartment keys in use"]
    assert here.officer.get(page_of(case)).status_code == 200
    refused = here.keys("drop", "compartment", old, code=2)
    assert f"{left} keys are wrapped by" in refused
    assert f"{left:,} keys were wrapped anew" in here.rotate("compartment")
    assert "Said before." in here.officer.get(page_of(case)).text
