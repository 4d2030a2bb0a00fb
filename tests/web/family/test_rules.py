"""What each council says, on its own site: with its pages, in the version that holds or held."""

import datetime as dt
from collections.abc import Callable

import pytest

from parley.db.scope import platform_scope
from parley.policy.loading import document_of
from parley.policy.service import apply_policy
from support.factories import NOW, OPERATOR, Factory
from support.family import Family, Served, case_of, heading, served_council, words
from support.policies import COUNCILS, TENANTS, policy_of


@pytest.mark.parametrize("council", COUNCILS)
def test_every_council_tells_its_own_rules_with_its_own_pages(
    visit: Callable[..., Family], make: Factory, council: str
) -> None:
    person, policy = visit(served_council(make, council)), policy_of(council)
    page = person.get("/rules")
    assert page.status_code == 200
    assert heading(page) == f"What {policy.words['council']} says"
    for source in policy.sources.values():
        assert source.title in words(page)
    for path in ("/", "/requests/before"):
        assert "/rules" in person.get(path).text.partition("<main")[2]


@pytest.mark.parametrize("path", ["/", "/rules", "/requests/before"])
def test_providers_that_may_be_out_of_date_stand_on_no_page_for_families(
    visit: Callable[..., Family], make: Factory, path: str
) -> None:
    page = visit(served_council(make, "rutland")).get(path)
    assert "may be out of date" in words(page)
    for hidden in ("KIDS", "Together Trust", "03330", "0161"):
        assert hidden not in page.text


def changed(make: Factory, council: Served) -> None:
    """Give a council that publishes what Derby does a second version, in force today."""
    text = (TENANTS / "derby" / "policy.toml").read_text(encoding="utf-8").replace("You contact", "You ring")
    with make.database.begin(platform_scope()) as session:
        apply_policy(
            session,
            actor=OPERATOR,
            at=NOW,
            authority_id=council.authority.id,
            document=document_of(text, file="derby"),
            reason="the page changed",
            file="derby",
            effective_from=dt.date(2026, 2, 1),
        )


def test_a_request_keeps_its_version_and_shows_it_when_the_rules_change(
    parent: Family, council: Served, make: Factory
) -> None:
    case = case_of(parent, make)
    changed(make, council)
    page = parent.get(f"/requests/{case.id}")
    assert "version 1, which this request keeps" in words(page)
    assert "You contact Global Mediation" in words(parent.get("/rules/1"))
    assert "Other rules hold for new requests" in words(parent.get("/rules/1"))
    assert "You ring Global Mediation" in words(parent.get("/rules"))
    assert "Version 2 of these rules" in words(parent.get("/rules"))


@pytest.mark.parametrize("number", [0, 7])
def test_a_version_that_never_was_is_not_found(family: Family, number: int) -> None:
    assert family.get(f"/rules/{number}").status_code == 404
