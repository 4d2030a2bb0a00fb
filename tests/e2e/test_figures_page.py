"""The page of figures in a real browser, at phone and desktop width, without script and on paper: accessible."""

import datetime as dt
import pathlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from parley.access.domain import Role
from parley.app import create_app
from support.browser import DESKTOP, PHONE, problems, screenshot
from support.deployment import deployment
from support.factories import Factory
from support.family import served_council
from support.figures import asked_on, count_now
from support.staff import Officer
from support.styleguide import served


@pytest.fixture(params=[Role.COMMISSIONER, Role.REGION_COMMISSIONER], ids=str)
def role(request: pytest.FixtureRequest) -> Role:
    """As whom the figures are read."""
    return request.param


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(
    request: pytest.FixtureRequest,
    role: Role,
    browser: Browser,
    make: Factory,
    login_urls: dict[str, str],
    tmp_path: pathlib.Path,
) -> Iterator[Page]:
    """The figures of a change-over, before somebody who reads them for the council and for its region."""
    council = served_council(make, name="Exampleton City Council")
    second = make.provider(name="Northern Helpers")
    make.commission(council.authority, second, starts_on=dt.date(2026, 8, 16))
    asked_on(make, council.authority, council.provider, *[dt.date(2026, 7, day) for day in range(1, 13)])
    asked_on(make, council.authority, second, *[dt.date(2026, 9, day) for day in range(1, 4)])
    count_now(make.database, council.authority)
    app = create_app(deployment(tmp_path, login_urls), clock=make.clock)
    app.testing = True
    with served(app) as address:
        url = f"http://{council.authority.host}:{address.rpartition(':')[2]}"
        person = Officer(app.test_client(), council)
        person.sign_in(make, role=role)
        cookie = person.client.get_cookie("parley", domain=council.authority.host)
        assert cookie
        context = browser.new_context(viewport=request.param)
        context.add_cookies([{"name": "parley", "value": cookie.value, "url": url}])
        opened = context.new_page()
        opened.goto(f"{url}/council")
        yield opened
        context.close()
    app.extensions["parley"].database.dispose()


def test_figures_are_accessible_on_a_screen_and_on_paper(page: Page, role: Role) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("Figures")
    width = page.viewport_size["width"]
    screenshot(page, f"figures/{role}-{width}")
    assert problems(page) == []
    tables = page.get_by_role("region", name="Requests and how they end")
    expect(tables.first).to_contain_text("13 to 16")
    page.emulate_media(media="print")
    screenshot(page, f"figures/{role}-print-{width}")
    expect(page.get_by_role("link", name="Download these figures as CSV")).to_be_hidden()
    expect(tables.first).to_be_visible()
