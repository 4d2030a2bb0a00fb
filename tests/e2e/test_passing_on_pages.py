"""Several providers in a real browser, at phone and desktop width: every page accessible, and there to look at."""

import pytest
from flask import Flask
from playwright.sync_api import Page

from parley.access.domain import Role
from support.asking import begin
from support.browser import look_at
from support.changing_over import ChangingOver
from support.factories import Factory
from support.family import Family, council_of_several
from support.passing import Passing
from support.provider import HOST
from support.staff import Officer
from support.windows import Windows


@pytest.fixture
def passing(app: Flask, make: Factory) -> Passing:
    """A council with two providers, of which the first passes the request on, and the second too."""
    return Passing(app, make)


def look(page: Page, path: str, name: str) -> None:
    """Open ``path``, keep pictures of it, and hold it to being accessible."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.ok
    look_at(page, f"several/{name}")


def test_a_request_that_goes_from_one_provider_to_the_next_and_to_the_council(
    passing: Passing, windows: Windows, make: Factory
) -> None:
    host, own = passing.council.authority.host, f"/requests/{passing.case_id}"
    parent, first = windows.open(host, passing.parent.client), windows.open(HOST, passing.staff[0].client)
    look(parent, own, "family-turn")
    look(first, passing.path, "provider-case")
    look(first, f"{passing.path}/pass-on", "pass-on")
    passing.pass_on(0, "no_room")
    passing.work()
    look(parent, own, "family-taken-over")
    look(first, "/passed-on", "passed-on")
    look(first, f"/passed-on/{passing.council.authority.id}/{passing.case_id}", "kept")
    passing.pass_on(1, "conflict_of_interest")
    passing.work()
    look(parent, own, "family-unplaced")
    officer = windows.open(host, passing.officer.client)
    look(officer, "/council/placing", "placing")
    look(officer, f"/council/placing/{passing.case_id}", "place")
    manager = Officer(passing.app.test_client(), passing.council)
    manager.sign_in(make, role=Role.TEAM_MANAGER)
    look(windows.open(host, manager.client), "/council/contracts", "contracts")


def test_a_family_that_chooses(passing: Passing, windows: Windows, make: Factory) -> None:
    council, _ = council_of_several(make, "family_choice")
    passing.app.extensions["parley"].sites.forget()
    chooser = Family(passing.app.test_client(), council)
    chooser.sign_in(make)
    draft = begin(chooser).rpartition("/")[0]
    page = windows.open(council.authority.host, chooser.client)
    look(page, f"{draft}/provider", "choose")
    look(page, "/", "home")


def test_a_contract_that_ends_early(passing: Passing, windows: Windows, make: Factory) -> None:
    host, own = passing.council.authority.host, f"/requests/{passing.case_id}"
    changing = ChangingOver(passing.app.extensions["parley"].database, passing.council, *passing.providers)
    manager = Officer(passing.app.test_client(), passing.council)
    manager.sign_in(make, role=Role.TEAM_MANAGER)
    council, parent = windows.open(host, manager.client), windows.open(host, passing.parent.client)
    first, second = (windows.open(HOST, staff.client) for staff in passing.staff)
    early_end = f"/council/contracts/{changing.commission_id}/early-end"
    look(council, early_end, "end-early")
    changing.ends()
    look(council, f"{early_end}/ask", "ask-families")
    changing.asks()
    look(council, early_end, "early-end")
    look(parent, own, "family-asked")
    look(parent, f"{own}/who-goes-on", "who-goes-on")
    look(first, passing.path, "provider-ended-early")
    look(first, f"{passing.path}/who-goes-on", "provider-who-goes-on")
    passing.parent.post(f"{own}/who-goes-on", choice="move")
    look(parent, own, "family-moving")
    changing.moves(passing.case_id)
    look(parent, own, "family-moved")
    look(second, passing.path, "provider-taken-over")
    look(first, "/passed-on", "passed-on-early")
