"""Which of several providers takes a case, for every rule and whatever the providers have."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.casework.allocation import (
    AllocatedBecause,
    Candidate,
    Receiver,
    Receiving,
    allocate,
    straight_to,
    without_choice,
)
from parley.casework.allocation_words import allocation_words
from parley.casework.domain import Viewer
from parley.casework.wording import Names
from parley.policy.domain import Allocation

IDS = [uuid.UUID(int=number) for number in range(1, 6)]


def candidate(number: int, *, capacity: int | None = None, open_cases: int = 0, turn: int = 0) -> Candidate:
    receiver = Receiver(provider_id=IDS[number], capacity=capacity)
    return Candidate(receiver=receiver, open_cases=open_cases, turn=turn)


@st.composite
def providers(draw: st.DrawFn) -> list[Candidate]:
    """Any providers that a council may have."""
    count = draw(st.integers(1, len(IDS)))
    return [
        candidate(
            number,
            capacity=draw(st.none() | st.integers(1, 4)),
            open_cases=draw(st.integers(0, 5)),
            turn=draw(st.integers(0, 9)),
        )
        for number in range(count)
    ]


RULES = st.sampled_from(Allocation)
PASSED = st.sets(st.sampled_from(IDS))
CHOSEN = st.none() | st.sampled_from(IDS)


@given(RULES, providers(), CHOSEN, PASSED)
def test_somebody_takes_the_case_exactly_if_somebody_can(rule, candidates, chosen, passed_by):
    able = {one.receiver.provider_id for one in candidates if one.room > 0} - passed_by
    found = allocate(rule, candidates, chosen=chosen, passed_by=passed_by)
    assert (found is not None) == bool(able)
    assert found is None or found.provider_id in able


@given(RULES, providers(), CHOSEN, PASSED)
def test_the_same_question_has_one_answer_and_its_reason_is_true(rule, candidates, chosen, passed_by):
    found = allocate(rule, candidates, chosen=chosen, passed_by=passed_by)
    assert found == allocate(rule, list(candidates), chosen=chosen, passed_by=passed_by)
    if found is None:
        return
    able = [one for one in candidates if one.room > 0 and one.receiver.provider_id not in passed_by]
    taken = next(one for one in able if one.receiver.provider_id == found.provider_id)
    truths = {
        AllocatedBecause.CHOSEN: rule is Allocation.FAMILY_CHOICE and chosen == found.provider_id,
        AllocatedBecause.LEFT: len(able) == 1,
        AllocatedBecause.TURN: rule is Allocation.ROTA and taken.turn == min(one.turn for one in able),
        AllocatedBecause.ROOM: rule is Allocation.CAPACITY and taken.room == max(one.room for one in able),
        AllocatedBecause.NEXT: taken is able[0]
        and (rule is not Allocation.FAMILY_CHOICE or chosen != taken.receiver.provider_id),
    }
    assert truths[found.because]


@given(providers(), st.integers(1, 40))
def test_a_rota_gives_nobody_two_cases_more_than_another(candidates, cases):
    endless = [candidate(index, turn=one.turn) for index, one in enumerate(candidates)]
    given_to = dict.fromkeys((one.receiver.provider_id for one in endless), 0)
    turns = {one.receiver.provider_id: 0 for one in endless}
    for number in range(1, cases + 1):
        now = [Candidate(receiver=one.receiver, open_cases=0, turn=turns[one.receiver.provider_id]) for one in endless]
        found = allocate(Allocation.ROTA, now)
        assert found is not None
        given_to[found.provider_id] += 1
        turns[found.provider_id] = number
    assert max(given_to.values()) - min(given_to.values()) <= 1


@given(providers(), CHOSEN)
def test_nobody_gets_a_case_back_that_they_passed_on(candidates, chosen):
    passed_by: set[uuid.UUID] = set()
    while found := allocate(Allocation.FAMILY_CHOICE, candidates, chosen=chosen, passed_by=passed_by):
        assert found.provider_id not in passed_by
        passed_by.add(found.provider_id)
    assert passed_by == {one.receiver.provider_id for one in candidates if one.room > 0}


def test_where_there_is_one_nothing_is_chosen_whatever_it_has():
    found = without_choice(straight_to(IDS[0]))
    assert found is not None
    assert (found.provider_id, found.because) == (IDS[0], AllocatedBecause.SOLE)
    several = Receiving(receivers=(Receiver(provider_id=IDS[0]), Receiver(provider_id=IDS[1])))
    assert without_choice(several) is None


def test_a_callers_request_stays_with_whom_they_rang():
    found = without_choice(Receiving(receivers=(Receiver(provider_id=IDS[1]),), rang=True))
    assert found is not None
    assert found.because is AllocatedBecause.RANG


@pytest.mark.parametrize("viewer", Viewer)
@pytest.mark.parametrize("because", AllocatedBecause)
def test_each_reason_is_told_to_each_side_and_none_where_there_is_one_provider(because, viewer):
    words = Names(council="Derby City Council", provider="First Helpers").words(viewer)
    said = allocation_words(because, words)
    assert bool(said) == (because is not AllocatedBecause.SOLE)
    assert not said or ("First Helpers" in said and "{" not in said)
