"""A council's workspace, and people who open it."""

from collections.abc import Callable

import pytest
from flask import Flask

from support.factories import Factory
from support.family import Served
from support.staff import Officer


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
