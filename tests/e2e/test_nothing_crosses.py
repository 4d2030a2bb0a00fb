"""What was told to one side alone is planted as words of its own, and looked for in everything another side can reach.

Pages and files are crawled as the person that they must be hidden from; mail, calendar entries and logs are read whole.
"""

import datetime as dt
from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser

from support.crawling import everything_the_api_answers, everything_within_reach, links_of
from support.running import RunningParley
from support.walker import Answer, Walker, all_of, choose, choose_in, type_in, walker
from support.walks import council, family, invited, meeting, outcome, provider

pytestmark = pytest.mark.timeout(300)

SCHOOLS_EMAIL = "senco@oakhill.example"

#: What a parent tells nobody but the provider. Each is found nowhere else.
FOR_THE_PROVIDER = {
    "times": "Canarytimes",
    "feared": "Canaryfeared",
    "address": "Canaryaddress",
    "phone": "01632 960 739",
    "story": "Canarystory",
    "views": "Canaryviews",
    "needs": "Canaryneeds",
}
#: A number is shown as people write it and kept as machines do.
PHONE_WRITTEN = ("01632960739", "01632 960739", "01632 960 739", "+441632960739")

FOR_COUNCIL_AND_PROVIDER = "Canarymessage"
FOR_THE_MEDIATOR = "Canarynote"
#: In a draft of which no side was given its copy, and in what a family says of a meeting to the provider alone.
FOR_THE_PROVIDERS_PEOPLE = ("Canaryagreed", "Canaryaction", "Canaryopen")
FOR_THE_MEETING = ("Canarysupporter", "Canarypapers")

TODAY = dt.datetime.now(dt.UTC).date()

GUARDED: Mapping[str, Answer] = {
    "How can you be reached safely?": all_of(
        choose("A phone call"),
        type_in({"Are there times when it is safe, or not safe? (optional)": FOR_THE_PROVIDER["times"]}),
    ),
    "Is there anybody who must not learn of this request?": all_of(
        choose("Yes"), type_in({"Who, and what should be avoided?": FOR_THE_PROVIDER["feared"]})
    ),
    "Would any of these help you feel safe?": choose("Hide my address"),
    "How can Global Mediation reach you?": type_in({"Phone number": FOR_THE_PROVIDER["phone"]}),
    "Where does": type_in({"Address (optional)": FOR_THE_PROVIDER["address"]}),
    "Your story": type_in({"What has happened? (optional)": FOR_THE_PROVIDER["story"]}),
    "What Rowan Marsh says": type_in({"What do they think? (optional)": FOR_THE_PROVIDER["views"]}),
    "Do you need any of these to take part?": all_of(
        choose("Something else"), type_in({"What do you need?": FOR_THE_PROVIDER["needs"]})
    ),
    "Who may read your own words?": choose_in({"Who may read what you wish for?": "Derby City Council"}),
}

PLANTED = (
    *FOR_THE_PROVIDER.values(),
    *PHONE_WRITTEN,
    *FOR_THE_PROVIDERS_PEOPLE,
    *FOR_THE_MEETING,
    FOR_COUNCIL_AND_PROVIDER,
    FOR_THE_MEDIATOR,
)


