"""A contract that ends: by its own last day, or early. Nothing moves; no new request goes there; everybody reads so."""

import datetime as dt
import re
import uuid

import pytest
from flask import Flask

from parley.access.domain import Role
from parley.audit.models import AuditEvent
from parley.casework.models import Case
from parley.db.scope import authority_scope
from parley.tenancy.domain import Service
from parley.tenancy.models import Commission
from support.asking import send
from support.factories import NOW, Factory
from support.family import Family, words
from support.passing import Passing
from support.staff import Officer

TODAY = NOW.date()
YESTERDAY = TODAY - dt.timedelta(days=1)
PARTS = {"on__day": str(TODAY.day), "on__month": str(TODAY.month), "on__year": str(TODAY.year)}
SOURCE = "The provider’s letter of 20 November 2026"


@pytest.fixture
def here(app: Flask, make: Factory) -> Passing:
    """A council with two providers, the first of which has a request."""
    return Passing(app, make)


@pytest.fixture
def manager(app: Flask, make: Factory, here: Passing) -> Officer:
    """Somebody who manages the council's team."""
    person = Officer(app.test_client(), here.council)
    person.sign_in(make, role=Role.TEAM_MANAGER)
    return person


def commission_id(here: Passing, number: int = 0) -> uuid.UUID:
    """Return the id of the council's contract with one of its providers."""
    database = here.app.extensions["parley"].database
    with database.begin(authority_scope(here.council.authority.id)) as session:
        rows = session.query(Commission).filter_by(
            provider_id=here.providers[number].id, service=Service.DISAGREEMENT_RESOLUTION
        )
        return rows.one().id


def page_of(here: Passing, number: int = 0) -> str:
    """Return the address at which the early end of a contract is recorded."""
    return f"/council/contracts/{commission_id(here, number)}/early-end"


def holder_of(here: Passing, case_id: uuid.UUID) -> str:
    """Return the name of the provider that has a case."""
    database = here.app.extensions["parley"].database
    with database.begin(authority_scope(here.council.authority.id)) as session:
        held_by = session.get_one(Case, (here.council.authority.id, case_id)).provider_id
    return next(provider.name for provider in here.providers if provider.id == held_by)


def ends_yesterday(here: Passing, make: Factory, manager: Officer) -> str:
    """Let the first contract end by its own last day; return what the family reads of that."""
    make.commission(here.council.authority, here.providers[0], ends_on=YESTERDAY)
    return "The contract between Exampleshire Council and First Helpers ended on 23 November 2026"


def ends_early(because: str):
    """Return what records an early end, and returns what the family reads of it."""

    def end(here: Passing, make: Factory, manager: Officer) -> str:
        done = manager.post(page_of(here), because=because, source=SOURCE, **PARTS)
        assert done.status_code == 303, words(done)
        if because == "failed":
            return "First Helpers has not been able to go on with its work for Exampleshire Council since 24 November"
        return "The contract between Exampleshire Council and First Helpers ended early: since 24 November 2026"

    return end


@pytest.mark.parametrize("ends", [ends_yesterday, ends_early("ended"), ends_early("failed")])
def test_whatever_ends_a_contract_an_open_case_stays_and_new_ones_go_elsewhere(
    here: Passing, make: Factory, manager: Officer, app: Flask, ends
) -> None:
    assert holder_of(here, here.case_id) == "First Helpers"
    said = ends(here, make, manager)
    # The provider goes on with what it has, and is told that it may.
    page = words(here.staff[0].get(here.path))
    assert "This case stays with you" in page
    here.staff[0].does(f"{here.path}/acknowledge")
    here.staff[0].does(f"{here.path}/tell-council", sure=["yes"])
    assert said in words(here.parent.get(f"/requests/{here.case_id}"))
    officers = words(here.officer.get(f"/council/cases/{here.case_id}"))
    assert "Its provider’s contract" in officers
    assert holder_of(here, here.case_id) == "First Helpers"
    # It would be First Helpers’ turn with the request after next.
    for _ in range(2):
        other = Family(app.test_client(), here.council)
        other.sign_in(make)
        assert holder_of(here, send(other)) == "Second Helpers"


