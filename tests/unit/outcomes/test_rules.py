"""What an agreement may say, who has to confirm it, and who may say what of an agreed action."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.casework.agreement import ActionText, AgreementText, OutcomeKind, agreement_problems
from parley.casework.domain import PartyKind, Viewer
from parley.compartment.domain import Participant, copy_holders
from parley.db.scope import Side
from parley.kernel.ids import new_id
from parley.outcomes.domain import (
    ActionChange,
    ActionFacts,
    ActionState,
    is_complete,
    possible_changes,
    state_after,
)

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)
COUNCIL = new_id()
ACTION = ActionText(what="Write", owner_id=COUNCIL, due_on=TODAY)

texts = st.builds(
    AgreementText,
    kind=st.sampled_from(OutcomeKind),
    points=st.lists(st.text(min_size=1), max_size=3).map(tuple),
    actions=st.lists(st.builds(ActionText, what=st.text(), owner_id=st.uuids(), due_on=st.dates()), max_size=2).map(
        tuple
    ),
    remaining=st.lists(st.text(min_size=1), max_size=3).map(tuple),
)


@given(texts)
def test_what_is_written_reads_back_word_for_word(text: AgreementText) -> None:
    assert AgreementText.from_json(text.to_json()) == text


@pytest.mark.parametrize(
    ("kind", "parts", "field"),
    [
        (OutcomeKind.FULL, {}, "points"),
        (OutcomeKind.FULL, {"points": ("a",), "remaining": ("b",)}, "remaining"),
        (OutcomeKind.PARTIAL, {"points": ("a",)}, "remaining"),
        (OutcomeKind.PARTIAL, {"remaining": ("b",)}, "points"),
        (OutcomeKind.NONE, {"points": ("a",)}, "kind"),
        (OutcomeKind.BACK_TO_PANEL, {"points": ("a",)}, "actions"),
        (OutcomeKind.FULL, {"points": ("a" * 1001,)}, "points"),
        (OutcomeKind.FULL, {"points": ("a",) * 21}, "points"),
    ],
)
def test_an_outcome_says_what_its_kind_needs(kind: OutcomeKind, parts: dict[str, Any], field: str) -> None:
    assert list(agreement_problems(AgreementText(kind=kind, **parts), frozenset({COUNCIL}), TODAY)) == [field]


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        (OutcomeKind.FULL, {"actions": (ACTION,)}),
        (OutcomeKind.PARTIAL, {"points": ("a",), "remaining": ("b",)}),
        (OutcomeKind.NONE, {"remaining": ("b",)}),
        (OutcomeKind.NONE, {}),
        (OutcomeKind.BACK_TO_PANEL, {"actions": (ACTION,)}),
    ],
)
def test_each_kind_can_be_said(kind: OutcomeKind, parts: dict[str, Any]) -> None:
    assert agreement_problems(AgreementText(kind=kind, **parts), frozenset({COUNCIL}), TODAY) == {}


def someone(party: PartyKind, *, holds: bool = False, came: bool = True, of: Any = None) -> Participant:
    return Participant(member_id=new_id(), party_id=of or new_id(), party=party, is_rights_holder=holds, attended=came)


def test_a_family_confirms_by_whoever_holds_the_rights_even_if_they_did_not_come() -> None:
    family = new_id()
    parent = someone(PartyKind.FAMILY, of=family)
    young = someone(PartyKind.FAMILY, of=family, holds=True, came=False)
    assert [holder.member_id for holder in copy_holders([parent, young])] == [young.member_id]
    assert [holder.member_id for holder in copy_holders([parent])] == [parent.member_id]


def test_a_council_confirms_as_one_and_who_was_not_there_not_at_all() -> None:
    council = new_id()
    people = [someone(PartyKind.LOCAL_AUTHORITY, of=council), someone(PartyKind.LOCAL_AUTHORITY, of=council)]
    absent = someone(PartyKind.SETTING, came=False)
    assert [(holder.side, holder.member_id) for holder in copy_holders([*people, absent])] == [(Side.COUNCIL, None)]


def facts(state: ActionState, owner: PartyKind = PartyKind.LOCAL_AUTHORITY, **changed: Any) -> ActionFacts:
    values = {"since": NOW, "by": None, "due_on": TODAY, "done_at": None} | changed
    return ActionFacts(owner=owner, state=state, **values)


def test_a_family_does_not_check_its_own_action() -> None:
    done = facts(ActionState.DONE, PartyKind.FAMILY, by=Viewer.FAMILY, done_at=NOW)
    assert possible_changes(done, Viewer.FAMILY, is_owner=True, at=NOW, on=TODAY) == {ActionChange.TAKE_BACK}
    assert done.is_settled


@given(st.sampled_from(ActionState), st.sampled_from(PartyKind), st.sampled_from(Viewer), st.booleans(), st.booleans())
def test_whatever_may_be_said_leads_somewhere_else(
    state: ActionState, owner: PartyKind, viewer: Viewer, is_owner: bool, late: bool
) -> None:
    known = facts(state, owner, by=viewer, done_at=None if state is ActionState.OPEN else NOW)
    on = TODAY + dt.timedelta(days=late)
    for change in possible_changes(known, viewer, is_owner=is_owner, at=NOW, on=on):
        assert state_after(known, change) is not state


def test_only_a_full_agreement_ends_by_itself() -> None:
    confirmed = [facts(ActionState.CONFIRMED)]
    assert is_complete(OutcomeKind.FULL, confirmed)
    assert not is_complete(OutcomeKind.PARTIAL, confirmed)
    assert not is_complete(OutcomeKind.FULL, [])
    assert not is_complete(OutcomeKind.FULL, [*confirmed, facts(ActionState.DONE)])
