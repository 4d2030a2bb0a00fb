"""One case in which everybody agreed, before the whole application, and a browser for each side of it."""

from collections.abc import Callable

import pytest
from flask import Flask

from parley.access.domain import Role
from parley.casework.domain import CaseState
from parley.identity.domain import new_secret
from support.factories import Factory
from support.family import Family, Served, case_of
from support.meetings import Arranging, mediator_of
from support.provider import Staff, sign_in_staff


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
