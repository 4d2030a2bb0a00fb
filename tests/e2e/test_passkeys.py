"""Joining a provider and signing in with a passkey, in a real browser with a device of its own."""

import pathlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from parley.access.domain import Role
from parley.db.session import Database
from parley.identity.domain import SignInKind
from parley.kernel.clock import SystemClock
from support.browser import DESKTOP, PHONE, problems, screenshot
from support.factories import Factory
from support.memberships import PasskeyRealm
from support.sign_in import sign_in_app, sign_in_settings
from support.signin_server import free_port
from support.styleguide import served

#: A phone or laptop that keeps passkeys and knows its owner by their finger.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def office(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, PasskeyRealm, str]]:
    """The providers' address, a provider whose people come in by passkey, and its short name."""
    port = free_port()
    make = Factory(database, SystemClock())
    provider, _other = make.provider(name="Open Door Mediation"), make.provider()
    realm = PasskeyRealm(make, provider.id, SignInKind.PROVIDER)
    realm.open_door()
    settings = sign_in_settings(pathlib.Path(tmp_path_factory.mktemp("passkeys")), port=port)
    with served(sign_in_app(database, settings, SystemClock(), {}), port):
        yield f"http://providers.localhost:{port}", realm, provider.slug


def test_a_colleague_joins_signs_in_again_and_invites_another(
    browser: Browser, office: tuple[str, PasskeyRealm, str]
) -> None:
    address, realm, slug = office
    page = _with_device(browser)
    page.goto(f"{address}/sign-in/{slug}/join/{_invitation(realm, 'admin')}")
    _look(page, "passkeys/join")
    page.get_by_role("button", name="Make a passkey and join").click()
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/mine")
    expect(page.locator("body")).to_contain_text("Casey Field")
    page.goto(f"{address}/people")
    _look(page, "passkeys/people")
    page.get_by_role("link", name="Casey Field").click()
    _look(page, "passkeys/person")
    page.goto(f"{address}/people/invite")
    page.get_by_role("button", name="Send the invitation").click()
    _look(page, "passkeys/invite-empty")
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in")
    page.get_by_label("Open Door Mediation").check()
    page.get_by_role("button", name="Continue").click()
    _look(page, "passkeys/use")
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/mine")
    expect(page.locator("body")).to_contain_text("Casey Field")
    page.context.close()


def test_whoever_stops_at_the_device_stays_on_the_page_and_is_told_so(
    browser: Browser, office: tuple[str, PasskeyRealm, str]
) -> None:
    address, realm, slug = office
    page = _with_device(browser, confirmed=False)
    page.goto(f"{address}/sign-in/{slug}/join/{_invitation(realm, 'stops')}")
    page.get_by_role("button", name="Make a passkey and join").click()
    expect(page.get_by_role("status")).to_contain_text("The device did not finish")
    _look(page, "passkeys/stopped")
    page.context.close()


def test_without_script_the_page_says_what_is_missing(browser: Browser, office: tuple[str, PasskeyRealm, str]) -> None:
    address, realm, slug = office
    page = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(f"{address}/sign-in/{slug}/join/{_invitation(realm, 'plain')}")
    expect(page.get_by_role("button", name="Make a passkey and join")).to_be_hidden()
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    screenshot(page, "passkeys/join-plain")
    page.context.close()


def _invitation(realm: PasskeyRealm, name: str) -> str:
    """Return the token of a new invitation."""
    roles = (Role.PROVIDER_ADMINISTRATOR, Role.COORDINATOR)
    return realm.token(realm.invite(*roles, name="Casey Field", mailbox=f"{name}@provider.example"))


def _with_device(browser: Browser, *, confirmed: bool = True) -> Page:
    page = browser.new_context(viewport=DESKTOP).new_page()
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    client.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE | {"isUserVerified": confirmed}})
    return page


def _look(page: Page, name: str) -> None:
    """Take a picture in both widths, and check what is wrong with the page."""
    for width, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(viewport)
        screenshot(page, f"{name}-{width}")
    page.set_viewport_size(DESKTOP)
    assert problems(page) == []
