"""A meeting that was held, and the browsers of those who were there."""

import pathlib
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask

from parley.access.domain import Role
from parley.app import create_app
from parley.casework.domain import CaseState
from parley.db.session import Database
from parley.kernel.clock import FixedClock
from support.deployment import deployment
from support.factories import NOW, Factory
from support.family import Family, Served, served_council
from support.outcome_room import Room
from support.outcomes import held_meeting, run_releases
from support.provider import Staff, sign_in_staff
from support.staff import Officer


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still until a test moves it."""
    return FixedClock(NOW)


@pytest.fixture
def make(database: Database, clock: FixedClock) -> Factory:
    """What makes things, at the time the pages see."""
    return Factory(database, clock)


@pytest.fixture
def council(make: Factory) -> Served:
    """A council that publishes what Derby does."""
    return served_council(make, name="Derby City Council")


@pytest.fixture
def app(tmp_path: pathlib.Path, login_urls: dict[str, str], clock: FixedClock, council: Served) -> Iterator[Flask]:
    """The whole application, after the council was made."""
    app = create_app(deployment(tmp_path, login_urls), clock=clock)
    app.testing = True
    yield app
    app.extensions["parley"].database.dispose()


@pytest.fixture
def room(app: Flask, make: Factory, council: Served, login_urls: dict[str, str], clock: FixedClock) -> Room:
    """A meeting that was held between a signed-in family, its council and a school."""
    assert council.provider is not None
    parent, officer = Family(app.test_client(), council), Officer(app.test_client(), council)
    identity_id = parent.sign_in(make, subject="parent")
    officer.sign_in(make)
    case = make.case(
        council.authority,
        provider=council.provider,
        state=CaseState.MEETING_HELD,
        policy_version_id=council.policy_version_id,
        parent_identity=identity_id,
    )
    database = make.database
    with psycopg.connect(login_urls["worker"]) as worker:
        # Of tests that ran before.
        worker.execute("DELETE FROM jobs.procrastinate_jobs")

    def work() -> int:
        with psycopg.connect(login_urls["worker"]) as worker:
            worker.execute("DELETE FROM jobs.procrastinate_jobs WHERE task_name <> 'outcomes.release'")
        return run_releases(database, clock, login_urls["worker"])

    def staff(role: Role) -> Staff:
        return sign_in_staff(app.test_client(), make, council.provider, role, name=f"{role}@provider.example")

    return Room(
        held=held_meeting(make, database, case),
        parent=parent,
        officer=officer,
        mediator=staff(Role.MEDIATOR),
        coordinator=staff(Role.COORDINATOR),
        work=work,
    )
