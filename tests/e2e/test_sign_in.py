"""Signing in with a real browser, to a real OpenID provider and back: with and without script, and accessible."""

import pathlib
import re
from collections.abc import Iterator

import pytest
from joserfc.jwk import ECKey
from playwright.sync_api import Browser, Page, expect

from parley.db.session import Database
from parley.kernel.clock import SystemClock
from support.browser import DESKTOP, PHONE, problems, screenshot
from support.sign_in import add_council, client_secrets, sign_in_app, sign_in_settings
from support.signin_server import free_port, signin_server
from support.styleguide import served

KEY = ECKey.generate_key("P-256", {"kid": "derby-1", "use": "sig", "alg": "ES256"}, private=True)


@pytest.fixture(scope="module")
def derby(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Derby's sign-in pages."""
    port = free_port()
    keys = {"derby-families": {"keys": [KEY.as_dict(private=False)]}}
    with signin_server(web_port=port, client_keys=keys) as issuers:
        add_council(database, issuers, "derby", "Derby City Council", "E06000015", "DER")
        settings = sign_in_settings(pathlib.Path(tmp_path_factory.mktemp("sign-in")), port=port)
        app = sign_in_app(database, settings, SystemClock(), client_secrets(issuers, KEY))
        with served(app, port):
            yield f"http://derby.localhost:{port}"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_parent_signs_in_and_out_in_a_browser(browser: Browser, derby: str, script: bool) -> None:
    page = browser.new_context(viewport=PHONE, java_script_enabled=script).new_page()
    page.goto(f"{derby}/mine")
    look(page, "sign-in/choose", script)
    page.get_by_label("Sign in with your Derby City Council account").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name=re.compile("Parent 1")).click()
    expect(page.locator("body")).to_contain_text("family Derby City Council account")
    page.goto(f"{derby}/account/confirm?next=/mine")
    look(page, "sign-in/confirm", script)
    page.goto(f"{derby}/account/sign-ins")
    look(page, "sign-in/sign-ins", script)
    page.get_by_role("button", name=re.compile("Sign out Chrome")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    look(page, "sign-in/signed-out", script)
    page.get_by_role("link", name="Sign out of your Derby City Council account").click()
    expect(page).to_have_url(re.compile("/derby-families/session/end"))
    page.context.close()


def test_every_page_of_the_link_is_accessible(browser: Browser, derby: str) -> None:
    page = browser.new_context(viewport=DESKTOP).new_page()
    page.goto(f"{derby}/sign-in")
    page.get_by_label("Get a link by email").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("Enter your email address").first).to_be_visible()
    look(page, "sign-in/email-missing", True)
    page.get_by_label("What is your email address?").fill("parent@family.example")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    look(page, "sign-in/sent", True)
    page.get_by_label("Code").fill("BBBBBB")
    page.get_by_role("button", name="Continue").click()
    look(page, "sign-in/wrong-code", True)
    for path, title in (
        ("/sign-in/phone", "Ask by phone"),
        ("/account/confirmed?next=/mine", "You have confirmed that it is you"),
        ("/sign-in/link/made-up", "This link or code does not work"),
        ("/sign-in/callback?state=x", "This sign-in has ended"),
        ("/staff/sign-in", "Sign in"),
    ):
        page.goto(derby + path)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        look(page, f"sign-in{re.sub('[^a-z]+', '-', path)}", True)
    page.context.close()


def look(page: Page, name: str, script: bool) -> None:
    """Take a picture, and, where scripts run, check what is wrong with the page."""
    screenshot(page, f"{name}-{'script' if script else 'plain'}")
    if script:
        assert problems(page) == []