class Sides:
    """The people of one case that went as far as a draft after the meeting, with what each told the other planted."""

    def __init__(self, browser: Browser, parley: RunningParley) -> None:
        """Carry the case there."""
        self._browser, self._parley = browser, parley
        self._people: list[Walker] = []
        self.parent, self.coordinator, self.officer = self.person("parent"), self.provider(), self.person("officer")
        self.sent = family.asks_without_a_check(self.parent, "parent1", GUARDED)
        self.coordinator.staff_sign_in("coordinator1")
        provider.opens(self.coordinator, self.sent.reference, view="New")
        self.provider_page = self.coordinator.path
        provider.acknowledges(self.coordinator)
        provider.tells_council(self.coordinator)
        self.officer.staff_sign_in("officer1")
        council.finds(self.officer, self.sent.reference)
        self.officer.press("Take this case")
        council.agrees(self.officer)
        self.officer.open(f"/council/cases/{self.sent.case_id}/messages")
        self.officer.fill({"Your message": FOR_COUNCIL_AND_PROVIDER})
        self.officer.press("Send message")
        provider.invites(self.coordinator, "Oak Hill School", SCHOOLS_EMAIL)
        self.school = self.person("school")
        invited.opens_invitation(self.school, SCHOOLS_EMAIL, self.sent.reference)
        invited.agrees(self.school, "Oak Hill School")
        self.mediator = self.provider()
        self.mediator.staff_sign_in("mediator1")
        self.mediator.open(f"{self.provider_page}/notes")
        self.mediator.fill({"Add a note": FOR_THE_MEDIATOR})
        self.mediator.press("Save the note")
        self._meets()

    def _meets(self) -> None:
        sides = [
            (self.parent, self.sent.path),
            (self.officer, f"/council/cases/{self.sent.case_id}"),
            (self.school, f"/invited/cases/{self.sent.case_id}"),
        ]
        meeting.adds_mediator(self.coordinator, "Mediator 1", "mediator1")
        self.coordinator.open(self.provider_page)
        meeting.suggests(self.coordinator, TODAY + dt.timedelta(days=35))
        for person, page in sides:
            person.open(page)
            meeting.answers(person, whose="We" if person is self.officer else "I")
        self.parent.open(f"{self.sent.path}/meeting/preparation")
        supporter, papers = FOR_THE_MEETING
        self.parent.fill({"Name of your supporter": supporter, "Reports or other papers you will bring": papers})
        self.parent.press("Save")
        self.coordinator.open(self.provider_page)
        meeting.fixes(self.coordinator, "Mediator 1", place="Room 4, The Library, Derby")
        for person, page in sides:
            person.open(f"{page}/meeting")
            person.reads("Room 4, The Library, Derby")
        self._parley.wait_for_mail(SCHOOLS_EMAIL, f"{self.sent.reference} is arranged")

    def is_held_and_drafted(self) -> None:
        """Let the meeting be over, and its mediator write a draft that stays with the provider."""
        meeting.time_passes(self._parley, self.sent.case_id)
        self.coordinator.open(self.provider_page)
        meeting.was_held(self.coordinator)
        self.mediator.open(self.provider_page)
        agreed, action, still_open = FOR_THE_PROVIDERS_PEOPLE
        due = TODAY + dt.timedelta(days=60)
        outcome.is_drafted(
            self.mediator, agreed=agreed, action=action, by="Derby City Council", due=due, still_open=still_open
        )

    def person(self, who: str, site: str = "derby") -> Walker:
        """Return somebody with a browser that nobody used before."""
        self._people.append(walker(self._browser, self._parley, None, who, site=site))
        return self._people[-1]

    def leave(self) -> None:
        """Close everybody's browser."""
        for one in self._people:
            one.page.context.close()

    def provider(self) -> Walker:
        """Return somebody on the provider's host."""
        return self.person("coordinator", "providers")


@pytest.fixture(scope="module")
def sides(browser: Browser, running_parley: RunningParley) -> Iterator[Sides]:
    """The people of one case."""
    everybody = Sides(browser, running_parley)
    yield everybody
    everybody.leave()


def test_the_provider_itself_reads_what_was_meant_for_it(sides: Sides) -> None:
    page = sides.coordinator.fetch(sides.provider_page).text
    for told in FOR_THE_PROVIDER.values():
        assert told.replace("960 739", "960739") in page, told
    assert FOR_THE_MEDIATOR in sides.mediator.fetch(f"{sides.provider_page}/notes").text
    assert FOR_COUNCIL_AND_PROVIDER in sides.officer.fetch(f"/council/cases/{sides.sent.case_id}/messages").text


