"""What must be true of a request before it is sent."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.casework.domain import Capacity, CaseState
from parley.casework.request import Person, Safety, is_young_person, problems
from parley.kernel.calendar import compulsory_school_age_ends
from parley.law.domain import RightsHolder, rights_holder
from parley.law.versions import law_on
from support.requests import a_request

TODAY = dt.date(2026, 11, 24)
YOUNG_PERSON = dt.date(2009, 9, 1)
CHILD = dt.date(2010, 9, 1)


def test_the_usual_request_may_be_sent():
    assert problems(a_request(), TODAY) == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"asker": Person(name=" ", email="p@family.invalid")}, "asker_name"),
        ({"asker": Person(name="Ash Marsh")}, "contact"),
        ({"child_name": ""}, "child_name"),
        ({"child_date_of_birth": None}, "child_date_of_birth"),
        ({"child_date_of_birth": dt.date(2026, 11, 25)}, "child_date_of_birth"),
        ({"child_date_of_birth": dt.date(1999, 1, 1)}, "child_date_of_birth"),
        ({"bodies": ()}, "bodies"),
        ({"agrees_to_tell_council": False}, "tell_council"),
        ({"capacity": Capacity.ALTERNATIVE_PERSON}, "alternative_person_statement"),
        ({"decision_letter_date": dt.date(2026, 11, 1)}, "knows_adviser_is_separate"),
        (
            {"decision_letter_date": dt.date(2026, 11, 25), "knows_adviser_is_separate": True},
            "decision_letter_date",
        ),
        ({"certificate_date": dt.date(2026, 11, 25)}, "certificate_date"),
    ],
)
def test_what_is_missing_is_named(change, field):
    assert list(problems(a_request(**change), TODAY)) == [field]


def test_a_letter_of_long_ago_may_still_be_named():
    letter = a_request(decision_letter_date=dt.date(1999, 1, 1), knows_adviser_is_separate=True)
    assert problems(letter, TODAY) == {}


def test_a_phone_number_is_enough_to_be_reached():
    assert problems(a_request(asker=Person(name="Ash Marsh", phone="+441332000000")), TODAY) == {}


def test_a_parents_request_for_a_child_goes_straight_out():
    assert a_request(child_date_of_birth=CHILD).opening_state(TODAY) is CaseState.SENT


def test_a_parents_request_for_a_young_person_waits_for_their_own_yes():
    request = a_request(child_date_of_birth=YOUNG_PERSON)
    assert request.opening_state(TODAY) is CaseState.WAITING_FOR_YOUNG_PERSON
    assert list(problems(request, TODAY)) == ["young_person"]


@pytest.mark.parametrize("capacity", [Capacity.YOUNG_PERSON, Capacity.ALTERNATIVE_PERSON])
def test_who_holds_the_right_waits_for_nobody(capacity):
    request = a_request(child_date_of_birth=YOUNG_PERSON, capacity=capacity, alternative_person_statement="Deputy")
    assert request.opening_state(TODAY) is CaseState.SENT


def test_a_parent_cannot_give_their_own_address_as_the_young_persons():
    request = a_request(
        child_date_of_birth=YOUNG_PERSON,
        young_person=Person(name="Rowan Marsh", email="PARENT@family.invalid"),
    )
    assert list(problems(request, TODAY)) == ["young_person"]


def test_the_rights_pass_at_the_end_of_compulsory_school_age():
    turned_sixteen_in_may = dt.date(2010, 5, 1)
    last_friday_of_june = dt.date(2026, 6, 26)
    request = a_request(child_date_of_birth=turned_sixteen_in_may)
    assert request.opening_state(last_friday_of_june - dt.timedelta(days=1)) is CaseState.SENT
    assert request.opening_state(last_friday_of_june) is CaseState.WAITING_FOR_YOUNG_PERSON


@given(st.dates(dt.date(2000, 1, 1), dt.date(2026, 1, 1)), st.dates(dt.date(2014, 9, 1), dt.date(2030, 1, 1)))
def test_the_request_and_the_check_agree_on_who_is_a_young_person(born, on):
    if on >= born:
        assert is_young_person(born, on) == (compulsory_school_age_ends(born) <= on)
        old_enough = rights_holder(born, on, law_on(on)) is not RightsHolder.PARENT
        assert is_young_person(born, on) == old_enough


@given(
    st.builds(
        Safety,
        safe_ways=st.lists(st.sampled_from(["email", "phone", "text", "post"]), unique=True).map(tuple),
        safe_times=st.text(),
        must_not_learn=st.text(),
        hide_address=st.booleans(),
        wait_apart=st.booleans(),
        attend_apart=st.booleans(),
    )
)
def test_safety_wishes_survive_being_stored(safety):
    assert Safety.from_json(safety.as_json()) == safety
