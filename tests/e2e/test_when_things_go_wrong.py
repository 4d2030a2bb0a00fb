"""What people do by mistake or out of malice: nothing that was typed is lost, and nothing comes twice or to others."""

import datetime as dt
import pathlib
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from support.running import RunningParley, link_in
from support.walker import Album, Walker, choose, date, walker
from support.walks import council, family, provider

pytestmark = pytest.mark.timeout(240)

TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture(scope="module")
def album() -> Album:
    """Pictures of the pages that nobody hopes to see."""
    return Album("things-go-wrong")


@pytest.fixture(scope="module")
def sent(parent: Walker) -> family.Sent:
    """A request that the parent sent."""
    return family.asks(parent)


@pytest.fixture
def stranger(browser: Browser, running_parley: RunningParley) -> Iterator[Walker]:
    """Somebody with a browser that nobody used before."""
    person = walker(browser, running_parley, None, "stranger", phone=True)
    yield person
    person.page.context.close()


def test_two_clicks_and_a_second_tab_send_one_request(parent: Walker, album: Album) -> None:
    parent.open("/requests/before")
    family.writes(parent)
    other = parent.tab()
    other.open(parent.path)
    before = _number_of_requests(parent.tab())
    for tab in (parent, other):
        choose(family.AGREES)(tab)
    with parent.page.expect_event("load"):
        parent.main.get_by_role("button", name="Send the request").dblclick()
    assert "/requests/" in parent.path
    other.press("Send the request")
    assert _number_of_requests(other) == before + 1


def test_an_answer_changed_in_another_tab_is_shown_beside_the_one_that_was_typed(parent: Walker, album: Album) -> None:
    draft = _begins(parent)
    parent.open(f"{draft}/your-name")
    other = parent.tab()
    other.open(f"{draft}/your-name")
    other.fill({"What is your name?": "Ash Marsh"})
    other.press("Continue")
    parent.fill({"What is your name?": "Ashley Marsh"})
    parent.press("Continue")
    look(parent, album)
    parent.reads("This answer was changed in another window", "Ash Marsh")
    assert parent.main.get_by_label("What is your name?").input_value() == "Ashley Marsh"
    parent.press("Continue")
    parent.open(f"{draft}/your-name")
    assert parent.main.get_by_label("What is your name?").input_value() == "Ashley Marsh"


def test_any_name_and_any_day_is_kept_as_it_is(parent: Walker) -> None:
    draft = _begins(parent)
    names = {"your-name": "What is your name?", "child": "Full name"}
    for slug, name in {"your-name": "Zoë 🌻 Ní Bhriain", "child": "محمد الأمين"}.items():
        parent.open(f"{draft}/{slug}")
        parent.fill({names[slug]: name})
        if slug == "child":
            date(dt.date(2016, 2, 29))(parent)
        parent.press("Continue")
        parent.open(f"{draft}/{slug}")
        assert parent.main.get_by_label(names[slug]).input_value() == name
    assert parent.main.get_by_label("Day").input_value() == "29"
    parent.open(f"{draft}/answers")
    parent.reads("Zoë 🌻 Ní Bhriain", "محمد الأمين", "29 February 2016")


@pytest.mark.parametrize(
    ("day", "month", "year", "error"),
    [
        ("30", "2", "2016", "must be a real date"),
        ("29", "2", "2015", "must be a real date"),
        (str(TODAY.day), str(TODAY.month), str(TODAY.year + 1), "must be in the past"),
    ],
)
def test_a_day_that_cannot_be_is_said_and_stays_in_its_boxes(
    parent: Walker, album: Album, day: str, month: str, year: str, error: str
) -> None:
    draft = _begins(parent)
    parent.open(f"{draft}/child")
    parent.fill({"Full name": "Rowan Marsh", "Day": day, "Month": month, "Year": year})
    parent.press("Continue")
    look(parent, album)
    assert error in parent.page.get_by_role("alert").inner_text()
    assert parent.main.get_by_label("Day").input_value() == day
    assert parent.main.get_by_label("Full name").input_value() == "Rowan Marsh"


def test_a_letter_of_tomorrow_is_refused_and_one_of_1999_says_that_its_dates_have_passed(
    parent: Walker, album: Album
) -> None:
    draft = _begins(parent)
    parent.open(f"{draft}/letter")
    choose("Yes")(parent)
    date(TODAY + dt.timedelta(days=1))(parent)
    parent.press("Continue")
    look(parent, album)
    assert "must be today or in the past" in parent.page.get_by_role("alert").inner_text()
    date(dt.date(1999, 3, 1))(parent)
    parent.press("Continue")
    parent.open(f"{draft}/dates")
    look(parent, album)
    parent.reads("1 May 1999", "Passed")


