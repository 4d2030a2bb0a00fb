"""What people without e-mail have to be told stands in a list until somebody told them."""

import re
from collections.abc import Callable

from parley.access.domain import Role
from parley.casework.request import Person, Safety
from support.factories import Factory
from support.family import Served, served_council, words
from support.provider import Staff, a_request, case_path, sent

NO_EMAIL = {"asker": Person(name="Ash Marsh", phone="+441632960001"), "phone_only": True, "safety": Safety()}


def test_what_a_person_without_email_has_to_hear_is_told_once_and_recorded(
    coordinator: Staff, council: Served, make: Factory
) -> None:
    case = sent(make, council, a_request(**NO_EMAIL))
    coordinator.does(case_path(case, "acknowledge"), take="yes")
    listed = coordinator.get("/tasks")
    assert case.reference in words(listed)
    assert "We have no email address for them." in words(coordinator.get(case_path(case)))
    found = re.search(rf"{case_path(case)}/tasks/[0-9a-f-]+", listed.text)
    assert found
    stale = coordinator.get(found[0])
    page = coordinator.does(found[0])
    assert "It is recorded that you told them" in words(page)
    assert found[0] not in coordinator.get("/tasks").text
    assert coordinator.post(found[0], page=stale).status_code == 409


def test_what_a_council_has_to_hear_is_not_shown_with_how_to_reach_the_family(
    staff: Callable[..., Staff], make: Factory
) -> None:
    without_mailbox = served_council(make, team_mailbox=None)
    coordinator = staff(Role.COORDINATOR, at=without_mailbox.provider)
    case = sent(make, without_mailbox, a_request())
    coordinator.does(case_path(case, "acknowledge"))
    coordinator.does(case_path(case, "tell-council"), sure="yes")
    task = re.search(rf"{case_path(case)}/tasks/[0-9a-f-]+", coordinator.get("/tasks").text)
    assert task
    page = words(coordinator.get(task[0]))
    assert "Tell the council" in page
    assert "Ash Marsh" not in page
    assert "01632" not in page


def test_a_mediator_sees_the_tasks_and_records_none(
    coordinator: Staff, staff: Callable[..., Staff], council: Served, make: Factory
) -> None:
    case = sent(make, council, a_request(**NO_EMAIL))
    coordinator.does(case_path(case, "acknowledge"))
    page = staff(Role.MEDIATOR).get("/tasks")
    assert case.reference in words(page)
    assert "/tasks/" not in page.text


def test_another_providers_tasks_are_not_there(
    coordinator: Staff, staff: Callable[..., Staff], council: Served, make: Factory
) -> None:
    other = make.provider()
    make.commission(council.authority, other)
    coordinator.does(case_path(sent(make, council, a_request(**NO_EMAIL)), "acknowledge"))
    assert "Nobody has to be told anything" in words(staff(Role.COORDINATOR, at=other).get("/tasks"))
