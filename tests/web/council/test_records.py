"""A council's manager reads what of the council's records goes when; nobody else does, and nothing untold is in it."""

import datetime as dt
import html
import re
from collections.abc import Callable

import pytest

from parley.access.domain import Role
from parley.db.scope import authority_scope
from parley.retention.preview import records_of
from support.factories import Factory
from support.family import Served, words
from support.records import closed_case, hold
from support.staff import Officer

NOTHING = re.compile(r"Closed cases Next night 0 By \d+ \w+ 2026 0 By \d+ \w+ 2027 0")


@pytest.fixture
def manager(visit: Callable[..., Officer], make: Factory) -> Officer:
    """The manager of the council's team."""
    signed_in = visit()
    signed_in.sign_in(make, role=Role.TEAM_MANAGER)
    return signed_in


def test_the_page_counts_and_names_what_goes(make: Factory, council: Served, manager: Officer) -> None:
    due, soon, later, far = (closed_case(make, council, days_left=days) for days in (0, 20, 80, 400))
    page = manager.get("/council/records")
    said = words(page)
    assert "A closed case 72 months (our own rule, not law)" in said
    assert re.search(r"Closed cases Next night 1 By \d+ \w+ 2026 2 By \d+ \w+ 2027 3 The next after that \d", said)
    for case in (due, soon, later):
        assert f'href="/council/cases/{case.id}"' in page.text
    assert far.reference not in said
    assert said.index(due.reference) < said.index(soon.reference) < said.index(later.reference)


def test_a_held_case_stands_under_the_holds_with_its_reason_and_goes_nowhere(
    make: Factory, council: Served, manager: Officer
) -> None:
    case = closed_case(make, council, days_left=10)
    hold(make, case, "A claim was <notified>.")
    page = manager.get("/council/records")
    assert NOTHING.search(words(page))
    assert words(page).count(case.reference) == 1
    assert html.escape("A claim was <notified>.") in page.text


def test_what_the_council_was_not_told_of_is_neither_counted_nor_named(
    make: Factory, council: Served, manager: Officer
) -> None:
    untold = closed_case(make, council, days_left=10, told=False)
    assert NOTHING.search(words(manager.get("/council/records")))
    hold(make, untold, "A claim was notified.")
    said = words(manager.get("/council/records"))
    assert untold.reference not in said
    assert "Nothing is held" in said


def test_an_operators_preview_counts_what_the_council_was_not_told_of_too(make: Factory, council: Served) -> None:
    for told in (True, False):
        closed_case(make, council, days_left=10, told=told)
    today = make.clock.now().date()
    with make.database.begin(authority_scope(council.authority.id)) as session:
        everything = records_of(session, council.authority.id, today)
        told_of = records_of(session, council.authority.id, today, told_only=True)
    by = today + dt.timedelta(days=30)
    assert (len(everything.cases_going(by)), len(told_of.cases_going(by))) == (2, 1)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.COMMISSIONER])
def test_it_is_for_the_manager_alone(visit: Callable[..., Officer], make: Factory, role: Role) -> None:
    somebody = visit()
    somebody.sign_in(make, role=role)
    assert somebody.get("/council/records").status_code == 403
    assert "/council/records" not in somebody.get("/council").text
