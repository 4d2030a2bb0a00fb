"""A provider's pages, councils that commission it, and its people."""

from collections.abc import Callable

import pytest
from flask import Flask

from parley.access.domain import Role
from parley.tenancy.domain import ProviderOrganisation
from support.factories import Factory, MadeCase
from support.family import Family, Served, case_of
from support.provider import Staff, sign_in_staff


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


@pytest.fixture
def case(parent: Family, make: Factory) -> MadeCase:
    """A signed-in parent's case, of which the council was told."""
    return case_of(parent, make)
