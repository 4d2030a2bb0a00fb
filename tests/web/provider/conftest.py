"""A provider's pages, councils that commission it, and its people."""

import pathlib
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from parley.access.domain import Role
from parley.app import create_app
from parley.db.session import Database
from parley.kernel.clock import FixedClock
from parley.tenancy.domain import ProviderOrganisation
from support.deployment import deployment
from support.factories import NOW, Factory
from support.family import Served, served_council
from support.provider import Staff, sign_in_staff


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still until a test moves it."""
    return FixedClock(NOW)


@pytest.fixture
def make(database: Database, clock: FixedClock) -> Factory:
    """What makes things, at the time the pages see."""
    return Factory(database, clock)


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
def provider(council: Served) -> ProviderOrganisation:
    """The provider that the council commissions."""
    assert council.provider is not None
    return council.provider


@pytest.fixture
def staff(app: Flask, make: Factory, provider: ProviderOrganisation) -> Callable[..., Staff]:
    """Return one of the provider's people (or of another), signed in with the roles that are named."""

    def member(*roles: Role, at: ProviderOrganisation | None = None, name: str = "case1@provider.example") -> Staff:
        return sign_in_staff(app.test_client(), make, at or provider, *roles, name=name)

    return member


@pytest.fixture
def coordinator(staff: Callable[..., Staff]) -> Staff:
    """A coordinator of the provider."""
    return staff(Role.COORDINATOR)
