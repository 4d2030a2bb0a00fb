"""Whose name stands above the pages of the host that all providers share."""

import re
from collections.abc import Callable

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


def test_the_name_costs_no_statement(coordinator: Staff, app: Flask) -> None:
    coordinator.get("/")
    with statements_of(app.extensions["parley"].database, Login.APP) as asked:
        coordinator.get("/")
    assert asked == []
