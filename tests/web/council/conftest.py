"""A council's workspace, and people who open it."""

from collections.abc import Callable

import pytest
from flask import Flask

from support.factories import Factory, MadeCase
from support.family import Served
from support.staff import Officer, told_case


@pytest.fixture
def visit(app: Flask, council: Served) -> Callable[..., Officer]:
    """Return a new browser, on the council's pages unless another council is named."""

    def visitor(at: Served | None = None) -> Officer:
        app.extensions["parley"].sites.forget()
        return Officer(app.test_client(), at or council)

    return visitor


@pytest.fixture
def case(council: Served, make: Factory) -> MadeCase:
    """A case of which the council was told, and which it has not answered."""
    return told_case(make, council)
