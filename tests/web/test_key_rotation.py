"""Master keys are rotated by the commands of docs/operate.md while gunicorn serves, and no page fails."""

import json
import pathlib
import shutil
import subprocess
import time
from collections.abc import Iterator

import psycopg
import pytest
from click.testing import CliRunner

from parley.app import create_app
from parley.cli.key_checks import key_files, keys_in_use
from parley.cli.keys import keys
from parley.compartment.domain import MessageChannel
from parley.compartment.service import send_message
from parley.db.keys import Ring, key_id, read_master_keys
from parley.db.scope import Side, compartment_scope, platform_scope
from parley.db.session import Database
from parley.kernel.clock import SystemClock
from parley.kernel.ids import new_id
from parley.tenancy.service import ensure_platform_key
from support.database import logins_of
from support.deployment import deployment, environment_of
from support.factories import Factory, MadeCase
from support.family import served_council
from support.running import COMMAND
from support.served import Visitor, asked_all_the_time, clean_environment, gunicorn
from support.staff import Officer, told_case

#: Keys of cases, more than are wrapped anew while a process is being killed.
MANY = 8000

RINGS = [ring.value for ring in Ring]


class Deployment:
    """A council with a case and an officer, in a database of its own, and commands that stand before it."""

    def __init__(self, folder: pathlib.Path, admin_url: str) -> None:
        self.admin_url = admin_url
        self.settings = deployment(folder, logins_of(admin_url))
        self.environ = environment_of(self.settings)
        # Another process than those that serve: it wraps what is new.
        self.app = create_app(self.settings)
        self.database: Database = self.app.extensions["parley"].database
        with self.database.begin(platform_scope()) as session:
            ensure_platform_key(session, SystemClock().now())
        self.make = Factory(self.database, SystemClock())
        self.council = served_council(self.make)
        self.officer = Officer(self.app.test_client(), self.council)
        self.officer.sign_in(self.make)

    def case(self, words: str) -> MadeCase:
        """Make a case in which the council's thread has these words."""
        case = told_case(self.make, self.council)
        scope = compartment_scope(
            case.authority.id, case.authority.id, case.id, side=Side.COUNCIL, person_id=self.officer.identity_id
        )
        with self.database.begin(scope) as session:
            channel = MessageChannel.COUNCIL_PROVIDER
            actor, now = self.officer.actor, SystemClock().now()
            send_message(session, actor=actor, at=now, channel=channel, body=words)
        return case

    def plant_case_keys(self, count: int) -> None:
        """Put keys of cases into the database, as many as a council has after years."""
        vault, council = self.database.vaults[Ring.COMPARTMENT], self.council.authority.id
        keys = (vault.new_wrapped_key() for _ in range(count))
        with psycopg.connect(self.admin_url) as admin, admin.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO compartment.case_key (authority_id, case_id, wrapped, wrapped_by, created_at)"
                " VALUES (%s, %s, %s, %s, now())",
                [(council, new_id(), key.wrapped, key.by) for key in keys],
            )

    def visitor(self, port: int) -> Visitor:
        """The officer's browser before a gunicorn."""
        host = self.council.authority.host
        cookie = self.officer.client.get_cookie("parley", domain=host)
        assert cookie
        return Visitor(port=port, host=host, cookie=cookie.value)

    def keys(self, *arguments: str, code: int = 0) -> str:
        """Run ``parley keys``; return what it printed."""
        done = CliRunner().invoke(keys, arguments, env=self.environ)
        assert done.exit_code == code, done.output
        return done.output

    def rotate(self, ring: str) -> str:
        """Run ``parley keys rotate`` in a process of its own; return what it printed."""
        command, environ = rotating(ring), clean_environment() | self.environ
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=True).stdout

    def ids(self, ring: str) -> list[str]:
        """The ids of the keys in a ring's file, the newest first."""
        path = self.settings.master_key_file if ring == Ring.MASTER else self.settings.compartment_key_file
        return [key_id(key) for key in read_master_keys(path)]

    def doctor(self) -> dict[str, str]:
        """What ``parley doctor`` says of keys, and what to do where something is to be done."""
        found = [*key_files(self.settings), *keys_in_use(self.settings)]
        return {finding.part: finding.next_step or finding.found for finding in found}


@pytest.fixture
def here(tmp_path: pathlib.Path, own_database: str) -> Iterator[Deployment]:
    """The deployment, which nobody serves yet."""
    deployed = Deployment(tmp_path, own_database)
    yield deployed
    deployed.database.dispose()


def rotating(ring: str) -> list[str]:
    return [*COMMAND, "keys", "rotate", ring, "--reason", "Yearly", "--yes"]


def page_of(case: MadeCase) -> str:
    return f"/council/cases/{case.id}/messages"


def test_pages_go_on_before_meanwhile_and_after(here: Deployment) -> None:
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
    here: Deployment, tmp_path: pathlib.Path
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


def test_a_rotation_that_is_killed_is_finished_by_the_next(here: Deployment) -> None:
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
