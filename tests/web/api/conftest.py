"""The API of the real councils: a database of its own, loaded from the tenants folder as an installation's is."""

import pathlib
import tempfile
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from parley.app import create_app
from parley.cli.plugins import plugins_at_hand
from parley.kernel.clock import FixedClock
from parley.tenants.loading import Loader
from support import database
from support.deployment import deployment
from support.factories import NOW


@pytest.fixture(scope="package", name="app")
def app_of_all_councils(database_server: str) -> Iterator[Flask]:
    """The whole application, with every council of the tenants folder, on a day that stands still."""
    clock = FixedClock(NOW)
    with database.migrated_database(database_server) as admin, tempfile.TemporaryDirectory() as folder:
        settings = deployment(pathlib.Path(folder), database.logins_of(admin))
        app = create_app(settings, clock=clock)
        opened = app.extensions["parley"].database
        with plugins_at_hand(settings) as gateway:
            list(Loader(database=opened, settings=settings, clock=clock, gateway=gateway).load())
        yield app
        opened.dispose()


@pytest.fixture(scope="package")
def client(app: Flask) -> FlaskClient:
    """A program that knows the API's address."""
    return app.test_client()
