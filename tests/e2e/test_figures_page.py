"""The page of figures in a real browser, at phone and desktop width, without script and on paper: accessible."""

import datetime as dt

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from parley.access.domain import Role
from support.browser import look_at, screenshot
from support.factories import Factory
from support.family import served_council
from support.figures import asked_on, count_now
from support.staff import Officer
from support.windows import Windows


@pytest.fixture(params=[Role.COMMISSIONER, Role.REGION_COMMISSIONER], ids=str)
def role(request: pytest.FixtureRequest) -> Role:
    """As whom the figures are read."""
    return request.param


@pytest.fixture
def page(role: Role, make: Factory, app: Flask, windows: Windows) -> Page:
    """The figures of a change-over, before somebody who reads them for the council and for its region."""
    council = served_council(make, name="Exampleton City Council")
    second = make.provider(name="Northern Helpers")
    make.commission(council.authority, second, starts_on=dt.date(2026, 8, 16))
    asked_on(make, council.authority, council.provider, *[dt.date(2026, 7, day) for day in range(1, 13)])
    asked_on(make, council.authority, second, *[dt.date(2026, 9, day) for day in range(1, 4)])
    count_now(make.database, council.authority)
    person = Officer(app.test_client(), council)
    person.sign_in(make, role=role)
    opened = windows.open(council.authority.host, person.client)
    opened.goto("/council")
    return opened


def test_figures_are_accessible_on_a_screen_and_on_paper(page: Page, role: Role) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("Figures")
    look_at(page, f"figures/{role}")
    tables = page.get_by_role("region", name="Requests and how they end")
    expect(tables.first).to_contain_text("13 to 16")
    page.emulate_media(media="print")
    screenshot(page, f"figures/{role}-print")
    expect(page.get_by_role("link", name="Download these figures as CSV")).to_be_hidden()
    expect(tables.first).to_be_visible()
