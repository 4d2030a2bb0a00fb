"""Acknowledging, telling the council, answering, withdrawing: as the logins that pages really use; all commits."""

import datetime as dt

import pytest

from parley.access.domain import Role
from parley.casework import lists, queries
from parley.casework.domain import (
    AnswerValue,
    CaseState,
    ClockCode,
    CloseReason,
    DeclineReason,
    PartyKind,
    Viewer,
)
from parley.casework.request import Person
from parley.casework.service import answers, body_contacts, consents, referral
from parley.casework.service.answers import NewAnswer
from parley.casework.timeline import CaseNews, Happening
from parley.casework.wording import Names, next_step
from parley.db.events import Subscriptions
from parley.kernel.errors import Conflict, Invalid, NotFound
from support.factories import NOW, acting
from support.policies import policy_of

DERBY = policy_of("derby")
YES = NewAnswer(value=AnswerValue.AGREED, decision_maker=Person(name="Head of SEND"))
NO = NewAnswer(
    value=AnswerValue.DECLINED, reason=DeclineReason.OTHER_ROUTE, words="We would like to meet you at school first."
)


class Going:
    """One case, and the people who act on it."""

    def __init__(self, database, made):
        self.database, self.made = database, made
        self.ids = {"authority_id": made.authority.id, "case_id": made.id}
        self.coordinator = acting(Role.COORDINATOR, made.provider)
        self.officer = acting(Role.OFFICER, made.authority)

    def provider(self, act, **values):
        with self.database.begin(self.made.provider_scope) as session:
            return act(session, actor=self.coordinator, at=NOW, **self.ids, **values)

    def council(self, answer, *, instead_of=None, at=NOW):
        with self.database.begin(self.made.authority_scope) as session:
            return answers.answer_for_council(
                session, actor=self.officer, at=at, answer=answer, policy=DERBY, instead_of=instead_of, **self.ids
            )

    def family_view(self):
        with self.database.begin(self.made.authority_scope) as session:
            return queries.family_view(session, identity_id=self.made.parent_identity, **self.ids)

    def council_view(self):
        with self.database.begin(self.made.authority_scope) as session:
            return queries.council_view(session, **self.ids)


def running(view):
    """The clocks that run for the council."""
    return [clock for clock in view.clocks if clock.is_running() and clock.binds is Viewer.LOCAL_AUTHORITY]


@pytest.fixture
def going(database, make):
    """Return a function that makes a case in a state."""
    return lambda state=CaseState.COUNCIL_TOLD: Going(database, make.case(state=state))


def test_telling_the_council_is_what_shows_it_the_case(going):
    case = going(CaseState.ACKNOWLEDGED)
    with pytest.raises(NotFound):
        case.council_view()
    case.provider(referral.tell_council, policy=DERBY)
    view = case.council_view()
    assert view.state is CaseState.COUNCIL_TOLD
    assert [clock.code for clock in running(view)] == [ClockCode.ANSWER_BY]


def test_the_council_cannot_be_told_before_the_provider_took_the_case_up_nor_twice(going):
    case = going(CaseState.SENT)
    with pytest.raises(Conflict):
        case.provider(referral.tell_council, policy=DERBY)
    told = going(CaseState.COUNCIL_TOLD)
    with pytest.raises(Conflict):
        told.provider(referral.tell_council, policy=DERBY)


def test_the_council_reads_neither_contact_nor_story_nor_safety(going):
    view = going().council_view()
    assert view.child.name == "Rowan Marsh"
    assert view.child.address == ""
    assert view.statements == ()
    assert [(member.name, member.email, member.safety) for member in view.members] == [("Ash Marsh", "", None)]


def test_a_yes_from_everybody_moves_the_case_on(going):
    case = going()
    case.council(YES)
    view = case.family_view()
    assert view.state is CaseState.AGREED
    assert view.party(PartyKind.LOCAL_AUTHORITY).answer is AnswerValue.AGREED
    assert [entry.happening for entry in view.timeline][-1] == Happening.EVERYONE_AGREED


