"""A council's workspace, and people who open it."""

import pathlib
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from parley.app import create_app
from parley.kernel.clock import FixedClock
from support.deployment import deployment
from support.factories import NOW, Factory
from support.family import Served, served_council
from support.staff import Officer


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still until a test moves it."""
    return FixedClock(NOW)


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
def visit(app: Flask, council: Served) -> Callable[..., Officer]:
    """Return a new browser, on the council's pages unless another council is named."""

    def visitor(at: Served | None = None) -> Officer:
        app.extensions["parley"].sites.forget()
        return Officer(app.test_client(), at or council)

    return visitor


@pytest.fixture
def officer(visit: Callable[..., Officer], make: Factory) -> Officer:
    """An officer who is signed in."""
    person = visit()
    person.sign_in(make)
    return person
