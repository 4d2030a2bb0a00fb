"""A young person who can be asked by phone alone: asked for that one purpose, with nothing of the request shown."""

from collections.abc import Callable

import pytest
from flask import Flask

from parley.access.domain import Role
from parley.casework.domain import CaseState, Channel, CloseReason
from parley.casework.models import Case, Consent
from parley.casework.request import Person
from parley.db.scope import authority_scope
from support.changing_over import ChangingOver
from support.factories import Factory
from support.family import Served, words
from support.provider import Staff, a_young_persons, case_path, sent, stored

ALONE = {"alone": "yes"}


@pytest.fixture
def heard(app: Flask, make: Factory) -> Factory:
    """What makes things in the application's own database, where news of them is heard."""
    return Factory(app.extensions["parley"].database, make.clock)


@pytest.fixture
def waiting(heard: Factory, council: Served) -> Case:
    """A request that a parent sent online for a young person who has a phone and no e-mail address."""
    case = sent(heard, council, a_young_persons())
    assert case.state is CaseState.WAITING_FOR_YOUNG_PERSON
    return case


def to_ask(case: Case) -> str:
    return f"/young-people/{case.authority_id}/{case.id}"


def test_whom_to_ask_is_in_the_list_and_nothing_of_the_request(coordinator: Staff, waiting: Case) -> None:
    listed = coordinator.get("/tasks")
    assert "Ask the young person: whether they agree that the request goes ahead" in words(listed)
    assert f'href="{to_ask(waiting)}"' in listed.text
    page = coordinator.get(to_ask(waiting))
    assert "Rowan Marsh" in words(page)
    assert "01632 960009" in words(page)
    for hidden in (
        "Ash Marsh",
        "ash@family.example",
        "01632 960001",
        "Hidden Lane",
        "Oak Hill",
        "The help in section F",
    ):
        assert hidden not in page.text + listed.text, hidden
    assert coordinator.get(case_path(waiting)).status_code == 404
    assert waiting.reference not in coordinator.get("/").text


def test_a_spoken_yes_sends_the_request_on_and_nobody_is_to_be_asked_any_more(
    coordinator: Staff, waiting: Case, make: Factory
) -> None:
    page = coordinator.does(to_ask(waiting), agrees="yes", **ALONE)
    assert "The young person’s yes is recorded" in words(page)
    assert stored(make, waiting).state is CaseState.SENT
    with make.database.begin(authority_scope(waiting.authority_id)) as session:
        said = session.query(Consent).filter_by(case_id=waiting.id, kind="parent_may_ask").one()
        assert (said.state, said.means, said.recorded_by) == ("given", "spoken", coordinator.identity_id)
    assert "Ask the young person" not in words(coordinator.get("/tasks"))
    assert coordinator.get(to_ask(waiting)).status_code == 404


def test_a_spoken_no_ends_it_and_the_provider_sees_nothing_of_it_ever_after(
    coordinator: Staff, waiting: Case, make: Factory
) -> None:
    page = coordinator.does(to_ask(waiting), agrees="no", **ALONE)
    assert "The young person’s no is recorded" in words(page)
    assert "Ask the young person" not in words(page)
    closed = stored(make, waiting)
    assert (closed.state, closed.close_reason) == (CaseState.CLOSED, CloseReason.YOUNG_PERSON_SAID_NO)
    for path in (case_path(waiting), to_ask(waiting)):
        assert coordinator.get(path).status_code == 404
    for view in ("closed", "open", "new"):
        assert waiting.reference not in coordinator.get(f"/?view={view}").text


def test_a_coordinator_says_whom_they_spoke_to(coordinator: Staff, waiting: Case, make: Factory) -> None:
    answer = coordinator.post(to_ask(waiting), agrees="yes")
    assert answer.status_code == 422
    assert "Tick the box to show that you spoke to the young person themselves" in words(answer)
    assert stored(make, waiting).state is CaseState.WAITING_FOR_YOUNG_PERSON


def test_a_young_person_who_rings_is_found_by_reference_and_name_together(
    coordinator: Staff, make: Factory, council: Served
) -> None:
    by_email = sent(
        make, council, a_young_persons(young_person=Person(name="Rowan Marsh", email="rowan@young.example"))
    )
    assert "Ask the young person" not in words(coordinator.get("/tasks"))
    for reference, name in (
        (by_email.reference, "Robin Vale"),
        ("XXX-2026-00001", "Rowan Marsh"),
    ):
        wrong = coordinator.post("/young-people", reference=reference, name=name)
        assert wrong.status_code == 422
        assert "No request of that reference waits for a person of that name." in words(wrong)
    page = coordinator.does("/young-people", reference=by_email.reference.lower(), name=" rowan  MARSH ")
    assert "None given: they were asked by email, and may ring you" in words(page)


def test_what_a_caller_asked_for_is_asked_on_its_own_page(coordinator: Staff, make: Factory, council: Served) -> None:
    called = sent(make, council, a_young_persons(), channel=Channel.PHONE)
    assert coordinator.get(case_path(called, "young-person")).status_code == 200
    assert coordinator.get(to_ask(called)).status_code == 404


def test_nobody_but_the_coordinators_of_that_provider_asks(
    staff: Callable[..., Staff], waiting: Case, council: Served, make: Factory
) -> None:
    other = make.provider()
    make.commission(council.authority, other)
    stranger = staff(Role.COORDINATOR, at=other)
    assert stranger.get(to_ask(waiting)).status_code == 404
    found = stranger.post("/young-people", reference=waiting.reference, name="Rowan Marsh")
    assert "No request of that reference" in words(found)
    mediator = staff(Role.MEDIATOR)
    assert mediator.get(to_ask(waiting)).status_code == 403
    assert to_ask(waiting) not in mediator.get("/tasks").text


def test_after_the_end_of_the_contract_they_are_told_first_that_another_takes_it_and_that_one_gets_it(
    coordinator: Staff, waiting: Case, council: Served, heard: Factory
) -> None:
    taker = heard.provider(name="Second Helpers")
    assert council.provider
    changing = ChangingOver(heard.database, council, council.provider, taker)
    changing.ends()
    asked = words(coordinator.get(to_ask(waiting)))
    assert "takes no new requests any more. If you say yes, another provider that works with" in asked
    page = coordinator.does(to_ask(waiting), agrees="yes", **ALONE)
    assert "The request goes to another provider" in words(page)
    assert stored(heard, waiting).state is CaseState.UNPLACED
    assert coordinator.get(case_path(waiting)).status_code == 404
    assert waiting.reference not in "".join(coordinator.get(path).text for path in ("/", "/tasks", "/passed-on"))