def test_a_case_that_fitted_when_it_was_sent_goes_on_though_its_window_would_be_closed_now(database, make):
    """Health support is open while a plan is reviewed. The stage of that day stays with the case."""
    sent = make.case(state=CaseState.ACKNOWLEDGED, areas=["C"], facts={"stage": "in_review"})
    case = Going(database, sent)
    case.provider(referral.tell_council, policy=DERBY)
    case.council(YES)
    view = case.family_view()
    assert view.state is CaseState.AGREED
    assert (view.areas, view.facts, view.law_version) == (("C",), {"stage": "in_review"}, "england-2014")


def test_a_school_that_has_not_answered_keeps_the_case_waiting(going, make):
    case = going()
    make.party(case.made)
    case.council(YES)
    assert case.family_view().state is CaseState.COUNCIL_TOLD


def inviting(view):
    """The dates by which the provider invites a body: the body's name, the day, and whether it runs."""
    return [(one.party, one.due_on, one.is_running()) for one in view.clocks if one.code is ClockCode.INVITE_BY]


def test_from_when_the_council_is_told_the_provider_has_a_date_to_invite_whom_the_family_wants_asked(going, make):
    case = going(CaseState.ACKNOWLEDGED)
    school = make.party(case.made)
    case.provider(referral.tell_council, policy=DERBY)
    assert inviting(case.family_view()) == [("Oak Hill School", dt.date(2026, 11, 27), True)]
    named = {"party_id": school, "name": "Sam Field", "email": "sam@oakhill.example"}
    case.provider(body_contacts.invite_body_contact, policy=DERBY, **named)
    assert inviting(case.family_view()) == [("Oak Hill School", dt.date(2026, 11, 27), False)]


def test_a_yes_that_the_family_gives_later_starts_that_date_and_a_no_stops_it(going, make):
    case = going()
    school = make.party(case.made)
    said = {"party_id": school, "policy": DERBY, "member_id": case.made.parent}
    for agrees, run in ((False, []), (True, [True]), (True, [True]), (False, [])):
        case.provider(consents.record_spoken_consent, agrees=agrees, **said)
        assert [runs for _, _, runs in inviting(case.family_view()) if runs] == run


def test_until_it_is_done_inviting_is_the_providers_next_step_with_its_date(going, make):
    case = going(CaseState.ACKNOWLEDGED)
    make.party(case.made)
    case.provider(referral.tell_council, policy=DERBY)
    council = case.made.authority.name
    names = Names(council=council, provider="Global Mediation")
    step = next_step(case.family_view(), names, NOW.date())
    assert step.what == f"Global Mediation invites Oak Hill School, and {council} says whether to take part"
    assert (step.by, step.holder) == (dt.date(2026, 11, 27), f"Global Mediation and {council}")
    answer = next_step(case.council_view(), names, NOW.date())
    assert (answer.what, answer.by) == ("Answer whether the council takes part", dt.date(2026, 12, 8))


def test_a_no_is_read_by_the_family_in_the_councils_own_words_and_closes_nothing(going):
    case = going()
    case.council(NO)
    view = case.family_view()
    council = view.party(PartyKind.LOCAL_AUTHORITY)
    assert (council.answer, council.words) == (AnswerValue.DECLINED, NO.words)
    assert view.state is CaseState.COUNCIL_TOLD


def test_going_on_without_a_party_that_said_no_is_the_providers_act(going, make):
    case = going()
    school = make.party(case.made)
    case.council(YES)
    case.provider(answers.remove_party, party_id=school, policy=DERBY)
    assert case.family_view().state is CaseState.AGREED