def test_a_link_works_once_and_nobody_else_gets_in_by_it(parent: Walker, stranger: Walker, browser: Browser) -> None:
    stranger.open("/sign-in")
    address = "forwarded@family.example"
    stranger.main.get_by_label("Get a link by email", exact=True).check()
    stranger.press("Continue")
    stranger.fill({"What is your email address?": address})
    stranger.press("Send the link")
    link = link_in(stranger.parley.wait_for_mail(address, "/sign-in/link/"))

    elsewhere = walker(browser, stranger.parley, None, "elsewhere")
    elsewhere.open(link)
    elsewhere.is_at("Your code")
    assert elsewhere.fetch("/requests").text != parent.fetch("/requests").text
    elsewhere.open("/requests")
    elsewhere.is_at("How do you want to continue?")

    stranger.open(link)
    stranger.press("Sign in")
    for person in (stranger, elsewhere):
        person.open(link)
        person.is_at("This link or code does not work")
    elsewhere.page.context.close()


def test_a_link_that_ran_out_says_so_and_offers_another(stranger: Walker, album: Album) -> None:
    stranger.open("/sign-in/email")
    stranger.fill({"What is your email address?": "late@family.example"})
    stranger.press("Send the link")
    link = link_in(stranger.parley.wait_for_mail("late@family.example", "/sign-in/link/"))
    with stranger.parley.database() as connection:
        connection.execute("UPDATE one_time_link SET expires_at = expires_at - interval '1 hour'")
    stranger.open(link)
    look(stranger, album)
    stranger.is_at("This link or code does not work")
    stranger.reads("Ask for a new link")


def test_what_is_somebody_elses_reads_byte_for_byte_like_what_never_was(
    parent: Walker, sent: family.Sent, browser: Browser
) -> None:
    never = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}", "01a20c00-0000", sent.path)
    assert parent.fetch(sent.path).status == 200
    other_parent = walker(browser, parent.parley, None, "parent2")
    other_parent.open("/sign-in")
    family.signs_in(other_parent, "parent2")
    pages = ["", "/sent", "/withdraw", "/documents", "/your-say"]
    for page in pages:
        theirs, nobodys = other_parent.fetch(sent.path + page), other_parent.fetch(never + page)
        assert (theirs.status, theirs.text) == (404, nobodys.text.replace(never, sent.path)), page
    other_parent.page.context.close()


def test_another_councils_officer_finds_nothing_at_a_cases_address(
    parent: Walker, sent: family.Sent, browser: Browser
) -> None:
    officer = walker(browser, parent.parley, None, "officer", site="staffordshire")
    officer.staff_sign_in("officer1")
    case, never = (
        sent.path.replace("/requests", "/council/cases"),
        "/council/cases/01a20c00-0000-7000-8000-000000000000",
    )
    for page in ("", "/answer", "/messages"):
        theirs, nobodys = officer.fetch(case + page), officer.fetch(never + page)
        assert (theirs.status, theirs.text) == (404, nobodys.text.replace(never, case)), page
    officer.page.context.close()


def test_an_officer_who_was_slower_loses_no_word(
    parent: Walker, sent: family.Sent, album: Album, browser: Browser
) -> None:
    coordinator = walker(browser, parent.parley, None, "coordinator", site="providers")
    coordinator.staff_sign_in("coordinator1")
    provider.opens(coordinator, sent.reference, view="New")
    provider.acknowledges(coordinator)
    provider.tells_council(coordinator)
    quick, slow = (walker(browser, parent.parley, None, who) for who in ("quick", "slow"))
    for officer, account in ((quick, "officer1"), (slow, "officer2")):
        officer.staff_sign_in(account)
        council.finds(officer, sent.reference)
    slow.follow_button("Answer")
    slow.follow("No, the council does not take part")
    choose("Another way is the right one")(slow)
    slow.fill({"The reason, in words for the family": "We meet at the school."})
    council.agrees(quick)
    slow.press("See what the family will read")
    slow.press("Send")
    look(slow, album)
    slow.is_at("This case has moved on")
    slow.reads("We meet at the school.")
    for one in (coordinator, quick, slow):
        one.page.context.close()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"%PDF-1.7\n" + b"0" * 30_000_000, "too large"),
        (b"MZ\x90\x00\x03" + b"\x00" * 2_000, "The file is a program"),
    ],
    ids=["30 MB", "a renamed program"],
)
def test_a_file_that_cannot_be_taken_is_refused_and_the_page_says_which_can(
    parent: Walker, sent: family.Sent, album: Album, tmp_path: pathlib.Path, content: bytes, error: str
) -> None:
    parent.open(f"{sent.path}/documents")
    file = tmp_path / "report.pdf"
    file.write_bytes(content)
    parent.main.get_by_label("Choose a file").set_input_files(file)
    parent.press("Add it")
    look(parent, album)
    assert error in parent.text
    parent.open(f"{sent.path}/documents")
    parent.reads("There are no documents here yet")


def look(person: Walker, album: Album) -> None:
    """Have somebody who goes without an album look at one page."""
    person.album = album
    try:
        person.look()
    finally:
        person.album = None


def _begins(person: Walker) -> str:
    person.open("/requests/before")
    person.press("Start now")
    return person.path.rpartition("/")[0]


def _number_of_requests(person: Walker) -> int:
    person.open("/requests")
    return len(set(re.findall(r"DER-\d{4}-\d{5}", person.text)))
