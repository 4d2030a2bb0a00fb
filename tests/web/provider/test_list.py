"""One list over all councils that commission the provider."""

import datetime as dt
import re
from collections.abc import Callable

from flask import Flask

from parley.access.domain import Role
from parley.casework.domain import CaseState
from parley.casework.request import Person
from parley.db.scope import Login
from parley.kernel.clock import FixedClock
from support.factories import Factory
from support.family import Served, heading, words
from support.provider import Staff, a_request, case_path, sent
from support.statements import statements_of


def test_cases_of_all_councils_stand_in_one_list_with_their_next_date_and_its_basis(
    coordinator: Staff, council: Served, make: Factory
) -> None:
    other = make.authority(name="Second Council")
    make.commission(other, coordinator.provider)
    case = sent(make, council)
    made = make.case(other, provider=coordinator.provider, child_name="Robin Vale")
    page = words(coordinator.get("/"))
    assert "Rowan Marsh" in page
    assert "Robin Vale" in page
    assert f"{case.reference}, {council.authority.name}" in page
    assert f"{made.reference}, Second Council" in page
    assert "Due in 2 days Acknowledge the request by 26 Nov 2026, our aim" in page


def test_the_list_is_narrowed_to_a_council(coordinator: Staff, council: Served, make: Factory) -> None:
    other = make.authority(name="Second Council")
    make.commission(other, coordinator.provider)
    sent(make, council)
    make.case(other, provider=coordinator.provider, child_name="Robin Vale")
    page = words(coordinator.get(f"/?view=open&council={other.id}"))
    assert "Robin Vale" in page
    assert "Rowan Marsh" not in page


def test_each_view_holds_what_it_says(coordinator: Staff, council: Served, make: Factory) -> None:
    case = sent(make, council)
    make.case(council.authority, provider=coordinator.provider, child_name="Robin Vale", state=CaseState.CLOSED)
    shown = {view: words(coordinator.get(f"/?view={view}")) for view in ("new", "open", "mine", "late", "closed")}
    assert "Rowan Marsh" in shown["new"]
    assert "Rowan Marsh" in shown["open"]
    assert "You look after no cases" in shown["mine"]
    assert "Nothing is late" in shown["late"]
    assert "Robin Vale" in shown["closed"]
    assert "Rowan Marsh" not in shown["closed"]
    coordinator.does(case_path(case, "acknowledge"), take="yes")
    assert "Rowan Marsh" in words(coordinator.get("/?view=mine"))
    assert "No new requests" in words(coordinator.get("/?view=new"))


def test_a_list_longer_than_a_page_goes_on_from_its_last_row(coordinator: Staff, make: Factory) -> None:
    authority = make.authority()
    make.commission(authority, coordinator.provider)
    names = {f"Child {number:02}" for number in range(30)}
    for name in sorted(names):
        make.case(authority, provider=coordinator.provider, child_name=name)
    first = coordinator.get(f"/?council={authority.id}")
    found = re.search(r'href="([^"]+)" rel="next"', first.text)
    assert found
    second = coordinator.get(found[1].replace("&amp;", "&"))
    on_first, on_second = (set(re.findall(r"Child \d\d", words(page))) for page in (first, second))
    assert len(on_first) == 25
    assert on_first | on_second == names
    assert not on_first & on_second


def test_closed_cases_stand_newest_first_and_go_on_from_the_last(coordinator: Staff, make: Factory) -> None:
    authority = make.authority()
    make.commission(authority, coordinator.provider)
    names = [f"Child {number:02}" for number in range(28)]
    for name in names:
        make.case(authority, provider=coordinator.provider, child_name=name, state=CaseState.CLOSED)
    first = coordinator.get(f"/?view=closed&council={authority.id}")
    found = re.search(r'href="([^"]+)" rel="next"', first.text)
    assert found
    second = coordinator.get(found[1].replace("&amp;", "&"))
    read = [name for page in (first, second) for name in re.findall(r"Child \d\d", words(page))]
    assert read == names[::-1]


def test_a_late_case_stands_in_the_late_view(
    staff: Callable[..., Staff], council: Served, make: Factory, clock: FixedClock
) -> None:
    sent(make, council)
    clock.advance(dt.timedelta(days=3))
    assert "Was due yesterday" in words(staff(Role.MEDIATOR).get("/?view=late"))


def test_an_address_that_makes_no_sense_is_not_found(coordinator: Staff) -> None:
    for query in ("view=all", "council=everywhere", "after=yesterday_1"):
        assert coordinator.get(f"/?{query}").status_code == 404


def test_a_request_that_waits_for_a_young_person_is_nobodys_to_see(
    coordinator: Staff, council: Served, make: Factory
) -> None:
    case = sent(
        make,
        council,
        a_request(
            child_date_of_birth=dt.date(2009, 5, 4), young_person=Person(name="Rowan Marsh", email="rowan@own.example")
        ),
    )
    assert case.state is CaseState.WAITING_FOR_YOUNG_PERSON
    assert "Rowan Marsh" not in words(coordinator.get("/"))
    assert coordinator.get(case_path(case)).status_code == 404


def test_a_list_takes_at_most_six_statements_however_long_it_is(
    app: Flask, coordinator: Staff, council: Served, make: Factory
) -> None:
    colleague = make.case(council.authority, provider=coordinator.provider)
    for _ in range(12):
        make.case(council.authority, provider=coordinator.provider)
    coordinator.does(f"/cases/{council.authority.id}/{colleague.id}/coordinator", coordinator=coordinator.identity_id)
    with statements_of(app.extensions["parley"].database, Login.PROVIDER) as seen:
        coordinator.get("/")
    assert len(seen) <= 6, seen


def test_the_administrator_sees_what_is_late_by_council_and_others_do_not(
    staff: Callable[..., Staff], council: Served, make: Factory, clock: FixedClock
) -> None:
    sent(make, council)
    clock.advance(dt.timedelta(days=9))
    page = staff(Role.PROVIDER_ADMINISTRATOR).get("/late")
    assert heading(page) == "What is late"
    assert "Rowan Marsh" in words(page)
    assert f"{council.authority.name} 1 open, 1 new 1 late, 0 in need of you" in words(page)
    assert staff(Role.COORDINATOR).get("/late").status_code == 403


def test_the_menu_offers_only_what_the_person_may_open(staff: Callable[..., Staff]) -> None:
    assert "What is late" not in staff(Role.COORDINATOR).get("/").text
    assert "Enter a caller’s request" not in staff(Role.MEDIATOR).get("/").text
    assert "What is late" in staff(Role.PROVIDER_ADMINISTRATOR).get("/").text
