"""Provider staff at work in a real browser, at phone and desktop width: every page accessible, a whole call entered."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from parley.access.domain import Role
from parley.casework.models import Case
from parley.casework.request import Person, Safety
from support.browser import look_at
from support.factories import Factory
from support.family import Served, served_council
from support.provider import HOST, a_request, a_young_persons, case_path, sent, sign_in_staff
from support.windows import Windows

#: The check of a parent whose child has a plan that the school does not carry out.
CHECK = (
    ("Is anyone at risk", "No"),
    ("Who are you?", "A parent or carer"),
    ("Does the child or young person live", "Yes"),
    ("Are there special educational needs?", "Yes"),
    ("What stage are things at?", "There is a final plan, and no review at the moment"),
    ("Have you appealed to the SEND Tribunal?", "No"),
    ("Who do you disagree with?", "A school"),
    ("What is the disagreement about?", "Special educational support"),
)
#: The questions that these answers open.
OPENED = (("Is this support written in the plan?", "Yes"), ("Where does education take place?", "School"))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Desk:
    """A provider's pages as one of its people has them open, and a case in them."""

    page: Page
    case: Case
    council: Served

    def look(self, name: str) -> None:
        """Keep pictures of the page and hold it to being accessible."""
        look_at(self.page, f"provider/{name}")

    def open(self, path: str) -> None:
        """Open a page."""
        self.page.goto(path)

    def send(self, button: str) -> None:
        """Press a button of the page's form."""
        self.page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


@pytest.fixture
def council(make: Factory) -> Served:
    """A council that publishes what Derby does."""
    return served_council(make, name="Exampleton City Council")


@pytest.fixture
def desk(app: Flask, make: Factory, council: Served, windows: Windows) -> Callable[..., Desk]:
    """Return a signed-in person's desk, with the roles that are named."""
    provider = council.provider
    assert provider is not None
    case = sent(make, council, a_request(story="The help in section F stopped in September.\nNobody told us why. 🙂"))

    def sit_down(*roles: Role) -> Desk:
        client = app.test_client()
        sign_in_staff(client, make, provider, *roles, name="case.worker@provider.example")
        return Desk(page=windows.open(HOST, client), case=case, council=council)

    return sit_down


def test_a_coordinator_takes_a_request_up_and_tells_the_council(
    desk: Callable[..., Desk], make: Factory, council: Served
) -> None:
    for name in ("Robin Vale", "زينب العلي", "Child Of A Family With A Rather Long Name"):
        make.case(council.authority, provider=council.provider, child_name=name)
    here = desk(Role.COORDINATOR)
    here.open("/")
    here.look("list")
    here.open("/?view=late")
    here.look("list-empty")
    here.open("/?view=new")
    here.page.get_by_role("link", name="Rowan Marsh").click()
    here.look("case-new")
    here.page.get_by_role("button", name="Acknowledge the request").click()
    here.look("acknowledge")
    here.send("Acknowledge")
    expect(here.page.get_by_text("You acknowledged the request")).to_be_visible()
    here.page.get_by_role("button", name="Tell the council").click()
    here.look("tell-council")
    here.send("Tell Exampleton City Council")
    here.look("tell-council-error")
    here.page.get_by_label("I looked at what the council will see").check()
    here.send("Tell Exampleton City Council")
    expect(here.page.get_by_text("The council can see the request now")).to_be_visible()
    here.look("case-told")
    here.page.get_by_role("link", name="Invite somebody at Oak Hill School").click()
    here.page.get_by_label("Name").fill("Sam Field")
    here.page.get_by_label("Work email address").fill("sam.field@oakhill.example")
    here.look("invite")
    here.send("Send the invitation")
    here.look("case-invited")


@pytest.mark.parametrize("act", ["ask", "signpost", "conflict-of-interest", "withdraw", "coordinator"])
def test_the_page_of_every_act_is_accessible(desk: Callable[..., Desk], act: str) -> None:
    here = desk(Role.COORDINATOR)
    here.open(case_path(here.case, act))
    here.look(act)


