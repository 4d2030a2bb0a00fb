"""One council, and people at its site, before the whole application at a moment that stands still."""

import pathlib
from collections.abc import Iterator

import pytest
from flask import Flask

from parley.app import create_app
from parley.db.session import Database
from parley.kernel.clock import FixedClock
from support.deployment import deployment
from support.factories import NOW, Factory
from support.family import Family, Served, served_council
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
def parent(app: Flask, council: Served, make: Factory) -> Family:
    """A parent who is signed in at the council's site."""
    person = Family(app.test_client(), council)
    person.sign_in(make)
    return person


@pytest.fixture
def officer(app: Flask, council: Served, make: Factory) -> Officer:
    """An officer of the council who is signed in."""
    person = Officer(app.test_client(), council)
    person.sign_in(make)
    return person
