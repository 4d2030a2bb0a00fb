"""How a case may move, who holds it, and when everybody has agreed."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.casework.domain import (
    HOLDERS,
    MOVES,
    REQUEST_VISIBILITY,
    AnswerValue,
    CaseState,
    PartyAnswer,
    PartyKind,
    Viewer,
    everyone_agrees,
    reference,
    require_move,
)
from parley.casework.timeline import Happening, viewers_of
from parley.kernel.errors import Conflict

PARTY_ANSWERS = st.builds(
    PartyAnswer,
    kind=st.sampled_from(PartyKind),
    value=st.none() | st.sampled_from(AnswerValue),
    removed=st.booleans(),
)


def test_every_state_has_a_holder_and_its_moves():
    assert set(HOLDERS) == set(MOVES) == set(CaseState)


def test_a_closed_case_moves_nowhere():
    for state in CaseState:
        with pytest.raises(Conflict):
            require_move(CaseState.CLOSED, state)


def test_every_open_case_can_be_closed():
    for state in set(CaseState) - {CaseState.CLOSED}:
        require_move(state, CaseState.CLOSED)


def test_no_step_can_be_skipped_or_taken_twice():
    allowed = {(before, after) for before, afters in MOVES.items() for after in afters}
    for before, after in itertools.product(set(CaseState) - {CaseState.CLOSED}, set(CaseState) - {CaseState.CLOSED}):
        if (before, after) not in allowed:
            with pytest.raises(Conflict):
                require_move(before, after)


def test_one_silent_party_keeps_everybody_waiting():
    council = PartyAnswer(kind=PartyKind.LOCAL_AUTHORITY, value=AnswerValue.AGREED)
    school = PartyAnswer(kind=PartyKind.SETTING, value=None)
    assert not everyone_agrees([council, school])
    assert everyone_agrees([council, PartyAnswer(kind=PartyKind.SETTING, value=None, removed=True)])


def test_a_family_alone_has_nobody_to_agree_with():
    assert not everyone_agrees([PartyAnswer(kind=PartyKind.FAMILY, value=None)])


@given(st.lists(PARTY_ANSWERS))
def test_nobody_is_ever_taken_to_agree_who_did_not_say_so(answers):
    if everyone_agrees(answers):
        asked = [answer for answer in answers if not answer.removed and answer.kind is not PartyKind.FAMILY]
        assert asked
        assert {answer.value for answer in asked} == {AnswerValue.AGREED}


def test_council_and_invited_bodies_see_neither_contact_nor_safety():
    for item in ("contact", "safety"):
        assert REQUEST_VISIBILITY[item][Viewer.LOCAL_AUTHORITY] == "no"
        assert REQUEST_VISIBILITY[item][Viewer.INVITED] == "no"


def test_what_the_family_wrote_needs_a_share_to_be_seen():
    for item in ("story", "wish", "documents"):
        assert REQUEST_VISIBILITY[item][Viewer.LOCAL_AUTHORITY] == "share"
        assert REQUEST_VISIBILITY[item][Viewer.INVITED] == "share"


def test_what_passes_between_family_and_provider_is_not_in_the_councils_timeline():
    for happening in (Happening.INFORMATION_ASKED, Happening.CONFLICT_OF_INTEREST, Happening.YOUNG_PERSON_ASKED):
        assert not viewers_of(happening) & {Viewer.LOCAL_AUTHORITY, Viewer.INVITED}


def test_a_reference_reads_like_one():
    assert reference("DER", 2026, 1) == "DER-2026-00001"
