"""The application and its worker behind PgBouncer in transaction mode, where everybody shares few connections.

Every page is opened more often than psycopg waits before it prepares a statement.
"""

import pathlib
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask

from parley.access.domain import Role
from parley.app import create_app
from parley.casework.domain import CaseState
from parley.db.scope import authority_scope
from parley.db.session import Database
from parley.jobs.domain import Attempt, Task
from parley.jobs.service import enqueue
from parley.jobs.worker import Pace, Worker
from parley.kernel.clock import FixedClock
from parley.settings import Pooler
from support.deployment import deployment
from support.factories import NOW, Factory
from support.family import Family, Served, served_council
from support.outcome_room import room_of
from support.outcomes import ALL
from support.pgbouncer import behind_pgbouncer
from support.provider import case_path, sent, sign_in_staff, stored
from support.staff import Officer, told_case

#: How often psycopg sees a statement before it prepares it, and one more.
TIMES = 7


@pytest.fixture(scope="module")
def few(login_urls: dict[str, str]) -> Iterator[dict[str, str]]:
    """The address of each login through a pooler with few connections: a job works on two at once."""
    with behind_pgbouncer({name: url for name, url in login_urls.items() if name != "owner"}, connections=3) as urls:
        yield urls


@pytest.fixture
def app(tmp_path: pathlib.Path, few: dict[str, str], clock: FixedClock, council: Served) -> Iterator[Flask]:
    """The whole application behind the pooler."""
    app = create_app(deployment(tmp_path, few, pooler=Pooler.TRANSACTION), clock=clock)
    app.testing = True
    yield app
    app.extensions["parley"].database.dispose()


def test_pages_of_two_councils_in_turn_show_each_its_own(app: Flask, council: Served, make: Factory) -> None:
    other = served_council(make, name="Another Council")
    app.extensions["parley"].sites.forget()
    pages = []
    for at in (council, other):
        parent, officer = Family(app.test_client(), at), Officer(app.test_client(), at)
        identity_id = parent.sign_in(make)
        officer.sign_in(make)
        case = told_case(make, at, parent_identity=identity_id, assigned_id=officer.identity_id)
        pages += [
            (parent, "/requests", case.reference),
            (parent, f"/requests/{case.id}", case.reference),
            (officer, "/council/cases?view=mine", case.reference),
            (officer, f"/council/cases/{case.id}", case.reference),
        ]
    references = {reference for _person, _path, reference in pages}
    for _ in range(TIMES):
        for person, path, reference in pages:
            page = person.get(path)
            assert page.status_code == 200
            assert {one for one in references if one in page.text} == {reference}


def test_a_providers_pages(app: Flask, council: Served, make: Factory) -> None:
    assert council.provider
    case = sent(make, council)
    coordinator = sign_in_staff(app.test_client(), make, council.provider, Role.COORDINATOR, name="Cam")
    for _ in range(TIMES):
        assert case.reference in coordinator.get("/").text
        assert case.reference in coordinator.get(case_path(case)).text
    coordinator.does(case_path(case, "acknowledge"), take="yes")
    coordinator.does(case_path(case, "tell-council"), sure="yes")
    assert stored(make, case).state is CaseState.COUNCIL_TOLD


def test_what_every_side_confirmed_is_released_by_a_job(app: Flask, council: Served, few: dict[str, str]) -> None:
    database = app.extensions["parley"].database
    room = room_of(app, Factory(database, FixedClock(NOW)), council, few["worker"])
    room.held.write()
    room.held.confirm(*ALL)
    room.work()
    for _ in range(TIMES):
        assert "Speech therapy goes on" in room.officer.get(room.councils("outcome")).text


def test_a_worker_finds_jobs_although_nobody_can_notify_it(
    database: Database, make: Factory, few: dict[str, str]
) -> None:
    ran = threading.Event()

    def run(_attempt: Attempt) -> None:
        ran.set()

    pace = Pace(poll=0.2)
    worker = Worker([Task(name="tests:noticed", run=run)], few["worker"], pace=pace, pooled=True)
    working = threading.Thread(target=worker.run)
    working.start()
    try:
        time.sleep(1)
        with database.begin(authority_scope(make.authority().id)) as session:
            enqueue(session, "tests:noticed")
            session.commit()
        assert ran.wait(30)
    finally:
        worker.stop()
        working.join(30)


def test_without_the_setting_one_process_meets_what_another_prepared(pooled_urls: dict[str, str]) -> None:
    """So this is a setting, and not left to chance."""
    with (
        psycopg.connect(pooled_urls["app"], autocommit=True, prepare_threshold=1) as one,
        psycopg.connect(pooled_urls["app"], autocommit=True, prepare_threshold=1) as another,
    ):
        for _ in range(2):
            one.execute("SELECT 1")
        another.execute("SELECT 1")
        with pytest.raises(psycopg.errors.DuplicatePreparedStatement):
            another.execute("SELECT 1")
