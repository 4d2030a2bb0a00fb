"""What `make bench` measures with: cases that are whole, and a run that says each of its figures and leaves nothing."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence

import psycopg
import pytest
from flask import Flask

from bench import plans, walled
from bench.generate import Made, Wanted, generate
from bench.plan import ORDER, planned_cases
from bench.scenes import Cast, coordinator_of, sign_in_all
from bench.stand import Deployed, allow_copying
from parley.app import create_app
from parley.casework.domain import CaseState
from parley.casework.models import Case
from parley.db.scope import authority_scope
from parley.kernel.clock import SystemClock
from support.database import ROOT, logins_of
from support.deployment import deployment
from support.factories import NOW, Factory
from support.family import served_council, words

CASES = 60
RUN = [sys.executable, str(ROOT / "tests" / "bench" / "run.py"), "--councils", "2", "--cases", "60", "--rounds", "1"]


@pytest.fixture
def deployed(own_database: str, tmp_path: pathlib.Path) -> Deployed:
    """A deployment in which cases may be written by the thousand."""
    allow_copying(own_database)
    return Deployed(settings=deployment(tmp_path, logins_of(own_database)), admin=own_database)


@pytest.fixture
def app(deployed: Deployed) -> Iterator[Flask]:
    """The application over it."""
    built = create_app(deployed.settings)
    yield built
    built.extensions["parley"].database.dispose()


@pytest.fixture
def casts(app: Flask) -> list[Cast]:
    """The people of two councils that share a provider."""
    make = Factory(app.extensions["parley"].database, SystemClock())
    coordinator = coordinator_of(app, make, make.provider())
    served = [served_council(make, like, provider=coordinator.provider) for like in ("derby", "rutland")]
    app.extensions["parley"].sites.forget()
    return [sign_in_all(app, make, one, coordinator, officers=1) for one in served]


def written(app: Flask, casts: Sequence[Cast]) -> list[list[Made]]:
    """Write cases at each council, every foreign key checked."""
    database = app.extensions["parley"].database
    wanted = [Wanted(council=cast.council, count=CASES, seed=number) for number, cast in enumerate(casts)]
    return [generate(database, one, at=SystemClock().now()) for one in wanted]


def test_the_cases_of_a_council_stand_in_every_state_and_the_same_seed_makes_the_same() -> None:
    first, again = (list(planned_cases(1_000, at=NOW, seed=7)) for _ in range(2))
    assert {case.state for case in first} == set(ORDER)
    assert [(case.state, case.sent, case.child) for case in first] == [
        (case.state, case.sent, case.child) for case in again
    ]
    assert len({part for case in first for part in case.parts(11)}) == 12_000


def test_generated_cases_open_for_everybody_who_may_open_them(app: Flask, casts: list[Cast]) -> None:
    for cast, made in zip(casts, written(app, casts), strict=True):
        told = [case for case in made if case.told]
        opened = cast.case_pages(told[:3]) + cast.family_pages(made) + cast.inbox() + cast.provider_list()
        browser = app.test_client(use_cookies=False)
        assert [asked.by(browser) for asked in (*opened, *cast.held_case(made))] == [200] * (len(opened) + 1)
        page = cast.officers[0].get(f"/council/cases/{told[0].id}")
        assert cast.served.authority.reference_prefix in words(page)


def test_a_generated_case_is_found_by_its_childs_name(app: Flask, casts: list[Cast]) -> None:
    cast = casts[0]
    made = next(case for case in written(app, [cast])[0] if case.state is CaseState.COUNCIL_TOLD)
    database = cast.make.database
    with database.begin(authority_scope(cast.served.authority.id)) as session:
        name = session.get_one(Case, (cast.served.authority.id, made.id)).child_name
    found = cast.officers[0].post("/council/search", q=name)
    assert str(made.id) in found.text


def test_every_plan_goes_by_the_column_that_the_tables_wall_hangs_on(
    app: Flask, casts: list[Cast], deployed: Deployed
) -> None:
    made = written(app, casts)
    deployed.tidy()
    with walled.connections_to(deployed.settings.login_urls) as connections:
        for cast, cases in zip(casts, made, strict=True):
            for asked in walled.pages_of(cast, cases).values():
                assert list(plans.faults(connections, walled.sent_for(app, asked))) == []


def test_each_case_has_all_that_a_case_consists_of(app: Flask, casts: list[Cast], deployed: Deployed) -> None:
    written(app, casts)
    with psycopg.connect(deployed.admin) as admin:

        def number(table: str) -> int:
            (count,) = admin.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() or (0,)
            return int(count)

        assert number('"case"') == number("provider_worklist") == number("child") == number("referral") == 2 * CASES
        assert number("party") == number("consent") == 6 * CASES
        assert number("party_member") == number("statement") == 4 * CASES
        assert number("timeline_entry") > 4 * CASES
        assert min(map(number, ("share", "case_clock", "answer"))) > 0


@pytest.fixture
def temporary() -> Iterator[pathlib.Path]:
    """A folder for temporary files which others may pass: under root the database runs as another user."""
    with tempfile.TemporaryDirectory(prefix="parley-test-bench-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o711)
        yield folder


@pytest.mark.alone
@pytest.mark.timeout(900)
def test_a_small_run_says_every_figure_and_leaves_nothing_behind(
    tmp_path: pathlib.Path, temporary: pathlib.Path
) -> None:
    results = tmp_path / "results.json"
    done = subprocess.run(
        [*RUN, "--results", str(results), "walls", "noise", "memory", "size"],
        env=os.environ | {"TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
    )
    # How fast this machine is at the moment is not what is tested here.
    assert done.returncode in (0, 1)
    assert "Traceback" not in done.stderr, done.stderr
    for said in (
        "council inbox: speed behind walls beside none",
        "others' p99 beside a council at 32 connections",
        "memory of a worker for each council",
        "writing 120 cases at 2 councils",
        "family page: p99 at 2 councils beside that at one",
        "provider list: speed with 120 cases beside that with 120",
        "goals in",
    ):
        assert said in done.stdout
    document = json.loads(results.read_text(encoding="utf-8"))
    assert set(document["parts"]) == {"walls", "noise", "memory", "size"}
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_leaves_nothing_behind(temporary: pathlib.Path, number: signal.Signals) -> None:
    # What runs in the background of a shell is deaf to Ctrl-C, and so is all that it starts.
    hearing = ["env", "--default-signal=INT"]
    with subprocess.Popen(
        [*hearing, *RUN, "memory"], env=os.environ | {"TMPDIR": str(temporary)}, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        assert "120 cases at 2 councils" in run.stdout.readline()
        run.send_signal(number)
        run.communicate()
    assert run.returncode != 0
    assert list(temporary.iterdir()) == []
