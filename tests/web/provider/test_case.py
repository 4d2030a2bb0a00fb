"""A case as its provider works on it: what is on its page, who may do what, what is recorded of looking at it."""

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from parley.access.domain import Role
from parley.audit.models import AuditEvent
from parley.casework.domain import PartyKind, StatementKind
from parley.casework.request import Safety
from parley.db.scope import Login, Scope
from support.factories import Factory
from support.family import Served, words
from support.provider import Staff, a_request, case_path, sent
from support.statements import statements_of

ACTS = ("acknowledge", "ask", "signpost", "conflict-of-interest", "withdraw", "coordinator")


def test_what_keeps_the_family_safe_stands_before_how_to_reach_them(
    coordinator: Staff, council: Served, make: Factory
) -> None:
    page = words(coordinator.get(case_path(sent(make, council))))
    assert page.index("Must not learn of this The other parent") < page.index("ash@family.example")
    assert "Reach them Only by email" in page
    assert "Not safe: do not ring or text. 01632 960001" in page


def test_a_number_that_is_not_safe_cannot_be_rung_by_a_click(
    coordinator: Staff, council: Served, make: Factory
) -> None:
    unsafe, safe = sent(make, council), sent(make, council, a_request(safety=Safety()))
    assert "tel:+441632960001" not in coordinator.get(case_path(unsafe)).text
    assert "tel:+441632960001" in coordinator.get(case_path(safe)).text


def test_the_page_holds_the_familys_words_and_who_reads_them(
    coordinator: Staff, council: Served, make: Factory
) -> None:
    shared = frozenset({(StatementKind.WISH, PartyKind.LOCAL_AUTHORITY)})
    page = words(coordinator.get(case_path(sent(make, council, a_request(shares=shared)))))
    assert "Only you: the family has not shared it The help in section F stopped in September." in page
    assert f"You and {council.authority.name} That it begins again." in page


def test_another_request_about_the_same_child_is_pointed_out_and_neither_case_changes(
    coordinator: Staff, council: Served, make: Factory
) -> None:
    first, second = sent(make, council), sent(make, council)
    other_child = sent(make, council, a_request(child_name="Robin Vale"))
    page = coordinator.get(case_path(first))
    assert "Possibly the same child" in words(page)
    assert case_path(second) in page.text
    assert "Possibly the same child" not in words(coordinator.get(case_path(other_child)))


def test_looking_at_a_case_is_recorded(coordinator: Staff, council: Served, make: Factory) -> None:
    case = sent(make, council)
    coordinator.get(case_path(case))
    realm = Scope(login=Login.PROVIDER, realm_id=coordinator.provider.id)
    with make.database.begin(realm) as session:
        read = session.scalars(select(AuditEvent).where(AuditEvent.action == "case.read")).all()
    assert [(event.actor_id, event.case_id) for event in read] == [(coordinator.identity_id, case.id)]


def test_a_case_page_takes_nine_statements_and_the_record_of_it(
    app: Flask, coordinator: Staff, council: Served, make: Factory
) -> None:
    case = sent(make, council)
    coordinator.get(case_path(case))
    with statements_of(app.extensions["parley"].database, Login.PROVIDER) as seen:
        coordinator.get(case_path(case))
    assert sum("INTO audit_event" in statement for statement in seen) == 1
    assert len(seen) <= 10, seen


@pytest.mark.parametrize("act", ACTS)
def test_a_mediator_sees_the_case_and_can_do_nothing_a_coordinator_does(
    staff: Callable[..., Staff], council: Served, make: Factory, act: str
) -> None:
    case, mediator = sent(make, council), staff(Role.MEDIATOR)
    page = mediator.get(case_path(case))
    assert page.status_code == 200
    assert case_path(case, act) not in page.text
    assert mediator.get(case_path(case, act)).status_code == 403
    assert mediator.post(case_path(case, act), page=page).status_code == 403


def test_nobody_signed_in_is_asked_to_sign_in(app: Flask, council: Served, make: Factory) -> None:
    case = sent(make, council)
    page = app.test_client().get(case_path(case), base_url="http://providers.localhost:8000")
    assert "Rowan Marsh" not in page.text
    assert page.status_code in {302, 303, 401}


def test_what_was_done_is_said_only_in_our_own_words(coordinator: Staff, council: Served, make: Factory) -> None:
    page = coordinator.get(f"{case_path(sent(make, council))}?done=anything-{uuid.uuid4()}")
    assert "anything" not in words(page)
