"""A council's pages in each state of its life: tried out, live, suspended, closed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from parley.app import create_app
from parley.db.scope import platform_scope
from parley.settings import Mode
from parley.tenancy.domain import AuthorityState
from parley.tenancy.models import LocalAuthority
from parley.workspaces.family import doors
from support.deployment import deployment
from support.factories import Factory
from support.family import Family, Served, case_of, served_council, words
from support.staff import Officer


@pytest.fixture
def become(app: Flask, make: Factory) -> Callable[..., None]:
    """Put a council into a state, as every process sees within seconds."""

    def change(council: Served, state: AuthorityState, **columns: Any) -> None:
        with make.database.begin(platform_scope()) as session:
            session.execute(
                update(LocalAuthority).where(LocalAuthority.id == council.authority.id).values(state=state, **columns)
            )
            session.commit()
        app.extensions["parley"].sites.forget()

    return change


def test_a_suspended_councils_families_read_whom_to_ring_and_which_dates_run(
    parent: Family, council: Served, become: Callable[..., None]
) -> None:
    become(council, AuthorityState.SUSPENDED)
    for path in ("/", "/check", "/requests", "/sign-in", "/rules"):
        page = parent.get(path)
        assert page.status_code == 503, path
        said = words(page)
        assert "Nothing that you sent is lost" in said
        assert "0800 064 4488" in said
        assert "To contact the mediation adviser: 2 months from" in said
        assert "To appeal: 2 months from" in said
        assert "To appeal: 1 month from the date on the certificate" in said
    answer = parent.client.get("/api/v1/council", base_url=council.url)
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"


def test_a_suspended_councils_own_page_keeps_its_colours_and_what_the_footer_leads_to(
    parent: Family, council: Served, become: Callable[..., None]
) -> None:
    become(council, AuthorityState.SUSPENDED)
    (sheet,) = re.findall(r'href="(/brand/[^"]+)"', parent.get("/").text)
    assert parent.get(sheet).status_code == 200
    assert parent.get("/about/privacy").status_code == 200


def test_nothing_that_was_there_before_a_suspension_is_lost(
    parent: Family, council: Served, make: Factory, become: Callable[..., None]
) -> None:
    case = case_of(parent, make)
    page = f"/requests/{case.id}"
    before = words(parent.get(page))
    become(council, AuthorityState.SUSPENDED)
    assert parent.get(page).status_code == 503
    become(council, AuthorityState.LIVE)
    assert words(parent.get(page)) == before


def test_staff_of_a_suspended_council_go_on(officer: Officer, council: Served, become: Callable[..., None]) -> None:
    become(council, AuthorityState.SUSPENDED)
    assert officer.get("/council/cases").status_code == 200
    assert officer.get("/staff/sign-in").status_code == 200


def test_a_closed_councils_site_leads_to_the_one_that_came_in_its_place(
    parent: Family, council: Served, make: Factory, become: Callable[..., None]
) -> None:
    successor = served_council(make, name="Greater Exampleshire Council")
    case = case_of(parent, make)
    become(council, AuthorityState.CLOSED, successor_id=successor.authority.id)
    for path in ("/", "/check", "/requests/before"):
        page = parent.get(path)
        assert page.status_code == 410, path
        assert "Greater Exampleshire Council now answers" in words(page)
        assert f'href="{successor.url}/"' in page.text
    answer = parent.client.get("/api/v1/council", base_url=council.url)
    assert answer.status_code == 410
    assert successor.url in answer.json["detail"]
    # Whoever has a request here follows it to its end.
    assert parent.get("/requests").status_code == 200
    assert parent.get(f"/requests/{case.id}").status_code == 200


def test_a_council_that_is_tried_out_says_so_on_every_page(
    tmp_path: Any, login_urls: dict[str, str], council: Served, become: Callable[..., None]
) -> None:
    app = create_app(deployment(tmp_path, login_urls, mode=Mode.PRODUCTION))
    url = f"https://{council.authority.host}"
    client = app.test_client()
    assert "is being tried out" not in client.get("/", base_url=url).text
    become(council, AuthorityState.DEMO)
    app.extensions["parley"].sites.forget()
    page = client.get("/", base_url=url)
    app.extensions["parley"].database.dispose()
    assert "This site is being tried out and is not open yet." in page.text
    assert '<meta name="robots" content="noindex, nofollow">' in page.text


@pytest.mark.parametrize("names", [doors.WHILE_SUSPENDED, doors.BEGINNINGS])
def test_every_door_is_one_that_there_is(app: Flask, names: frozenset[str]) -> None:
    known = {*app.blueprints, *(rule.endpoint for rule in app.url_map.iter_rules())}
    assert names <= known
