"""A request passed on, as each of those sees it whom it concerns: provider, next provider, family, council."""

import uuid

import pytest
from flask import Flask

from support.asking import send
from support.factories import Factory
from support.family import Family, Served, words
from support.passing import Passing
from support.provider import Staff


@pytest.fixture
def passing_on(app: Flask, make: Factory) -> Passing:
    """A request that was just sent to the first provider."""
    return Passing(app, make)


def test_the_next_provider_has_it_and_everybody_reads_why(passing_on: Passing) -> None:
    assert "You passed the request on" in passing_on.pass_on(0, "no_room")
    passing_on.work()
    page = words(passing_on.parent.get(f"/requests/{passing_on.case_id}"))
    assert "Second Helpers was the only one that could take the request" in page
    assert "First Helpers passed the request on, because it has no room at present" in page
    assert "01632 960002" in page
    assert passing_on.staff[0].get(passing_on.path).status_code == 404
    assert "Ash Marsh" not in words(passing_on.staff[0].get("/passed-on"))
    kept = words(passing_on.staff[0].get("/passed-on"))
    assert "There was no room for it" in kept
    assert words(passing_on.staff[1].get(passing_on.path)).count("First Helpers passed the request on") == 1
    assert passing_on.mailed() == [("family", "taken_over")]


def test_what_was_said_in_confidence_is_read_at_the_former_provider_alone(passing_on: Passing) -> None:
    passing_on.staff[0].does(f"{passing_on.path}/acknowledge")
    passing_on.parent.post(f"/requests/{passing_on.case_id}/messages", body="For the first alone")
    passing_on.pass_on(0, "conflict_of_interest")
    passing_on.work()
    own = f"/passed-on/{passing_on.council.authority.id}/{passing_on.case_id}"
    assert "For the first alone" in words(passing_on.staff[0].get(own))
    assert passing_on.staff[1].get(own).status_code == 404
    threads = passing_on.staff[1].get(passing_on.path).text
    assert "For the first alone" not in threads
    passing_on.parent.post(f"/requests/{passing_on.case_id}/messages", body="For the second")
    assert "For the second" not in words(passing_on.staff[0].get(own))


def test_with_nobody_left_the_council_is_asked_and_the_family_told_whom_to_ring(passing_on: Passing) -> None:
    passing_on.pass_on(0, "no_room")
    passing_on.work()
    passing_on.pass_on(1, "conflict_of_interest")
    passing_on.work()
    page = words(passing_on.parent.get(f"/requests/{passing_on.case_id}"))
    assert "Looking for a provider" in page
    assert "Exampleshire Council says which provider takes your request By 1 December 2026" in page
    # Whoever passed it on is neither to be rung nor written to, and the council reads nothing of it.
    assert "Questions 01632 960010" in page
    assert "0163296000" not in page.replace(" ", "").replace("01632960010", "")
    assert "Exampleshire Council reads" not in page
    assert "Private messages" not in page
    assert passing_on.parent.get(f"/requests/{passing_on.case_id}/messages").status_code == 404
    assert passing_on.mailed()[-2:] == [("family", "not_placed"), ("council", "council_to_place")]
    # The mail leads to the request's usual address, which shows its council the choice and nothing else.
    found = passing_on.officer.follow(passing_on.officer.get(f"/council/cases/{passing_on.case_id}"))
    assert "First Helpers has no room for it" in words(found)
    assert "Second Helpers could not be neutral in it" in words(found)
    assert "محمد" not in found.text
    choices = found.text
    assert str(passing_on.providers[0].id) in choices
    assert str(passing_on.providers[1].id) not in choices
    path = f"/council/placing/{passing_on.case_id}"
    done = passing_on.officer.follow(passing_on.officer.post(path, provider=str(passing_on.providers[0].id)))
    assert "was given to the provider that you chose" in words(done)
    page = words(passing_on.parent.get(f"/requests/{passing_on.case_id}"))
    assert "Exampleshire Council asked First Helpers to take the request." in page
    assert passing_on.staff[0].get(passing_on.path).status_code == 200


def test_a_council_with_one_provider_that_cannot_take_it_is_asked_too(
    app: Flask, make: Factory, council: Served, parent: Family, coordinator: Staff
) -> None:
    case_id: uuid.UUID = send(parent)
    said = coordinator.does(f"/cases/{council.authority.id}/{case_id}/pass-on", because="no_room")
    assert "You passed the request on" in words(said)
    assert "Looking for a provider" in words(parent.get(f"/requests/{case_id}"))
    case = words(coordinator.get(f"/cases/{council.authority.id}/{case_id}"))
    assert "Acknowledge the request" not in case


def test_passing_on_needs_a_reason_and_an_early_request(passing_on: Passing) -> None:
    staff = passing_on.staff[0]
    assert staff.post(f"{passing_on.path}/pass-on").status_code == 422
    staff.does(f"{passing_on.path}/acknowledge")
    staff.does(f"{passing_on.path}/tell-council", sure=["yes"])
    assert staff.get(f"{passing_on.path}/pass-on").status_code == 409
