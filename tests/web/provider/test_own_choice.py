"""A coordinator and a case whose young person has come of age: it waits, and what they or a parent say is recorded."""

import pytest

from support.factories import NOW, Factory
from support.family import Family, Served, words
from support.own_choice import Growing, growing
from support.provider import Staff


@pytest.fixture
def case(parent: Family, council: Served, make: Factory) -> Growing:
    """A parent's case that waits since the young person came of age in June."""
    found = growing(make, council, born="2010-03-02", parent_identity=parent.identity_id)
    found.look(at=NOW)
    return found


def address(case: Growing, act: str = "") -> str:
    path = f"/cases/{case.made.authority.id}/{case.made.id}"
    return f"{path}/{act}" if act else path


def test_the_case_and_the_list_say_what_it_waits_for(coordinator: Staff, case: Growing) -> None:
    page = words(coordinator.get(address(case)))
    for said in (
        "Waiting for the young person’s yes",
        "Record the young person’s answer",
        "Record who acts for the young person",
    ):
        assert said in page
    assert "Suggest times" not in page
    assert "Waiting for the young person’s yes" in words(coordinator.get("/"))


def test_their_own_answer_is_recorded_after_they_were_read_what_it_means(coordinator: Staff, case: Growing) -> None:
    page = coordinator.get(address(case, "young-person"))
    assert "it is your choice now whether it goes on" in words(page)
    assert coordinator.post(address(case, "young-person")).status_code == 422
    done = words(coordinator.does(address(case, "young-person"), agrees="yes"))
    assert "the case goes on" in done
    assert "Waiting for the young person’s yes" not in done


def test_who_acts_for_them_is_recorded_with_the_ground(coordinator: Staff, case: Growing) -> None:
    empty = coordinator.post(address(case, "acting"))
    assert empty.status_code == 422
    assert "Select who acts for them" in words(empty)
    assert "Select on what ground they act" in words(empty)
    done = words(coordinator.does(address(case, "acting"), member=case.made.parent, ground="parent"))
    assert "as their parent, and there is no deputy or attorney" in done
    assert coordinator.get(address(case, "acting")).status_code == 409


def test_a_young_person_who_rings_is_led_to_the_case(coordinator: Staff, case: Growing) -> None:
    found = coordinator.post("/young-people", reference=case.made.reference, name="Rowan Marsh")
    assert found.location == address(case, "young-person")
