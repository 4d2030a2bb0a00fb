"""The main job, in a real browser on real parts: a Derby family is heard, and everybody carries it to an outcome.

Every person has a browser of their own. Every page that anybody comes to is held to being accessible, and pictured at
phone and desktop width in ``.screenshots/main-job/``.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from support.running import RunningParley
from support.walker import Album, Walker, walker
from support.walks import council, family, invited, meeting, outcome, provider

pytestmark = pytest.mark.timeout(480)

Cast = Callable[..., Walker]

TODAY = dt.datetime.now(dt.UTC).date()
SCHOOLS_EMAIL = "head@oakhill.example"


@dataclasses.dataclass(frozen=True, kw_only=True)
class People:
    """The five of the main job."""

    parent: Walker
    coordinator: Walker
    officer: Walker
    school: Walker
    mediator: Walker

    def sides(self, sent: family.Sent) -> tuple[tuple[Walker, str], ...]:
        """Return who answers for each side, with the path of their own page of the case."""
        return (
            (self.parent, sent.path),
            (self.officer, f"/council/cases/{sent.case_id}"),
            (self.school, f"/invited/cases/{sent.case_id}"),
        )


@pytest.fixture(scope="module")
def album() -> Album:
    """The pictures of this run."""
    return Album("main-job")


@pytest.fixture
def cast(browser: Browser, running_parley: RunningParley, album: Album) -> Iterator[Cast]:
    """Bring on a person with a browser of their own; all leave when the test ends."""
    people: list[Walker] = []

    def bring_on(who: str, **options: str | bool) -> Walker:
        people.append(walker(browser, running_parley, album, who, **options))
        return people[-1]

    yield bring_on
    for one in people:
        one.page.context.close()


@pytest.fixture
def people(cast: Cast) -> People:
    """Everybody of the main job."""
    return People(
        parent=cast("parent", phone=True),
        coordinator=cast("coordinator", site="providers"),
        officer=cast("officer"),
        school=cast("school"),
        mediator=cast("mediator", site="providers"),
    )


def test_a_derby_family_is_heard_and_carried_to_an_outcome(people: People) -> None:
    sent = _the_family_asks(people.parent)
    _the_provider_tells_the_council(people, sent)
    _the_council_answers(people, sent)
    _the_school_answers(people, sent)
    _they_meet(people, sent)
    _they_confirm_what_they_agreed(people, sent)


def _the_family_asks(parent: Walker) -> family.Sent:
    letter = TODAY - dt.timedelta(days=15)
    family.checks(parent, letter=letter)
    parent.reads("This service can help you", "Dates that run whatever you do here", "gives no certificate")
    family.goes_on_to_ask(parent)
    family.signs_in(parent, "parent1")
    family.writes(parent)
    _sees_three_columns(parent)
    sent = family.sends(parent)
    parent.reads("Global Mediation reads your request", family.ADVISER_IS_SEPARATE)
    parent.follow("Follow your request")
    parent.reads("What happens next", "Who holds it", "0800 064 4488", "Sent to Global Mediation")
    return sent


def _the_provider_tells_the_council(people: People, sent: family.Sent) -> None:
    people.parent.parley.wait_for_mail("sen@globalmediation.co.uk", sent.reference)
    coordinator = people.coordinator
    coordinator.staff_sign_in("coordinator1")
    provider.opens(coordinator, sent.reference, view="New")
    coordinator.reads("Weekdays after 6pm", "1 Quiet Lane, Derby", "The help in section F stopped in September.")
    provider.acknowledges(coordinator)
    provider.tells_council(coordinator)
    people.parent.open(sent.path)
    people.parent.reads("Global Mediation told Derby City Council")


def _the_council_answers(people: People, sent: family.Sent) -> None:
    officer, parent = people.officer, people.parent
    officer.staff_sign_in("officer1")
    council.finds(officer, sent.reference)
    officer.reads("Rowan Marsh", "The help, each week.", "Answer whether the council takes part")
    officer.does_not_read("1 Quiet Lane", "stopped in September", "parent1@", "after 6pm", "sits with me")
    officer.press("Take this case")
    council.agrees(officer, unavailable="Not on Fridays")
    parent.open(sent.path)
    parent.reads("Agreed to take part")
    parent.does_not_read("Not on Fridays", "head.of.send@derby.example")
    parent.parley.wait_for_mail("parent1@families.example", f"agreed to take part in your request {sent.reference}")


def _the_school_answers(people: People, sent: family.Sent) -> None:
    provider.opens(people.coordinator, sent.reference)
    provider.invites(people.coordinator, "Oak Hill School", SCHOOLS_EMAIL)
    invited.opens_invitation(people.school, SCHOOLS_EMAIL, sent.reference)
    people.school.reads("Rowan Marsh", "Oak Hill School (you)")
    people.school.does_not_read("1 Quiet Lane", "stopped in September", "parent1@", "The help, each week.")
    invited.agrees(people.school, "Oak Hill School")


def _they_meet(people: People, sent: family.Sent) -> None:
    coordinator, sides = people.coordinator, people.sides(sent)
    people.mediator.staff_sign_in("mediator1")
    meeting.adds_mediator(coordinator, "Mediator 1", "mediator1")
    provider.opens(coordinator, sent.reference)
    meeting.suggests(coordinator, TODAY + dt.timedelta(days=21))
    for person, page in sides:
        person.open(page)
        meeting.answers(person, whose="We" if person is people.officer else "I")
    provider.opens(coordinator, sent.reference)
    meeting.fixes(coordinator, "Mediator 1", place="Room 2, The Library, Derby")
    for person, page in sides:
        person.open(page)
        meeting.keeps_the_date(person, "Room 2, The Library, Derby")
    people.parent.parley.wait_for_mail("parent1@families.example", f"about your request {sent.reference} is arranged")
    meeting.time_passes(people.parent.parley, sent.case_id)
    provider.opens(coordinator, sent.reference)
    meeting.was_held(coordinator)


def _they_confirm_what_they_agreed(people: People, sent: family.Sent) -> None:
    action, agreed, still_open = "Write to the family with the dates", "The help is given each week.", "How many hours"
    provider.opens(people.mediator, sent.reference)
    due = TODAY + dt.timedelta(days=30)
    outcome.is_drafted(
        people.mediator, agreed=agreed, action=action, by="Derby City Council", due=due, still_open=still_open
    )
    outcome.copies_are_given(people.mediator)
    for person, page in people.sides(sent):
        assert agreed not in person.fetch(f"{page}/outcome").text
        person.open(page)
        outcome.is_confirmed(person)
    for person, page in people.sides(sent):
        outcome.comes_to_be_open(person, page)
        person.reads(agreed, action, "What was agreed is not legally binding.")
        outcome.is_printed(person, says=(sent.reference, still_open, agreed, action, "This service gives no mediation"))
        person.does_not_read("1 Quiet Lane", "stopped in September", "Weekdays after 6pm", "sits with me")
    people.officer.open(f"/council/cases/{sent.case_id}/outcome")
    people.officer.press(re.compile(f"^Mark as done.*{action}"))
    people.parent.open(f"{sent.path}/outcome")
    people.parent.reads("Marked as done")


def test_a_council_that_declines_is_read_in_its_own_words_and_the_family_is_told_what_else(cast: Cast) -> None:
    parent, coordinator, officer = cast("parent2", phone=True), cast("coordinator", site="providers"), cast("officer")
    sent = family.asks_without_a_check(parent, "parent2")
    coordinator.staff_sign_in("coordinator1")
    provider.opens(coordinator, sent.reference, view="New")
    provider.acknowledges(coordinator)
    provider.tells_council(coordinator)
    officer.staff_sign_in("officer2")
    council.finds(officer, sent.reference)
    officer.press("Take this case")
    council.declines(officer, "We would like to meet you at school first, with the psychologist.")
    parent.open(sent.path)
    parent.reads("We would like to meet you at school first", "What else you can do")
    provider.opens(coordinator, sent.reference)
    coordinator.reads("We would like to meet you at school first")


def test_a_family_without_an_account_asks_by_a_link_that_is_mailed(cast: Cast) -> None:
    person = cast("carer", phone=True)
    person.open("/requests/before")
    person.follow_button("Continue")
    family.gets_a_link(person, "carer@family.example")
    family.writes(person, family.reached_at("carer@family.example"))
    sent = family.sends(person)
    person.parley.wait_for_mail("carer@family.example", sent.reference)
    person.follow("Follow your request")
    person.reads("Rowan Marsh")


def test_a_caller_is_heard_on_the_phone_and_follows_online_when_they_like(cast: Cast) -> None:
    coordinator = cast("coordinator", site="providers")
    coordinator.staff_sign_in("coordinator1")
    sent = provider.enters_a_call(coordinator)
    code = provider.makes_a_code(coordinator)
    caller = cast("caller", phone=True)
    caller.open("/sign-in")
    family.gets_a_link(caller, "caller@family.example")
    caller.open("/requests/claim")
    caller.fill({"Reference": sent, "Code": code})
    caller.press("Continue")
    caller.reads(sent, "Robin Hill")


def test_a_young_person_says_their_own_yes_before_anything_goes_on(cast: Cast, running_parley: RunningParley) -> None:
    parent, young_person = cast("parent2", phone=True), cast("young-person", phone=True)
    born = TODAY.replace(day=1) - dt.timedelta(days=365 * 18)
    sent = family.asks_without_a_check(parent, "parent2", family.about("Wren Marsh", born))
    parent.open(sent.path)
    parent.reads("Wren Marsh")
    mails = running_parley.mail("sen@globalmediation.co.uk")
    assert not any(sent.reference in f"{mail.subject}{mail.text}" for mail in mails)
    family.takes_up_invitation(young_person, "young_person1")
    young_person.main.get_by_label("Yes, it may go ahead", exact=True).check()
    young_person.press("Send my answer")
    young_person.reads("Your answer was recorded.")
    running_parley.wait_for_mail("sen@globalmediation.co.uk", sent.reference)
    parent.open(sent.path)
    parent.reads("Sent to Global Mediation")


def test_everything_up_to_the_councils_answer_works_without_script(cast: Cast) -> None:
    parent = cast("parent", phone=True, script=False)
    family.checks(parent)
    family.goes_on_to_ask(parent)
    family.signs_in(parent, "parent1")
    family.writes(parent)
    _sees_three_columns(parent)
    sent = family.sends(parent)
    coordinator = cast("coordinator", site="providers", script=False)
    coordinator.staff_sign_in("coordinator1")
    provider.opens(coordinator, sent.reference, view="New")
    provider.acknowledges(coordinator)
    provider.tells_council(coordinator)
    officer = cast("officer", script=False)
    officer.staff_sign_in("officer1")
    council.finds(officer, sent.reference)
    officer.press("Take this case")
    council.agrees(officer)
    parent.open(sent.path)
    parent.reads("Agreed to take part")


def test_a_meeting_and_its_outcome_work_without_script(cast: Cast) -> None:
    parent, officer = cast("parent2", phone=True, script=False), cast("officer", script=False)
    coordinator, mediator = (cast(who, site="providers", script=False) for who in ("coordinator", "mediator"))
    sent = family.asks_without_a_check(parent, "parent2", family.WITH_THE_COUNCIL_ALONE)
    coordinator.staff_sign_in("coordinator1")
    mediator.staff_sign_in("mediator1")
    provider.opens(coordinator, sent.reference, view="New")
    provider.acknowledges(coordinator)
    provider.tells_council(coordinator)
    officer.staff_sign_in("officer1")
    council.finds(officer, sent.reference)
    officer.press("Take this case")
    council.agrees(officer)
    sides = ((parent, sent.path), (officer, f"/council/cases/{sent.case_id}"))
    _they_meet_and_agree(coordinator, mediator, sides, sent)
    outcome.is_printed(parent, says=("How many hours", "The help goes on."))


def _they_meet_and_agree(
    coordinator: Walker, mediator: Walker, sides: tuple[tuple[Walker, str], ...], sent: family.Sent
) -> None:
    parley, last = coordinator.parley, sides[0]
    meeting.adds_mediator(coordinator, "Mediator 1", "mediator1")
    provider.opens(coordinator, sent.reference)
    meeting.suggests(coordinator, TODAY + dt.timedelta(days=28))
    for person, page in sides:
        person.open(page)
        meeting.answers(person, whose="I" if person is last[0] else "We")
    provider.opens(coordinator, sent.reference)
    meeting.fixes(coordinator, "Mediator 1", place="Room 3, The Library, Derby")
    meeting.time_passes(parley, sent.case_id)
    provider.opens(coordinator, sent.reference)
    meeting.was_held(coordinator)
    provider.opens(mediator, sent.reference)
    outcome.is_drafted(
        mediator,
        agreed="The help goes on.",
        action="Write it down",
        by="Derby City Council",
        due=TODAY + dt.timedelta(days=30),
        still_open="How many hours",
    )
    outcome.copies_are_given(mediator)
    for person, page in sides:
        person.open(page)
        outcome.is_confirmed(person)
    outcome.comes_to_be_open(*last)


def _sees_three_columns(parent: Walker) -> None:
    columns = parent.main.get_by_role("table").filter(has_text="What you tell us").get_by_role("columnheader")
    expect(columns).to_have_text(
        ["What you tell us", "Global Mediation", "Derby City Council", "A school or NHS body that is asked"]
    )
