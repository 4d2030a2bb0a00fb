"""Invitations, and people who open them."""

import pathlib
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from parley.app import create_app
from parley.kernel.clock import FixedClock
from support.deployment import deployment
from support.factories import NOW, Factory, MadeCase
from support.family import Served, served_council
from support.invited import Contact, Invited, invited_contact
from support.staff import told_case


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
def visit(app: Flask, council: Served) -> Callable[..., Contact]:
    """Return a new browser, on the council's pages unless another council is named."""

    def visitor(at: Served | None = None) -> Contact:
        app.extensions["parley"].sites.forget()
        return Contact(app.test_client(), at or council)

    return visitor


@pytest.fixture
def case(council: Served, make: Factory) -> MadeCase:
    """A case of which the council was told."""
    return told_case(make, council)


@pytest.fixture
def invited(council: Served, case: MadeCase, make: Factory) -> Invited:
    """The contact of its school, who was invited."""
    return invited_contact(make, council, case)