def test_no_calendar_file_that_anybody_fetches_or_is_mailed_has_any_of_it(
    sides: Sides, running_parley: RunningParley
) -> None:
    pages = (
        (sides.parent, f"{sides.sent.path}/meeting"),
        (sides.officer, f"/council/cases/{sides.sent.case_id}/meeting"),
        (sides.school, f"/invited/cases/{sides.sent.case_id}/meeting"),
        (sides.coordinator, f"{sides.provider_page}/meeting"),
    )
    for person, page in pages:
        files = [link for link in links_of(person, page) if link.endswith(".ics")]
        assert files, page
        for file in files:
            fetched = person.fetch(file)
            assert fetched.kind.startswith("text/calendar")
            assert_absent((*PLANTED, "Rowan"), {file: fetched.text.replace("\r\n ", "")})
    mailed = {name: text for name, text in running_parley.sources() if "BEGIN:VCALENDAR" in text}
    assert any(sides.sent.reference in text for text in mailed.values())
    assert_absent((*PLANTED, "Rowan"), {name: text.replace("\r\n ", "") for name, text in mailed.items()})


def test_the_council_reaches_nothing_of_it(sides: Sides) -> None:
    sides.is_held_and_drafted()
    found = everything_within_reach(sides.officer, ["/council", f"/council/cases/{sides.sent.case_id}", "/api"])
    assert f"/council/cases/{sides.sent.case_id}/messages" in found
    assert f"/council/cases/{sides.sent.case_id}/your-copy" in found
    assert_absent(tuple(word for word in PLANTED if word != FOR_COUNCIL_AND_PROVIDER), found)


def test_no_answer_of_the_api_has_any_of_it(sides: Sides) -> None:
    for person in (sides.parent, sides.officer, sides.school):
        assert_absent((*PLANTED, sides.sent.reference), everything_the_api_answers(person))


def test_a_mediators_note_is_out_of_reach_of_the_coordinator_too(sides: Sides) -> None:
    found = everything_within_reach(sides.coordinator, [sides.provider_page, f"{sides.provider_page}/notes"])
    assert_absent((FOR_THE_MEDIATOR,), found)


def test_an_invited_school_reaches_nothing_of_it(sides: Sides) -> None:
    found = everything_within_reach(sides.school, [f"/invited/cases/{sides.sent.case_id}"])
    assert_absent(PLANTED, found)


def test_the_family_itself_reaches_nothing_that_council_and_provider_wrote_to_each_other(sides: Sides) -> None:
    found = everything_within_reach(sides.parent, ["/requests", sides.sent.path])
    assert FOR_THE_PROVIDER["story"] in found[sides.sent.path]
    assert_absent((FOR_COUNCIL_AND_PROVIDER, FOR_THE_MEDIATOR, *FOR_THE_PROVIDERS_PEOPLE), found)


@pytest.mark.parametrize(
    ("account", "site", "begins"),
    [("parent2", "derby", "/requests"), ("officer1", "staffordshire", "/council"), ("operator1", "operator", "/")],
)
def test_others_reach_nothing_of_it(sides: Sides, account: str, site: str, begins: str) -> None:
    other = sides.person(account, site)
    if account == "parent2":
        other.open("/sign-in")
        family.signs_in(other, account)
    else:
        other.staff_sign_in(account)
    found = everything_within_reach(other, [begins])
    assert_absent((*PLANTED, sides.sent.reference) if site != "operator" else PLANTED, found)


def test_no_message_and_no_log_has_any_of_it(sides: Sides, running_parley: RunningParley) -> None:
    assert_absent(PLANTED, dict(running_parley.sources()))


def assert_absent(planted: tuple[str, ...], sources: Mapping[str, str]) -> None:
    """Hold every source to having none of the planted words."""
    leaks = [(name, word) for name, text in sources.items() for word in planted if word in text]
    assert leaks == []
