"""Pages that few come to, in a real browser at both widths: of a council that is paused or that another came in place
of, and of a case that waits for its young person. Accessible, and there to look at."""

import pathlib
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import update

from parley.app import create_app
from parley.db.scope import platform_scope
from parley.tenancy.domain import AuthorityState
from parley.tenancy.models import LocalAuthority
from support.browser import DESKTOP, PHONE, problems, screenshot
from support.deployment import deployment
from support.factories import Factory
from support.family import Family, Served, served_council
from support.own_choice import growing
from support.styleguide import served


@pytest.fixture
def app(make: Factory, login_urls: dict[str, str], tmp_path: pathlib.Path) -> Iterator[Flask]:
    """The whole application."""
    app = create_app(deployment(tmp_path, login_urls), clock=make.clock)
    app.testing = True
    yield app
    app.extensions["parley"].database.dispose()


@pytest.fixture(params=["phone", "desktop"])
def width(request: pytest.FixtureRequest) -> str:
    """How wide the browser is."""
    return str(request.param)


def opened(browser: Browser, width: str, host: str, port: str, family: Family | None = None) -> Page:
    """Open a browser on a council's site, as a family that is signed in if one is given."""
    url = f"http://{host}:{port}"
    context = browser.new_context(viewport=PHONE if width == "phone" else DESKTOP, base_url=url)
    if family is not None:
        cookie = family.client.get_cookie("parley", domain=host)
        assert cookie
        context.add_cookies([{"name": "parley", "value": cookie.value, "url": url}])
    return context.new_page()


def look(page: Page, path: str, name: str, status: int = 200) -> None:
    """Open a page, keep a picture of it, and hold it to being accessible."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status
    screenshot(page, name)
    assert problems(page) == []


def become(app: Flask, make: Factory, council: Served, **columns: object) -> None:
    """Put a council into another state."""
    with make.database.begin(platform_scope()) as session:
        session.execute(update(LocalAuthority).where(LocalAuthority.id == council.authority.id).values(**columns))
        session.commit()
    app.extensions["parley"].sites.forget()


def test_pages_of_a_council_that_is_paused_or_succeeded(
    app: Flask, make: Factory, browser: Browser, width: str
) -> None:
    paused, closed, successor = (served_council(make) for _ in range(3))
    become(app, make, paused, state=AuthorityState.SUSPENDED)
    become(app, make, closed, state=AuthorityState.CLOSED, successor_id=successor.authority.id)
    with served(app) as address:
        port = address.rpartition(":")[2]
        look(opened(browser, width, paused.authority.host, port), "/", f"shut/paused-{width}", 503)
        look(opened(browser, width, closed.authority.host, port), "/check", f"shut/moved-{width}", 410)


def test_pages_of_a_case_that_waits_for_its_young_person(
    app: Flask, make: Factory, browser: Browser, width: str
) -> None:
    council = served_council(make)
    app.extensions["parley"].sites.forget()
    parent, young = Family(app.test_client(), council), Family(app.test_client(), council)
    parent.sign_in(make)
    young.sign_in(make)
    case = growing(make, council, born="2010-03-02", parent_identity=parent.identity_id)
    case.look(at=make.clock.now())
    own = f"/requests/{case.made.id}"
    with served(app) as address:
        port, host = address.rpartition(":")[2], council.authority.host
        page = opened(browser, width, host, port, parent)
        for path in ("", "/young-person", "/acting"):
            look(page, own + path, f"own-choice/parent{path.replace('/', '-')}-{width}")
        case.sign_young_person_up(young.identity_id)
        page = opened(browser, width, host, port, young)
        for path in ("", "/your-say"):
            look(page, own + path, f"own-choice/young-person{path.replace('/', '-')}-{width}")
