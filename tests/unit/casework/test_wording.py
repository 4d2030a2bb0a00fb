"""A case in plain words, for each side."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

import pytest

from parley.casework import wording
from parley.casework.allocation import AllocatedBecause
from parley.casework.domain import (
    AnswerValue,
    Capacity,
    CaseState,
    Channel,
    ClockBasis,
    ClockCode,
    CloseReason,
    Holder,
    PartyKind,
    Viewer,
)
from parley.casework.timeline import Happening
from parley.casework.views import CaseView, ChildView, ClockView, MemberView, PartyView, TimelineView
from parley.casework.wording_else import what_else
from parley.tenancy.domain import ProviderOrganisation

NOW = dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)
TODAY = NOW.date()
PROVIDER = ProviderOrganisation(id=uuid.uuid4(), slug="global-mediation", name="Global Mediation", profile={})
NAMES = wording.Names(council="Derby City Council", provider="Global Mediation", young_person="Rowan")


def party(kind: PartyKind, answer: AnswerValue | None = None, **fields: object) -> PartyView:
    """A party of a case."""
    values: dict[str, Any] = {"id": uuid.uuid4(), "name": "", "may_be_invited": True, "removed": False, **fields}
    return PartyView(kind=kind, answer=answer, **values)


def clock(code: ClockCode, days: int, binds: Viewer, basis: ClockBasis = ClockBasis.OUR_AIM) -> ClockView:
    """A running due date, `days` from today."""
    due_on = TODAY + dt.timedelta(days=days)
    return ClockView(code=code, basis=basis, binds=binds, due_on=due_on, met_on=None, stopped=False)


def case(state: CaseState, viewer: Viewer = Viewer.FAMILY, **fields: object) -> CaseView:
    """A case in `state` as `viewer` sees it."""
    values: dict[str, Any] = {
        "authority_id": uuid.uuid4(),
        "id": uuid.uuid4(),
        "reference": "DER-2026-00001",
        "state_since": NOW,
        "close_reason": None,
        "channel": Channel.ONLINE,
        "provider": PROVIDER,
        "allocated_because": AllocatedBecause.SOLE,
        "policy_version_id": uuid.uuid4(),
        "law_version": "england-2014",
        "areas": ("A",),
        "against": (),
        "facts": {},
        "asked_as_question": False,
        "sent_at": NOW,
        "council_told_at": None,
        "child": ChildView(name="Rowan", setting=""),
        "parties": (party(PartyKind.FAMILY), party(PartyKind.LOCAL_AUTHORITY)),
        "members": (),
        "statements": (),
        "clocks": (),
        "timeline": (),
        "referral": None,
        **fields,
    }
    return CaseView(viewer=viewer, state=state, **values)


@pytest.mark.parametrize("viewer", Viewer)
@pytest.mark.parametrize("state", CaseState)
def test_every_state_says_what_is_next_and_who_holds_it_to_every_side(state: CaseState, viewer: Viewer) -> None:
    step = wording.next_step(case(state, viewer), NAMES, TODAY)
    assert step.what
    assert step.holder
    assert "{" not in step.what + step.note + step.holder
    text, tone = wording.state_words(state, viewer, NAMES)
    assert text
    assert tone in {"neutral", "waiting", "action", "good", "bad"}


@pytest.mark.parametrize("reason", CloseReason)
def test_every_way_to_end_is_explained(reason: CloseReason) -> None:
    step = wording.next_step(case(CaseState.CLOSED, close_reason=reason), NAMES, TODAY)
    assert step.note
    assert step.by is None
    assert "{" not in step.note


@pytest.mark.parametrize("viewer", Viewer)
@pytest.mark.parametrize("happening", Happening)
def test_every_happening_has_words_for_every_side(happening: Happening, viewer: Viewer) -> None:
    said = wording.happening_words(happening.value, viewer, NAMES, by=Viewer.FAMILY, codes={}, parties={})
    assert said.title[0].isupper()
    assert "{" not in said.title + (said.text or "")


@pytest.mark.parametrize("viewer", Viewer)
@pytest.mark.parametrize("basis", ClockBasis)
@pytest.mark.parametrize("code", ClockCode)
def test_every_due_date_has_words_and_a_basis(code: ClockCode, basis: ClockBasis, viewer: Viewer) -> None:
    said = wording.clock_words(clock(code, 1, Viewer.FAMILY, basis), viewer, NAMES, TODAY)
    assert said.name
    assert said.basis == (wording.OWN_BASES.get(code) or wording.BASES[basis])
    assert "{" not in said.name + (said.if_missed or "")


@pytest.mark.parametrize(("days", "state"), [(-1, "passed"), (0, "soon"), (3, "soon"), (4, "open")])
def test_a_due_date_counts_up_to_and_including_its_day(days: int, state: str) -> None:
    said = wording.clock_words(clock(ClockCode.APPEAL_BY, days, Viewer.FAMILY), Viewer.FAMILY, NAMES, TODAY)
    assert said.state == state


def test_what_is_still_to_be_done_comes_before_what_was_done() -> None:
    done = dataclasses.replace(clock(ClockCode.ACKNOWLEDGE_BY, -9, Viewer.PROVIDER), met_on=TODAY)
    stopped = dataclasses.replace(clock(ClockCode.ARRANGE_BY, 3, Viewer.PROVIDER), stopped=True)
    running = [clock(ClockCode.APPEAL_BY, 40, Viewer.FAMILY), clock(ClockCode.ANSWER_BY, -2, Viewer.LOCAL_AUTHORITY)]
    said = wording.due_dates([done, stopped, *running], Viewer.FAMILY, NAMES, TODAY)
    assert [one.state for one in said] == ["passed", "open", "met"]


def test_the_next_step_names_who_has_not_answered_and_by_when() -> None:
    school = party(PartyKind.SETTING, name="Oak Hill School")
    council = party(PartyKind.LOCAL_AUTHORITY, AnswerValue.AGREED, name="Derby City Council")
    view = case(
        CaseState.COUNCIL_TOLD, parties=(council, school), clocks=(clock(ClockCode.INVITATION_BY, 9, Viewer.INVITED),)
    )
    step = wording.next_step(view, NAMES, TODAY)
    assert step.what == "Oak Hill School says whether to take part"
    assert step.holder == "Oak Hill School"
    assert step.by == TODAY + dt.timedelta(days=9)


@pytest.mark.parametrize(
    ("viewer", "alone", "beside", "holds"),
    [
        (Viewer.FAMILY, "Global Mediation invites Oak Hill School", "Derby City Council says", "Global Mediation"),
        (Viewer.PROVIDER, "You invite Oak Hill School", "Derby City Council says", "You"),
        (Viewer.LOCAL_AUTHORITY, "Global Mediation invites Oak Hill School", "Answer whether", "Global Mediation"),
    ],
)
def test_until_it_is_invited_a_body_does_not_hold_the_next_step_but_whoever_invites_it(
    viewer: Viewer, alone: str, beside: str, holds: str
) -> None:
    school = party(PartyKind.SETTING, name="Oak Hill School", asked=False)
    agreed = case(
        CaseState.COUNCIL_TOLD, viewer, parties=(party(PartyKind.LOCAL_AUTHORITY, AnswerValue.AGREED), school)
    )
    step = wording.next_step(agreed, NAMES, TODAY)
    assert (step.what, step.holder) == (alone, holds)
    silent = case(CaseState.COUNCIL_TOLD, viewer, parties=(party(PartyKind.LOCAL_AUTHORITY), school))
    step = wording.next_step(silent, NAMES, TODAY)
    assert beside in step.what
    assert "Oak Hill School" not in step.holder
    assert wording.answer_words(school) == ("Not invited yet", "neutral")


def test_in_a_closed_case_nobody_waits_for_an_answer() -> None:
    council = party(PartyKind.LOCAL_AUTHORITY)
    assert wording.answer_words(council) == ("No answer yet", "neutral")
    for answer in (None, AnswerValue.HOLDING):
        silent = party(PartyKind.LOCAL_AUTHORITY, answer)
        assert wording.answer_words(silent, closed=True) == ("Need not answer any more", "neutral")
    untold = party(PartyKind.LOCAL_AUTHORITY, asked=False)
    assert wording.answer_words(untold, closed=True) == ("Was not told", "neutral")
    uninvited = party(PartyKind.SETTING, asked=False)
    assert wording.answer_words(uninvited, closed=True) == ("Was not invited", "neutral")
    agreed = party(PartyKind.LOCAL_AUTHORITY, AnswerValue.AGREED)
    assert wording.answer_words(agreed, closed=True) == ("Agreed to take part", "good")


def test_a_body_that_may_not_be_asked_is_never_waited_for() -> None:
    school = party(PartyKind.SETTING, name="Oak Hill School", may_be_invited=False)
    view = case(CaseState.COUNCIL_TOLD, parties=(party(PartyKind.LOCAL_AUTHORITY, AnswerValue.AGREED), school))
    assert "Oak Hill" not in wording.next_step(view, NAMES, TODAY).what


def test_the_council_is_told_to_answer_while_it_has_not() -> None:
    view = case(CaseState.COUNCIL_TOLD, Viewer.LOCAL_AUTHORITY)
    step = wording.next_step(view, NAMES, TODAY)
    assert step.what == "Answer whether the council takes part"
    assert step.holder == "You"


def test_after_a_no_the_provider_holds_the_case_and_the_family_reads_what_else_it_can_do() -> None:
    council = party(PartyKind.LOCAL_AUTHORITY, AnswerValue.DECLINED)
    view = case(
        CaseState.COUNCIL_TOLD,
        parties=(party(PartyKind.FAMILY), council),
        clocks=(clock(ClockCode.APPEAL_BY, 30, Viewer.FAMILY, ClockBasis.LAW),),
    )
    assert wording.next_step(view, NAMES, TODAY).holder == "Global Mediation"
    titles = [title for title, _ in what_else(view, NAMES)]
    assert titles[0] == "Mediation and appeal"
    assert "Complain to Derby City Council" in titles
    assert "Get free, independent advice" in titles


def test_whoever_withdrew_is_told_of_asking_again_and_of_no_others_to_be_asked() -> None:
    over = case(CaseState.CLOSED, close_reason=CloseReason.WITHDRAWN)
    ways = " ".join(text for _title, text in what_else(over, NAMES))
    assert "ask again" in ways
    assert "the others" not in ways


def test_while_nobody_said_no_nothing_else_is_offered() -> None:
    assert what_else(case(CaseState.COUNCIL_TOLD), NAMES) == []


def test_the_young_person_reads_that_the_choice_is_theirs() -> None:
    me = MemberView(
        id=uuid.uuid4(),
        party_id=uuid.uuid4(),
        capacity=Capacity.YOUNG_PERSON,
        name="Rowan",
        is_rights_holder=True,
        is_me=True,
    )
    step = wording.next_step(case(CaseState.WAITING_FOR_YOUNG_PERSON, members=(me,)), NAMES, TODAY)
    assert step.holder == "You"
    assert step.what == "You say whether you agree to this request"


def test_a_date_that_passed_says_whom_to_ring() -> None:
    view = case(CaseState.SENT, clocks=(clock(ClockCode.ACKNOWLEDGE_BY, -2, Viewer.PROVIDER),))
    assert "Ring Global Mediation" in wording.next_step(view, NAMES, TODAY).note


def test_a_question_to_the_family_comes_before_what_else_is_waited_for() -> None:
    view = case(CaseState.ACKNOWLEDGED, clocks=(clock(ClockCode.INFORMATION_BY, 5, Viewer.FAMILY),))
    step = wording.next_step(view, NAMES, TODAY)
    assert step.what == "Answer the question that Global Mediation asked you"
    assert step.holder == "You"


def test_the_timeline_names_parties_and_reads_newest_first() -> None:
    council = party(PartyKind.LOCAL_AUTHORITY, name="Derby City Council")
    shared = TimelineView(
        at=NOW, happening="item_shared", by=Viewer.FAMILY, codes={"item_kind": "statement", "party_id": str(council.id)}
    )
    answered = TimelineView(
        at=NOW,
        happening="answered",
        by=Viewer.LOCAL_AUTHORITY,
        codes={"party": "local_authority", "value": "declined"},
    )
    view = case(CaseState.COUNCIL_TOLD, parties=(council,), timeline=(shared, answered))
    titles = [said.title for _, said in wording.timeline_words(view, NAMES)]
    assert titles == ["Derby City Council said no", "You shared something you wrote with Derby City Council"]


@pytest.mark.parametrize("happening", [Happening.SUBMITTED_TO_PROVIDER, Happening.CLOCK_MISSED])
@pytest.mark.parametrize("viewer", Viewer)
def test_what_no_person_did_is_credited_to_none(happening: Happening, viewer: Viewer) -> None:
    said = wording.happening_words(happening.value, viewer, NAMES, by=Viewer.PROVIDER, codes={}, parties={})
    assert said.by.endswith(", automatically")
    is_own = happening is Happening.SUBMITTED_TO_PROVIDER and viewer is Viewer.PROVIDER
    assert said.by.startswith("Your integration") is is_own


def test_a_happening_of_a_newer_version_is_said_plainly() -> None:
    said = wording.happening_words("invented_later", Viewer.FAMILY, NAMES, by=None, codes={}, parties={})
    assert said.title == "The case was updated"


@pytest.mark.parametrize("holder", Holder)
@pytest.mark.parametrize("viewer", Viewer)
def test_a_side_that_holds_the_case_is_called_you(holder: Holder, viewer: Viewer) -> None:
    said = wording.holder_words(holder, viewer, NAMES)
    assert (said == "You") is (holder.value == viewer.value)


def test_a_meeting_that_was_moved_says_where_to_and_at_whose_wish() -> None:
    codes = {"on": "2026-12-03", "asked_by": "local_authority"}
    said = wording.happening_words("meeting_moved", Viewer.FAMILY, NAMES, by=Viewer.PROVIDER, codes=codes, parties={})
    assert said.title == "The meeting was moved to 3 December 2026, because Derby City Council asked"
    own = wording.happening_words(
        "meeting_cancelled", Viewer.FAMILY, NAMES, by=Viewer.PROVIDER, codes={"asked_by": "family"}, parties={}
    )
    assert own.title == "The meeting was cancelled, because you asked"


def test_an_invited_contact_is_asked_for_the_answer_of_their_own_body() -> None:
    school, other = party(PartyKind.SETTING, name="Oak Hill School"), party(PartyKind.ICB, name="An ICB")
    me = MemberView(
        id=uuid.uuid4(),
        party_id=school.id,
        capacity=Capacity.SETTING_CONTACT,
        name="Sam",
        is_rights_holder=False,
        is_me=True,
    )
    asked = case(CaseState.COUNCIL_TOLD, Viewer.INVITED, parties=(school, other), members=(me,))
    assert wording.next_step(asked, NAMES, TODAY).what == "Answer whether you take part"
    assert wording.next_step(asked, NAMES, TODAY).holder == "You and An ICB"
    answered = party(PartyKind.SETTING, AnswerValue.AGREED, name="Oak Hill School", id=school.id)
    done = case(CaseState.COUNCIL_TOLD, Viewer.INVITED, parties=(answered, other), members=(me,))
    assert wording.next_step(done, NAMES, TODAY).what == "An ICB says whether to take part"
