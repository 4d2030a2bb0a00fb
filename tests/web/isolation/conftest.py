"""Everybody, and what each reaches: built once for all of these tests."""

from collections.abc import Iterator

import pytest
from flask import Flask

from parley.app import create_app
from parley.kernel.clock import FixedClock
from support.deployment import deployment
from support.everybody import Everybody
from support.exploration import Exploration
from support.factories import NOW, Factory
from support.stored_rows import StoredRows


@pytest.fixture(scope="package")
def app(tmp_path_factory: pytest.TempPathFactory, login_urls: dict[str, str]) -> Iterator[Flask]:
    """The whole application, at a moment that stands still."""
    app = create_app(deployment(tmp_path_factory.mktemp("app"), login_urls), clock=FixedClock(NOW))
    app.testing = True
    yield app
    app.extensions["parley"].database.dispose()


@pytest.fixture(scope="package")
def everybody(app: Flask, login_urls: dict[str, str]) -> Everybody:
    """Three councils, their families at every stage, and everybody signed in."""
    # In the application's own database, where news of what happens is heard.
    return Everybody(app, Factory(app.extensions["parley"].database, FixedClock(NOW)), login_urls["worker"])


@pytest.fixture(scope="package")
def explored(app: Flask, everybody: Everybody) -> Exploration:
    """What each of them reaches."""
    exploration = Exploration(app)
    for person in everybody.people.values():
        exploration.follow(person)
    return exploration


@pytest.fixture(scope="package")
def rows(admin_url: str, explored: Exploration) -> Iterator[StoredRows]:
    """Every row as it is before anybody does anything."""
    assert explored
    rows = StoredRows(admin_url)
    yield rows
    rows.close()
