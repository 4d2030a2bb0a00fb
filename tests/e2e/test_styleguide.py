"""Every component in a real browser: accessible at phone and desktop width, and working without script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from parley.web.errors import WORDS
from parley.web.frames import FOOTER
from parley.web.shell import Link
from parley.web.styleguide import SPECIMENS
from support.browser import DESKTOP, PHONE, look_at, screenshot
from support.styleguide import FAMILY, STAFF, served, styleguide_app

STAFF_SPECIMENS = ("list", "empty", "case")
PATHS = ("", *SPECIMENS, *(f"error/{status}" for status in (404, 500)))


@pytest.fixture(scope="module")
def family() -> Iterator[str]:
    """The style guide within a council's family site."""
    with served(styleguide_app(FAMILY)) as address:
        yield address


@pytest.fixture(scope="module")
def staff() -> Iterator[str]:
    """The style guide within a council's workspace."""
    with served(styleguide_app(STAFF)) as address:
        yield address


@pytest.mark.parametrize("link", FOOTER, ids=lambda link: link.href.rpartition("/")[2])
def test_every_page_of_the_footer_is_there_and_accessible(browser: Browser, family: str, link: Link) -> None:
    page = page_of(browser, phone=True)
    page.goto(f"{family}/styleguide/status")
    page.get_by_role("contentinfo").get_by_role("link", name=link.text).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    look_at(page, link.href)
    page.context.close()


def page_of(browser: Browser, *, phone: bool = False, script: bool = True) -> Page:
    """Return a page in a context of its own."""
    return browser.new_context(viewport=PHONE if phone else DESKTOP, java_script_enabled=script).new_page()


def site(slug: str, family: str, staff: str) -> str:
    """Return the address of the style guide that ``slug`` belongs in."""
    return f"{staff if slug in STAFF_SPECIMENS else family}/styleguide/{slug}"


@pytest.mark.parametrize("slug", PATHS)
def test_a_specimen_has_no_accessibility_problem(browser: Browser, family: str, staff: str, slug: str) -> None:
    page = page_of(browser, phone=True)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(site(slug, family, staff))
    look_at(page, f"styleguide/{slug or 'index'}")
    assert complaints == []
    page.context.close()


@pytest.mark.parametrize("slug", PATHS)
def test_a_specimen_shows_everything_without_script(browser: Browser, family: str, staff: str, slug: str) -> None:
    page = page_of(browser, phone=True, script=False)
    page.goto(site(slug, family, staff))
    screenshot(page, f"styleguide/{slug or 'index'}-no-script")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    # Without script nothing is folded away behind the menu button.
    for link in FAMILY.navigation if slug not in STAFF_SPECIMENS else STAFF.navigation:
        expect(page.get_by_role("navigation").get_by_role("link", name=link.text, exact=True)).to_be_visible()
    page.context.close()


def test_the_words_of_every_error_page_exist() -> None:
    assert set(WORDS) >= {400, 403, 404, 405, 409, 410, 413, 429, 500, 503}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_an_option_shows_the_field_that_belongs_to_it(browser: Browser, family: str, script: bool) -> None:
    page = page_of(browser, script=script)
    page.goto(f"{family}/styleguide/question")
    more = page.get_by_label("Tell us who you are")
    expect(more).to_be_hidden()
    page.get_by_label("Somebody else").check()
    expect(more).to_be_visible()
    page.get_by_label("A parent or carer").check()
    expect(more).to_be_hidden()
    page.context.close()


def test_an_error_in_the_summary_leads_to_its_box(browser: Browser, family: str) -> None:
    page = page_of(browser)
    page.goto(f"{family}/styleguide/form-error")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="The date of the letter must be a real date").click()
    expect(page.get_by_label("Day")).to_be_focused()
    page.context.close()


def test_none_of_these_clears_the_others(browser: Browser, family: str) -> None:
    page = page_of(browser)
    page.goto(f"{family}/styleguide/form")
    page.get_by_label("Text message").check()
    page.get_by_label("Do not contact me").check()
    expect(page.get_by_label("Text message")).not_to_be_checked()
    page.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_exit_this_page_leaves_at_once_and_stays_in_sight(browser: Browser, family: str, script: bool) -> None:
    page = page_of(browser, phone=True, script=script)
    page.route(
        "https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html")
    )
    page.goto(f"{family}/styleguide/status")
    page.get_by_role("heading", name="What has happened").scroll_into_view_if_needed()
    leave = page.get_by_role("button", name="Exit this page")
    expect(leave).to_be_in_viewport()
    leave.click()
    page.wait_for_url("https://www.bbc.co.uk/weather")
    page.context.close()


def test_exit_this_page_also_answers_to_three_presses_of_shift(browser: Browser, family: str) -> None:
    page = page_of(browser)
    page.route(
        "https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html")
    )
    page.goto(f"{family}/styleguide/status")
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("https://www.bbc.co.uk/weather")
    page.context.close()


def test_a_reference_can_be_copied_with_script_and_offers_no_button_without(browser: Browser, family: str) -> None:
    page = page_of(browser)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=family)
    page.goto(f"{family}/styleguide/status")
    page.get_by_role("button", name="Copy case reference").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "DER-2026-00001"
    page.context.close()

    bare = page_of(browser, script=False)
    bare.goto(f"{family}/styleguide/status")
    expect(bare.get_by_text("Copy", exact=True)).to_be_hidden()
    bare.context.close()


def test_the_first_tab_stop_skips_to_the_content(browser: Browser, family: str) -> None:
    page = page_of(browser)
    page.goto(f"{family}/styleguide/result")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()
    page.context.close()


def test_on_paper_the_furniture_is_gone_and_what_was_folded_is_there(browser: Browser, family: str) -> None:
    page = page_of(browser)
    page.goto(f"{family}/styleguide/result")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Menu")).to_be_hidden()
    expect(page.get_by_text("Exit this page").first).to_be_hidden()
    expect(page.get_by_text("Rule area B")).to_be_visible()
    screenshot(page, "styleguide/result-print")
    page.context.close()


def test_a_page_works_at_four_times_its_size(browser: Browser, family: str) -> None:
    # 320 pixels is what remains of 1280 at 400 % (WCAG 2.2, success criterion 1.4.10).
    context = browser.new_context(viewport={"width": 320, "height": 256})
    page = context.new_page()
    for slug in ("result", "status", "check", "form-error"):
        page.goto(f"{family}/styleguide/{slug}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, slug
    context.close()
