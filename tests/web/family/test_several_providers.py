"""A family of a council with several providers chooses, or is told who it is and why; with one nothing is asked."""

from collections.abc import Callable

import pytest

from parley.access.domain import Role
from support.asking import begin, fill, send
from support.factories import Factory
from support.family import Family, Served, council_of_several, words
from support.provider import sign_in_staff


def asker(visit: Callable[..., Family], make: Factory, council: Served) -> Family:
    person = visit(council)
    person.sign_in(make)
    return person


def test_a_family_that_chooses_is_told_before_and_after(visit: Callable[..., Family], make: Factory) -> None:
    council, (_first, second) = council_of_several(make, "family_choice")
    person = asker(visit, make, council)
    assert "First Helpers and Second Helpers run disagreement resolution" in words(person.get("/"))
    path = fill(person, begin(person), provider={"provider": second.slug})
    shown = words(person.get(path))
    assert "Which of them would you like to ask? Second Helpers" in shown
    assert "I agree that Second Helpers tells Exampleshire Council that I have asked" in shown
    sent = person.follow(person.post(path, tell_council="yes"))
    assert "You chose Second Helpers." in words(sent)
    assert "01632 960002" in words(sent)
    assert "01632 960001" not in sent.text


def test_where_no_rule_is_published_the_family_chooses(visit: Callable[..., Family], make: Factory) -> None:
    council, (first, _second) = council_of_several(make, "")
    person = asker(visit, make, council)
    case_id = send(person, provider={"provider": first.slug})
    assert "You chose First Helpers." in words(person.get(f"/requests/{case_id}"))


@pytest.mark.parametrize(
    ("rule", "why"),
    [("rota", "it was the turn of First Helpers"), ("capacity", "First Helpers had the most room")],
)
def test_where_a_rule_decides_nothing_is_asked_and_the_reason_is_told(
    visit: Callable[..., Family], make: Factory, rule: str, why: str
) -> None:
    council, (first, _second) = council_of_several(make, rule)
    person = asker(visit, make, council)
    case_id = send(person)
    assert why in words(person.get(f"/requests/{case_id}"))
    staff = sign_in_staff(person.client.application.test_client(), make, first, Role.COORDINATOR, name="Cam")
    seen = words(staff.get(f"/cases/{council.authority.id}/{case_id}"))
    assert "Why it is yours Exampleshire Council has several providers." in seen


def test_where_the_council_says_who_nothing_can_be_sent_from_here(visit: Callable[..., Family], make: Factory) -> None:
    council, _ = council_of_several(make, "council_allocates")
    person = asker(visit, make, council)
    assert person.post("/requests/new", page="/requests").status_code == 409
    assert "Ask First Helpers" not in words(person.get("/"))


def test_with_one_provider_the_question_does_not_exist(parent: Family) -> None:
    first = begin(parent)
    draft = first.rpartition("/")[0]
    assert "Which of them" not in parent.get(f"{draft}/provider").text
    assert "several providers" not in words(parent.get(f"/requests/{send(parent)}"))