def test_a_holding_reply_is_a_promise_with_a_date(going):
    case = going()
    case.council(NewAnswer(value=AnswerValue.HOLDING, holding_until=dt.date(2026, 12, 4)))
    (clock,) = running(case.council_view())
    assert (clock.code, clock.due_on) == (ClockCode.HOLDING_UNTIL, dt.date(2026, 12, 4))


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        (NewAnswer(value=AnswerValue.AGREED), {"decision_maker"}),
        (NewAnswer(value=AnswerValue.DECLINED), {"reason", "words"}),
        (NewAnswer(value=AnswerValue.HOLDING), {"holding_until"}),
        (NewAnswer(value=AnswerValue.HOLDING, holding_until=NOW.date()), {"holding_until"}),
        (NewAnswer(value=AnswerValue.DECLINED, reason=DeclineReason.OTHER, words="x" * 2001), {"words"}),
    ],
)
def test_an_answer_that_says_too_little_is_refused_by_name(going, answer, fields):
    case = going()
    with pytest.raises(Invalid) as refused:
        case.council(answer)
    assert set(refused.value.errors) == fields


def test_an_officer_who_was_slower_is_told_that_a_colleague_answered(going):
    case = going()
    case.council(NO)
    with pytest.raises(Conflict):
        case.council(YES, at=NOW + dt.timedelta(minutes=1))
    case.council(YES, at=NOW + dt.timedelta(minutes=2), instead_of=NOW)
    assert case.family_view().state is CaseState.AGREED


def test_an_officer_of_another_council_finds_no_such_case(going, make, database):
    case, elsewhere = going(), make.case(state=CaseState.COUNCIL_TOLD)
    with database.begin(elsewhere.authority_scope) as session, pytest.raises(NotFound):
        answers.answer_for_council(
            session, actor=case.officer, at=NOW, answer=YES, policy=DERBY, instead_of=None, **case.ids
        )


def test_the_council_finds_a_case_by_reference_name_and_its_own_number(going, database):
    case = going()
    with database.begin(case.made.authority_scope) as session:
        answers.set_council_number(session, actor=case.officer, at=NOW, number="SEN 12/345", **case.ids)
    for text in (case.made.reference.lower(), " rowan   MARSH ", "sen 12/345"):
        with database.begin(case.made.authority_scope) as session:
            found = lists.search_council(session, authority_id=case.made.authority.id, text=text)
        assert [row.id for row in found] == [case.made.id], text


def test_only_a_rights_holder_can_withdraw_and_at_any_time(going, database):
    case = going(CaseState.MEETING_ARRANGED)
    with database.begin(case.made.authority_scope) as session, pytest.raises(NotFound):
        answers.withdraw(session, actor=acting(Role.FAMILY, case.made.authority), at=NOW, **case.ids)
    with database.begin(case.made.authority_scope) as session:
        answers.withdraw(session, actor=case.made.family_actor, at=NOW, **case.ids)
    view = case.family_view()
    assert (view.state, view.close_reason) == (CaseState.CLOSED, CloseReason.WITHDRAWN)


@pytest.fixture
def listened(database):
    """Listen to news for one test alone."""
    before = database.subscriptions
    database.subscriptions = Subscriptions()
    yield database.subscriptions
    database.subscriptions = before


def test_news_is_told_within_the_transaction_that_made_it(going, listened):
    heard = []
    case = going(CaseState.SENT)
    listened.subscribe(CaseNews, lambda session, news: heard.append((news.case_id, news.happening)))
    case.provider(referral.acknowledge)
    assert (case.made.id, Happening.ACKNOWLEDGED) in heard


def test_a_subscriber_that_fails_undoes_what_it_was_told_of(going, listened):
    case = going(CaseState.SENT)

    def fail(_session, news):
        if news.case_id == case.made.id:
            raise RuntimeError("no room for this news")

    listened.subscribe(CaseNews, fail)
    with pytest.raises(RuntimeError):
        case.provider(referral.acknowledge)
    assert case.family_view().state is CaseState.SENT