def test_the_council_reads_in_its_contracts_that_one_ended_by_date(
    here: Passing, make: Factory, manager: Officer
) -> None:
    ends_yesterday(here, make, manager)
    page = words(manager.get("/council/contracts"))
    assert "Disagreement resolution: First Helpers Ended" in page
    assert "cases that the provider has already stay with it" in page


def test_a_manager_reads_first_what_an_early_end_means_and_then_what_was_recorded(
    here: Passing, manager: Officer
) -> None:
    before = words(manager.get(page_of(here)))
    assert "It has 1 open case of yours now. None of them moves by this" in before
    ends_early("failed")(here, None, manager)
    after = words(manager.get(page_of(here)))
    assert f"How you know {SOURCE}" in after
    assert "No new requests from 24 November 2026" in after
    listed = words(manager.get("/council/contracts"))
    assert "Disagreement resolution: First Helpers Cannot go on" in listed
    assert SOURCE not in listed


def test_what_is_missing_or_impossible_is_said_and_nothing_is_recorded(
    here: Passing, make: Factory, manager: Officer
) -> None:
    refused = manager.post(page_of(here))
    assert refused.status_code == 422
    assert "Select what happens" in words(refused)
    make.commission(here.council.authority, here.providers[0], starts_on=TODAY, ends_on=TODAY + dt.timedelta(days=30))
    said = words(manager.post(page_of(here), because="ended", source=SOURCE, **PARTS))
    assert "Enter a day after the first day of the contract" in said
    later = PARTS | {"on__year": "2030"}
    said = words(manager.post(page_of(here), because="ended", source=SOURCE, **later))
    assert "it ends by itself after its last one" in said
    assert "No new requests from" not in words(manager.get(page_of(here)))


def test_it_is_taken_back_and_the_audit_keeps_both(here: Passing, make: Factory, manager: Officer, app: Flask) -> None:
    ends_early("ended")(here, make, manager)
    done = manager.follow(manager.post(f"{page_of(here)}/take-back", page=page_of(here)))
    assert "The early end is taken back" in words(done)
    assert "First Helpers In force" in words(manager.get("/council/contracts"))
    assert "ended early" not in words(here.parent.get(f"/requests/{here.case_id}"))
    database = app.extensions["parley"].database
    with database.begin(authority_scope(here.council.authority.id)) as session:
        acts = [
            (event.action, event.actor_id, event.codes)
            for event in session.query(AuditEvent)
            .filter(AuditEvent.action.like("commission.%"))
            .order_by(AuditEvent.id)
        ]
    assert acts == [
        ("commission.end_early", manager.identity_id, {"because": "ended", "on": "2026-11-24"}),
        ("commission.early_end_taken_back", manager.identity_id, {}),
    ]
    assert manager.post(f"{page_of(here)}/take-back", page=page_of(here)).status_code == 409


def test_an_end_that_is_still_to_come_changes_nothing_before_its_day(
    here: Passing, make: Factory, manager: Officer, app: Flask
) -> None:
    december = PARTS | {"on__day": "31", "on__month": "12"}
    manager.post(page_of(here), because="ended", source=SOURCE, **december)
    assert "First Helpers Ends early" in words(manager.get("/council/contracts"))
    assert "ended early" not in words(here.parent.get(f"/requests/{here.case_id}"))


def test_where_nobody_else_is_left_families_read_that_nothing_can_be_sent(
    here: Passing, make: Factory, manager: Officer, app: Flask
) -> None:
    for number in (0, 1):
        manager.post(page_of(here, number), because="failed", source=SOURCE, **PARTS)
    other = Family(app.test_client(), here.council)
    other.sign_in(make)
    home = other.get("/").text
    assert not re.search(r'href="/requests/before"', home)
    # Who has a request is told whom to ring meanwhile: the council, since its provider may not answer.
    assert "01632 960010" in words(here.parent.get(f"/requests/{here.case_id}"))


@pytest.mark.parametrize("role", [Role.OFFICER, Role.COMMISSIONER])
def test_nobody_else_records_it(here: Passing, make: Factory, app: Flask, manager: Officer, role: Role) -> None:
    person = Officer(app.test_client(), here.council)
    person.sign_in(make, role=role)
    assert person.get(page_of(here)).status_code == 403
    path = f"{page_of(here)}/take-back"
    assert person.post(path, page="/council").status_code == 403
