"""A council's family pages, and people who open them."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from parley.app import create_app
from parley.kernel.clock import FixedClock
from support.deployment import deployment
from support.factories import NOW, Factory
from support.family import Family, Served


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, login_urls: dict[str, str]) -> Iterator[Flask]:
    """The whole application, at a moment that stands still."""
    settings = deployment(tmp_path_factory.mktemp("deployment"), login_urls)
    app = create_app(settings, clock=FixedClock(NOW))
    app.testing = True
    yield app
    app.extensions["parley"].database.dispose()


@pytest.fixture
def visit(app: Flask, council: Served) -> Callable[..., Family]:
    """Return a new person's browser, on the council's pages unless another council is named."""

    def family(at: Served | None = None) -> Family:
        # The app may have read the councils before this one was made.
        app.extensions["parley"].sites.forget()
        return Family(app.test_client(), at or council)

    return family


@pytest.fixture
def family(visit: Callable[..., Family]) -> Family:
    """Somebody who is not signed in."""
    return visit()


@pytest.fixture
def parent(visit: Callable[..., Family], make: Factory) -> Family:
    """A parent who is signed in."""
    person = visit()
    person.sign_in(make)
    return person
