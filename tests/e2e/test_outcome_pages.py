"""What came of a meeting, in a real browser at phone and desktop width: every page accessible, in each state."""

import concurrent.futures
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from parley.access.domain import Role
from support.browser import look_at, screenshot
from support.factories import Factory
from support.family import served_council
from support.outcome_room import Room, room_of
from support.outcomes import ALL
from support.provider import HOST, sign_in_staff
from support.windows import Windows

Browsing = Callable[[FlaskClient, str], "Look"]


class Look:
    """One person's window."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def at(self, path: str, name: str) -> None:
        """Open a page, keep pictures of it and hold it to being accessible."""
        self.page.goto(path)
        self.look(name)

    def look(self, name: str) -> None:
        """Keep pictures of the page as it stands, and hold it to being accessible."""
        look_at(self.page, f"outcome/{name}")

    def press(self, button: str) -> None:
        """Press a button of the page."""
        self.page.get_by_role("main").get_by_role("button", name=button).first.click()


@pytest.fixture
def held(app: Flask, make: Factory, login_urls: dict[str, str], windows: Windows) -> tuple[Room, Browsing]:
    """A meeting that was held, and a way to open pages as whoever a test client is signed in as."""
    council = served_council(make, name="Exampleton City Council")

    def browse(client: FlaskClient, host: str) -> Look:
        return Look(windows.open(host, client))

    return room_of(app, make, council, login_urls["worker"]), browse


def test_a_draft_is_written_given_out_confirmed_and_run_to_its_end(held: tuple[Room, Browsing], make: Factory) -> None:
    room, browse = held
    host = room.parent.council.authority.host
    mediator, family = browse(room.mediator.client, HOST), browse(room.parent.client, host)
    officer = browse(room.officer.client, host)

    family.at(room.own("your-copy"), "family-no-copy-yet")
    mediator.at(room.providers("outcome"), "provider-nothing-yet")
    mediator.at(room.providers("draft"), "provider-draft-empty")
    mediator.press("Save the draft")
    mediator.look("provider-draft-errors")
    mediator.page.get_by_label("Some things were agreed, and some were not").check()
    mediator.page.get_by_label("What was agreed").fill("Speech therapy goes on until July.\nThe school keeps a diary.")
    mediator.page.get_by_label("Action 1: what is to be done").fill("Write to the therapist about the new times")
    mediator.page.get_by_label("Action 1: who does it").select_option(label="Exampleton City Council")
    dates = mediator.page.get_by_role("group", name="Action 1: by when")
    for box, value in (("Day", "8"), ("Month", "12"), ("Year", "2026")):
        dates.get_by_label(box).fill(value)
    mediator.page.get_by_label("What is still open").fill("How many hours of support the plan should say")
    mediator.press("Add another action")
    expect(mediator.page.get_by_label("Action 3: what is to be done")).to_be_visible()
    mediator.look("provider-draft-filled")
    mediator.press("Save the draft")
    mediator.look("provider-draft-saved")
    mediator.at(room.providers("draft/give"), "provider-give-copies")
    mediator.press("Give each side its copy")
    mediator.look("provider-copies-given")

    family.at(room.own("your-copy"), "family-copy")
    family.press("Send your answer")
    family.look("family-copy-error")
    family.page.get_by_label("I want something to be changed").check()
    family.look("family-copy-change")
    family.page.get_by_label("I confirm it").check()
    family.press("Send your answer")
    family.look("family-confirmed")
    officer.at(room.councils("your-copy"), "council-copy")
    coordinator = browse(room.coordinator.client, HOST)
    coordinator.at(room.providers("outcome"), "provider-one-confirmed")
    coordinator.page.get_by_role("link", name="Record what they say by phone").first.click()
    coordinator.look("provider-by-phone")
    room.held.confirm(*ALL)
    # In a thread of its own: a worker runs an event loop, and so does the browser's driver in this one.
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pool.submit(room.work).result()

    officer.at(room.councils(), "council-case")
    officer.at(room.councils("outcome"), "council-outcome")
    officer.press("Mark as done")
    officer.look("council-action-done")
    family.at(room.own(), "family-case")
    family.at(room.own("outcome"), "family-outcome")
    family.page.get_by_role("link", name=re.compile("^Say that it is not done")).first.click()
    family.look("family-dispute")
    family.page.get_by_label("What is not done, or not as agreed?").fill("No letter has come. 🙂")
    family.press("Say that it is not done")
    family.look("family-disputed")
    family.at(room.own("outcome/still-open"), "family-still-open")
    family.page.emulate_media(media="print")
    screenshot(family.page, "outcome/family-still-open-printed")
    family.page.emulate_media(media="screen")
    family.at(room.own("feedback"), "family-feedback")
    family.page.get_by_label("Very good").check()
    family.press("Send")
    coordinator.at(room.providers("outcome"), "provider-outcome")
    coordinator.at(room.providers("outcome/close"), "provider-close")
    coordinator.at(room.providers("outcome/another-meeting"), "provider-another-meeting")
    coordinator.at(room.providers(), "provider-case")

    lead = sign_in_staff(
        room.mediator.client.application.test_client(),
        make,
        room.held.case.provider,
        Role.SAFEGUARDING_LEAD,
        name="lead@provider.example",
    )
    mediator.at(room.providers("notes"), "provider-notes-empty")
    mediator.page.get_by_label("Add a note").fill("They are closer than they think.")
    mediator.press("Save the note")
    mediator.look("provider-notes")
    mediator.at(room.providers("concern"), "provider-concern")
    mediator.page.get_by_label("What did you see or hear?").fill("The child said that nobody is at home at night.")
    mediator.page.get_by_label("Our safeguarding lead").check()
    mediator.press("Write it into the log")
    mediator.look("provider-concern-written")
    reader = browse(lead.client, HOST)
    reader.at("/concerns", "lead-concerns")
    reader.page.get_by_role("link", name="Concern of").first.click()
    reader.look("lead-concern")


def test_nothing_agreed(held: tuple[Room, Browsing]) -> None:
    room, browse = held
    mediator = browse(room.mediator.client, HOST)
    mediator.at(room.providers("outcome/nothing-agreed"), "provider-nothing-agreed")
    mediator.press("Record that nothing was agreed")
    family = browse(room.parent.client, room.parent.council.authority.host)
    family.at(room.own("outcome"), "family-nothing-agreed")
