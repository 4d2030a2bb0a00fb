"""What of a council's records goes when, in a real browser at phone and desktop width: accessible, empty and full."""

import pathlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from parley.access.domain import Role
from parley.app import create_app
from support.browser import DESKTOP, PHONE, problems, screenshot
from support.deployment import deployment
from support.factories import Factory
from support.family import Served, served_council
from support.records import closed_case, hold
from support.staff import Officer
from support.styleguide import served


@pytest.fixture
def council(make: Factory) -> Served:
    """The council whose manager looks."""
    return served_council(make, name="Exampleton City Council")


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(
    request: pytest.FixtureRequest,
    council: Served,
    browser: Browser,
    make: Factory,
    login_urls: dict[str, str],
    tmp_path: pathlib.Path,
) -> Iterator[Page]:
    """A browser of the manager's."""
    app = create_app(deployment(tmp_path, login_urls), clock=make.clock)
    app.testing = True
    with served(app) as address:
        url = f"http://{council.authority.host}:{address.rpartition(':')[2]}"
        person = Officer(app.test_client(), council)
        person.sign_in(make, role=Role.TEAM_MANAGER)
        cookie = person.client.get_cookie("parley", domain=council.authority.host)
        assert cookie
        context = browser.new_context(viewport=request.param, base_url=url)
        context.add_cookies([{"name": "parley", "value": cookie.value, "url": url}])
        yield context.new_page()
        context.close()
    app.extensions["parley"].database.dispose()


def test_records_are_accessible_with_nothing_and_with_something_to_go(
    page: Page, make: Factory, council: Served
) -> None:
    for name in ("empty", "full"):
        page.goto("/council/records")
        expect(page.get_by_role("heading", level=1)).to_contain_text("How long records are kept")
        screenshot(page, f"records/{name}-{page.viewport_size['width']}")
        assert problems(page) == []
        for days in (5, 40):
            closed_case(make, council, days_left=days)
        hold(make, closed_case(make, council, days_left=20), "A claim was notified on 3 November.")
    expect(page.get_by_role("heading", name="Kept by a legal hold")).to_be_visible()
