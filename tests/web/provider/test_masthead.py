"""Whose name stands above the pages of the host that all providers share."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from parley.access.domain import Role
from parley.db.scope import Login
from support.factories import Factory
from support.provider import URL, Staff
from support.statements import statements_of


def masthead(page: str) -> str:
    found = re.search(r"<header.*?</header>", page, re.S)
    assert found, page
    return found[0]


def test_people_of_each_provider_see_their_own_providers_name(
    coordinator: Staff, staff: Callable[..., Staff], make: Factory, app: Flask
) -> None:
    other = make.provider(name="Quiet Talks")
    app.extensions["parley"].sites.forget()
    stranger = staff(Role.COORDINATOR, at=other)
    assert "Global Mediation" in masthead(coordinator.get("/").text)
    assert "Quiet Talks" in masthead(stranger.get("/").text)
    assert "Global Mediation" not in stranger.get("/").text
    nobody = masthead(app.test_client().get("/sign-in", base_url=URL).text)
    assert "Global Mediation" not in nobody
    assert "Quiet Talks" not in nobody


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MEDIATOR, Role.PROVIDER_ADMINISTRATOR])
def test_whoever_may_see_the_mediators_is_led_to_them_from_every_page(staff: Callable[..., Staff], role: Role) -> None:
    person = staff(role)
    assert 'href="/mediators"' in masthead(person.get("/").text)
    assert person.get("/mediators").status_code == 200


def test_the_name_costs_no_statement(coordinator: Staff, app: Flask) -> None:
    coordinator.get("/")
    with statements_of(app.extensions["parley"].database, Login.APP) as asked:
        coordinator.get("/")
    assert asked == []
