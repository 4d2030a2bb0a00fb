"""What of a council's records goes when, in a real browser at phone and desktop width: accessible, empty and full."""

from flask import Flask
from playwright.sync_api import expect

from parley.access.domain import Role
from support.browser import look_at
from support.factories import Factory
from support.family import served_council
from support.records import closed_case, hold
from support.staff import Officer
from support.windows import Windows


def test_records_are_accessible_with_nothing_and_with_something_to_go(
    app: Flask, make: Factory, windows: Windows
) -> None:
    council = served_council(make, name="Exampleton City Council")
    manager = Officer(app.test_client(), council)
    manager.sign_in(make, role=Role.TEAM_MANAGER)
    page = windows.open(council.authority.host, manager.client)
    for name in ("empty", "full"):
        page.goto("/council/records")
        expect(page.get_by_role("heading", level=1)).to_contain_text("How long records are kept")
        look_at(page, f"records/{name}")
        for days in (5, 40):
            closed_case(make, council, days_left=days)
        hold(make, closed_case(make, council, days_left=20), "A claim was notified on 3 November.")
    expect(page.get_by_role("heading", name="Kept by a legal hold")).to_be_visible()
