"""Several providers in a real browser, at phone and desktop width: every page accessible, and there to look at."""

import pathlib
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from parley.access.domain import Role
from parley.app import create_app
from support.asking import begin
from support.browser import DESKTOP, PHONE, problems, screenshot
from support.changing_over import ChangingOver
from support.deployment import deployment
from support.factories import Factory
from support.family import Family, council_of_several
from support.passing import Passing
from support.provider import HOST
from support.staff import Officer
from support.styleguide import served


class Looking:
    """A browser of one width on a served application, with one page for each of several people."""

    def __init__(self, browser: Browser, port: str, width: str) -> None:
        self.browser, self.port, self.width = browser, port, width
        self.viewport = PHONE if width == "phone" else DESKTOP

    def page(self, client: FlaskClient, host: str) -> Page:
        """Open a page as the person who is signed in with ``client``."""
        cookie = client.get_cookie("parley", domain=host)
        assert cookie
        context = self.browser.new_context(viewport=self.viewport, base_url=f"http://{host}:{self.port}")
        context.add_cookies([{"name": "parley", "value": cookie.value, "url": f"http://{host}:{self.port}"}])
        return context.new_page()

    def look(self, page: Page, path: str, name: str) -> None:
        """Open ``path``, keep a picture of it, and hold it to being accessible."""
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok
        screenshot(page, f"several/{name}-{self.width}")
        assert problems(page) == []


@pytest.fixture(params=["phone", "desktop"])
def looking(
    request: pytest.FixtureRequest, browser: Browser, make: Factory, login_urls: dict[str, str], tmp_path: pathlib.Path
) -> Iterator[tuple[Looking, Passing]]:
    """A council with two providers, of which the first passes the request on, and the second too."""
    app = create_app(deployment(tmp_path, login_urls), clock=make.clock)
    app.testing = True
    passing = Passing(app, make)
    with served(app) as address:
        yield Looking(browser, address.rpartition(":")[2], request.param), passing
    for context in browser.contexts:
        context.close()
    app.extensions["parley"].database.dispose()


def test_a_request_that_goes_from_one_provider_to_the_next_and_to_the_council(
    looking: tuple[Looking, Passing], make: Factory
) -> None:
    here, passing = looking
    host, own = passing.council.authority.host, f"/requests/{passing.case_id}"
    parent, first = here.page(passing.parent.client, host), here.page(passing.staff[0].client, HOST)
    here.look(parent, own, "family-turn")
    here.look(first, passing.path, "provider-case")
    here.look(first, f"{passing.path}/pass-on", "pass-on")
    passing.pass_on(0, "no_room")
    passing.work()
    here.look(parent, own, "family-taken-over")
    here.look(first, "/passed-on", "passed-on")
    here.look(first, f"/passed-on/{passing.council.authority.id}/{passing.case_id}", "kept")
    passing.pass_on(1, "conflict_of_interest")
    passing.work()
    here.look(parent, own, "family-unplaced")
    officer = here.page(passing.officer.client, host)
    here.look(officer, "/council/placing", "placing")
    here.look(officer, f"/council/placing/{passing.case_id}", "place")
    manager = Officer(passing.app.test_client(), passing.council)
    manager.sign_in(make, role=Role.TEAM_MANAGER)
    here.look(here.page(manager.client, host), "/council/contracts", "contracts")


def test_a_family_that_chooses(looking: tuple[Looking, Passing], make: Factory) -> None:
    here, passing = looking
    council, _ = council_of_several(make, "family_choice")
    passing.app.extensions["parley"].sites.forget()
    chooser = Family(passing.app.test_client(), council)
    chooser.sign_in(make)
    draft = begin(chooser).rpartition("/")[0]
    page = here.page(chooser.client, council.authority.host)
    here.look(page, f"{draft}/provider", "choose")
    here.look(page, "/", "home")


def test_a_contract_that_ends_early(looking: tuple[Looking, Passing], make: Factory) -> None:
    here, passing = looking
    host, own = passing.council.authority.host, f"/requests/{passing.case_id}"
    changing = ChangingOver(passing.app.extensions["parley"].database, passing.council, *passing.providers)
    manager = Officer(passing.app.test_client(), passing.council)
    manager.sign_in(make, role=Role.TEAM_MANAGER)
    council, parent = here.page(manager.client, host), here.page(passing.parent.client, host)
    first, second = (here.page(staff.client, HOST) for staff in passing.staff)
    early_end = f"/council/contracts/{changing.commission_id}/early-end"
    here.look(council, early_end, "end-early")
    changing.ends()
    here.look(council, f"{early_end}/ask", "ask-families")
    changing.asks()
    here.look(council, early_end, "early-end")
    here.look(parent, own, "family-asked")
    here.look(parent, f"{own}/who-goes-on", "who-goes-on")
    here.look(first, passing.path, "provider-ended-early")
    here.look(first, f"{passing.path}/who-goes-on", "provider-who-goes-on")
    passing.parent.post(f"{own}/who-goes-on", choice="move")
    here.look(parent, own, "family-moving")
    changing.moves(passing.case_id)
    here.look(parent, own, "family-moved")
    here.look(second, passing.path, "provider-taken-over")
    here.look(first, "/passed-on", "passed-on-early")
