"""One case in which everybody agreed, before the whole application, and a browser for each side of it."""

import pathlib
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from parley.access.domain import Role
from parley.app import create_app
from parley.casework.domain import CaseState
from parley.db.session import Database
from parley.identity.domain import new_secret
from parley.kernel.clock import FixedClock
from support.deployment import deployment
from support.factories import NOW, Factory
from support.family import Family, Served, case_of, served_council
from support.meetings import Arranging, mediator_of
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
def parent(app: Flask, council: Served, make: Factory) -> Family:
    """The parent's browser."""
    family = Family(app.test_client(), council)
    family.sign_in(make)
    return family


@pytest.fixture
def arranging(parent: Family, make: Factory, council: Served) -> Arranging:
    """The parent's case, in which everybody agreed, and a registered mediator."""
    arranging = Arranging(make, case_of(parent, make, CaseState.AGREED))
    mediator_of(make, arranging.made.provider)
    return arranging


@pytest.fixture
def coordinator(app: Flask, make: Factory, arranging: Arranging) -> Staff:
    """The coordinator's browser."""
    return sign_in_staff(app.test_client(), make, arranging.made.provider, Role.COORDINATOR, name="case1")


@pytest.fixture
def officer(app: Flask, make: Factory, council: Served) -> Officer:
    """An officer's browser."""
    officer = Officer(app.test_client(), council)
    officer.sign_in(make)
    return officer


@pytest.fixture
def other_parent(app: Flask, make: Factory, council: Served, arranging: Arranging) -> Callable[..., Family]:
    """Return the browser of a second person of the family, whose place is made with the columns that are named."""

    def browser(**columns: object) -> Family:
        family = Family(app.test_client(), council)
        identity_id = family.sign_in(make, subject=new_secret())
        arranging.other = make.member(
            arranging.made, arranging.made.family, name="Kit Marsh", identity_id=identity_id, **columns
        )
        return family

    return browser
