"""The pages of a council that came in the place of another: they lead to that one's cases and show none of them."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from parley.db.scope import platform_scope
from parley.tenancy.domain import AuthorityState
from parley.tenancy.models import LocalAuthority
from support.factories import Factory, MadeCase
from support.family import Family, Served, served_council, words
from support.staff import Officer, told_case


@pytest.fixture
def successor(council: Served, make: Factory) -> Served:
    """The council that came in the place of ``council``."""
    new = served_council(make, name="Greater Exampleshire Council")
    with make.database.begin(platform_scope()) as session:
        session.execute(
            update(LocalAuthority)
            .where(LocalAuthority.id == council.authority.id)
            .values(state=AuthorityState.CLOSED, successor_id=new.authority.id)
        )
        session.commit()
    return new


def test_its_officers_are_led_to_the_cases_of_the_council_before_and_see_none_of_them(
    visit: Callable[..., Officer], make: Factory, case: MadeCase, successor: Served, council: Served
) -> None:
    officer = visit(successor)
    officer.sign_in(make)
    page = officer.get("/council/cases?view=team")
    assert f'href="{council.url}/council"' in page.text
    assert case.reference not in page.text
    assert officer.get(f"/council/cases/{case.id}").status_code == 404
    found = officer.post("/council/search", q=case.reference)
    assert case.child_name not in words(found)


def test_officers_of_the_council_before_finish_its_cases(
    visit: Callable[..., Officer], make: Factory, case: MadeCase, successor: Served
) -> None:
    officer = visit()
    officer.sign_in(make)
    assert case.reference in officer.get("/council/cases?view=team").text
    assert officer.get(f"/council/cases/{case.id}/answer").status_code == 200


def test_a_family_is_led_to_where_its_earlier_request_is(
    visit: Callable[..., Officer], make: Factory, successor: Served, council: Served
) -> None:
    family = Family(visit(successor).client, successor)
    family.sign_in(make)
    assert f'href="{council.url}/requests"' in family.get("/requests").text


def test_a_council_that_came_in_nobodys_place_says_nothing_of_it(
    visit: Callable[..., Officer], make: Factory, council: Served
) -> None:
    told_case(make, council)
    officer = visit()
    officer.sign_in(make)
    assert "in whose place" not in words(officer.get("/council/cases"))