def test_what_people_have_to_be_told_is_accessible(desk: Callable[..., Desk], make: Factory, council: Served) -> None:
    here = desk(Role.COORDINATOR)
    asker = Person(name="Kim Vale", phone="+441632960001")
    phone_only = sent(make, council, a_request(asker=asker, phone_only=True, child_name="Robin Vale", safety=Safety()))
    here.open(case_path(phone_only, "acknowledge"))
    here.send("Acknowledge")
    here.look("case-with-task")
    here.open("/tasks")
    here.look("tasks")
    here.page.get_by_role("link", name="Record that you told them").click()
    here.look("told")


def test_private_messages_and_questions_are_accessible(desk: Callable[..., Desk], make: Factory) -> None:
    here = desk(Role.COORDINATOR)
    here.open(case_path(here.case, "acknowledge"))
    here.send("Acknowledge")
    here.page.get_by_role("link", name="With Ash Marsh").click()
    here.look("messages-empty")
    here.send("Send message")
    here.look("messages-error")
    here.page.get_by_label("Your message").fill("May we ring on Thursday?\nIt is about the room. 🙂")
    here.send("Send message")
    expect(here.page.get_by_text("Your message was sent.")).to_be_visible()
    here.open(case_path(here.case, "ask"))
    here.send("Ask")
    here.look("ask-error")
    here.page.get_by_label("Your question").fill("Which days suit you?")
    here.send("Ask")
    expect(here.page.get_by_text("Your question was sent")).to_be_visible()
    here.look("case-asked")
    here.page.get_by_role("link", name="With Ash Marsh").click()
    here.look("messages")


def test_asking_a_young_person_by_phone_is_accessible(
    desk: Callable[..., Desk], make: Factory, council: Served
) -> None:
    here = desk(Role.COORDINATOR)
    waiting = sent(make, council, a_young_persons())
    here.open("/young-people")
    here.send("Find it")
    here.look("young-person-find-error")
    here.page.get_by_label("Reference").fill(waiting.reference)
    here.page.get_by_label("Their full name").fill("Rowan Marsh")
    here.send("Find it")
    here.look("young-person-ask")


def test_an_administrator_sees_what_is_late(desk: Callable[..., Desk], make: Factory) -> None:
    make.clock.advance(dt.timedelta(days=3))
    here = desk(Role.PROVIDER_ADMINISTRATOR)
    here.open("/late")
    here.look("late")


def test_a_call_is_entered_from_the_council_to_the_code(desk: Callable[..., Desk]) -> None:
    here = desk(Role.COORDINATOR)
    page = here.page
    here.open("/enter")
    here.look("enter-council")
    page.get_by_label("Exampleton City Council").check()
    here.send("Continue")
    here.look("enter-check")
    here.send("Continue")
    here.look("enter-check-error")
    for question, answer in CHECK:
        page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()
    here.send("Continue")
    here.look("enter-check-more")
    for question, answer in OPENED:
        page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()
    here.send("Continue")
    here.look("enter-details")
    here.send("Continue to reading back")
    here.look("enter-details-error")
    _write_down_the_request(page)
    here.send("Continue to reading back")
    here.look("enter-read")
    here.send("Send the request")
    here.look("enter-read-error")
    page.get_by_label("I read the request back").check()
    page.get_by_role("group", name="Going ahead").get_by_label("The caller said yes").check()
    page.get_by_role("group", name="Telling the council").get_by_label("The caller said yes").check()
    page.get_by_role("group", name="Asking the school or setting").get_by_label("No").check()
    here.send("Send the request")
    expect(page.get_by_role("heading", name="Request entered")).to_be_visible()
    here.look("entered")
    page.get_by_role("link", name="Give the caller a code").click()
    here.look("claim")
    here.send("Make a code")
    here.look("claim-code")


def _write_down_the_request(page: Page) -> None:
    page.get_by_label("Any of these is safe").check()
    page.get_by_label("Caller’s name").fill("Ash Marsh")
    page.get_by_label("Phone number", exact=True).fill("01632 960 001")
    page.get_by_label("Full name of the child or young person").fill("Rowan Marsh")
    born = page.get_by_role("group", name="Date of birth")
    for box, typed in (("Day", "4"), ("Month", "5"), ("Year", "2016")):
        born.get_by_label(box).fill(typed)
    page.get_by_label("Nursery, school or college (optional)").fill("Oak Hill School")
    page.get_by_label("What has happened? (optional)").fill("The help stopped in September.")
