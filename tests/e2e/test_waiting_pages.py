"""Pages that few come to, in a real browser at both widths: of a council that is paused or that another came in place
of, and of a case that waits for its young person. Accessible, and there to look at."""

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import update

from parley.db.scope import platform_scope
from parley.tenancy.domain import AuthorityState
from parley.tenancy.models import LocalAuthority
from support.browser import look_at
from support.factories import Factory
from support.family import Family, Served, served_council
from support.own_choice import growing
from support.windows import Windows


def look(page: Page, path: str, name: str, status: int = 200) -> None:
    """Open a page, keep pictures of it, and hold it to being accessible."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status
    look_at(page, name)


def become(app: Flask, make: Factory, council: Served, **columns: object) -> None:
    """Put a council into another state."""
    with make.database.begin(platform_scope()) as session:
        session.execute(update(LocalAuthority).where(LocalAuthority.id == council.authority.id).values(**columns))
        session.commit()
    app.extensions["parley"].sites.forget()


def test_pages_of_a_council_that_is_paused_or_succeeded(app: Flask, make: Factory, windows: Windows) -> None:
    paused, closed, successor = (served_council(make) for _ in range(3))
    become(app, make, paused, state=AuthorityState.SUSPENDED)
    become(app, make, closed, state=AuthorityState.CLOSED, successor_id=successor.authority.id)
    look(windows.open(paused.authority.host), "/", "shut/paused", 503)
    look(windows.open(closed.authority.host), "/check", "shut/moved", 410)


def test_pages_of_a_case_that_waits_for_its_young_person(app: Flask, make: Factory, windows: Windows) -> None:
    council = served_council(make)
    app.extensions["parley"].sites.forget()
    parent, young = Family(app.test_client(), council), Family(app.test_client(), council)
    parent.sign_in(make)
    young.sign_in(make)
    case = growing(make, council, born="2010-03-02", parent_identity=parent.identity_id)
    case.look(at=make.clock.now())
    own, host = f"/requests/{case.made.id}", council.authority.host
    page = windows.open(host, parent.client)
    for path in ("", "/young-person", "/acting"):
        look(page, own + path, f"own-choice/parent{path.replace('/', '-')}")
    case.sign_young_person_up(young.identity_id)
    page = windows.open(host, young.client)
    for path in ("", "/your-say"):
        look(page, own + path, f"own-choice/young-person{path.replace('/', '-')}")
