"""Invitations, and people who open them."""

from collections.abc import Callable

import pytest
from flask import Flask

from support.factories import Factory, MadeCase
from support.family import Served
from support.invited import Contact, Invited, invited_contact
from support.staff import told_case


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
