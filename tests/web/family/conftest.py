"""A council's family pages, and people who open them."""

import pathlib
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from parley.app import create_app
from parley.kernel.clock import FixedClock
from support.deployment import deployment
from support.factories import NOW, Factory
from support.family import Family, Served, served_council


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still until a test moves it."""
    return FixedClock(NOW)


@pytest.fixture
def app(tmp_path: pathlib.Path, login_urls: dict[str, str], clock: FixedClock, council: Served) -> Iterator[Flask]:
    """The whole application, after the council was made."""
    app = create_app(deployment(tmp_path, login_urls), clock=clock)
    app.testing = True
    yield app
    app.extensions["parley"].database.dispose()


@pytest.fixture
def council(make: Factory) -> Served:
    """A council that publishes what Derby does."""
    return served_council(make)


@pytest.fixture
def visit(app: Flask, council: Served) -> Callable[..., Family]:
    """Return a new person's browser, on the council's pages unless another council is named."""

    def family(at: Served | None = None) -> Family:
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
