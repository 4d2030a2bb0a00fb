"""The choice becomes a young person's own while a case runs: it waits for their yes, and what was agreed before stays.

As the logins that pages and jobs really use.
"""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from parley.access.domain import Role
from parley.casework import coming_of_age as ages
from parley.casework import lists, to_ask, worklists
from parley.casework.domain import (
    AnswerValue,
    Capacity,
    CaseState,
    ClockBasis,
    ClockCode,
    CloseReason,
    ConsentKind,
    ConsentState,
    Holder,
    PassedOnBecause,
    Viewer,
)
from parley.casework.models import Case, Consent, Invitation
from parley.casework.request import MeetingMode, Person
from parley.casework.service import answers, body_contacts, consents, own_yes, passing, referral, sharing
from parley.casework.service.answers import NewAnswer
from parley.casework.service.record import Act, case_for_update
from parley.casework.service.sending import Rules
from parley.casework.timeline import Happening
from parley.casework.wording import Names, next_step
from parley.db.scope import Login, authority_scope, provider_scope
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.kernel.ids import new_id
from parley.law.versions import law_on
from parley.meetings.domain import Period
from parley.meetings.service import proposing
from support.factories import acting
from support.family import served_council
from support.own_choice import THE_DAY, Growing, growing
from support.policies import policy_of
from support.staff import start_clock

DERBY = policy_of("derby")
YES = NewAnswer(value=AnswerValue.AGREED, decision_maker=Person(name="Head of SEND"))
DAY = dt.timedelta(days=1)
OWN = Person(name="Rowan Marsh", email="rowan@family.example", phone="")


@pytest.fixture
def council(make):
    """A council under Derby's policy."""
    return served_council(make)


@pytest.fixture
def waiting(make, council):
    """A case that is on hold."""
    case = growing(make, council)
    start_clock(make, case.made, ClockCode.ANSWER_BY, 0)
    case.look()
    return case


def rules(case: Growing) -> Rules:
    """What the case began under."""
    return Rules(policy=DERBY, policy_version_id=case.council.policy_version_id, law=law_on(THE_DAY.date()))


def answers_own(case: Growing, *, agrees: bool, at: dt.datetime = THE_DAY) -> Case:
    """Let the young person answer for themselves."""
    me = new_id()
    case.sign_young_person_up(me)
    with case.make.database.begin(case.made.authority_scope) as session:
        return own_yes.young_person_answers(
            session,
            actor=acting(Role.FAMILY, case.made.authority, identity_id=me),
            at=at,
            agrees=agrees,
            rules=rules(case),
            **case.ids,
        )


def found_on(case: Growing, on: dt.date) -> bool:
    """Tell whether the nightly look finds the case on a day."""
    with case.make.database.begin(authority_scope(case.made.authority.id, login=Login.WORKER)) as session:
        batch = ages.coming_of_age(session, authority_id=case.made.authority.id, on=on, after=None)
    return case.made.id in batch.due


@pytest.mark.parametrize(
    ("born", "day"),
    [
        # The last day of one school year and the first of the next: the choice is theirs a year apart.
        ("2010-08-31", dt.date(2026, 6, 26)),
        ("2010-09-01", dt.date(2027, 6, 25)),
        # In 2028 the last Friday is the 30th, and the sixteenth birthday of those born in July comes after it.
        ("2012-07-31", dt.date(2028, 6, 30)),
        ("2012-02-29", dt.date(2028, 6, 30)),
    ],
)
def test_a_case_is_found_six_weeks_before_the_day_and_no_day_earlier(make, council, born, day):
    case = growing(make, council, born=born)
    notice = day - dt.timedelta(weeks=6)
    assert [found_on(case, on) for on in (notice - DAY, notice, day, day + 30 * DAY)] == [False, True, True, True]


def test_nothing_of_a_childs_age_is_kept_before_the_day_is_near(make, council):
    case = growing(make, council)
    case.look(at=THE_DAY - dt.timedelta(weeks=6, days=1))
    assert case.of_parent().clocks == ()


@pytest.mark.parametrize("state", sorted(ages.NOT_NOW))
def test_a_case_that_is_over_or_waits_already_is_left_alone(make, council, state):
    case = growing(make, council, state=state)
    assert not found_on(case, THE_DAY.date())
    case.look()
    assert case.young_person() is None if state is not CaseState.WAITING_FOR_YOUNG_PERSON else True


@pytest.mark.parametrize("capacity", [Capacity.YOUNG_PERSON, Capacity.ALTERNATIVE_PERSON])
def test_a_case_in_which_somebody_else_already_has_the_say_is_left_alone(make, council, capacity):
    case = growing(make, council)
    make.member(case.made, case.made.family, capacity=capacity)
    assert not found_on(case, THE_DAY.date())
    case.look()
    assert not case.of_parent().on_hold


def test_another_councils_cases_are_none_of_its_own(make, council):
    case, other = growing(make, council), served_council(make)
    with make.database.begin(authority_scope(other.authority.id, login=Login.WORKER)) as session:
        batch = ages.coming_of_age(session, authority_id=case.made.authority.id, on=THE_DAY.date(), after=None)
    assert batch.due == []


def test_batches_follow_each_other_to_the_end(make, council, monkeypatch):
    monkeypatch.setattr(ages, "BATCH", 1)
    cases = {growing(make, council).made.id for _ in range(3)}
    found: list[uuid.UUID] = []
    after = None
    for _ in range(4):
        with make.database.begin(authority_scope(council.authority.id, login=Login.WORKER)) as session:
            due, after = ages.coming_of_age(session, authority_id=council.authority.id, on=THE_DAY.date(), after=after)
        found += due
    assert (set(found), len(found), after) == (cases, 3, None)


def test_some_weeks_before_family_and_provider_are_told_the_day_once(make, council):
    case = growing(make, council)
    for _ in range(2):
        case.look(at=THE_DAY - dt.timedelta(weeks=5))
    (clock,) = case.of_parent().clocks
    assert (clock.code, clock.basis, clock.due_on) == (ClockCode.OWN_CHOICE_ON, ClockBasis.LAW, dt.date(2027, 6, 25))
    for view, times in ((case.of_parent(), 1), (case.of_provider(), 1), (case.of_council(), 0)):
        assert [entry.happening for entry in view.timeline].count(Happening.OWN_CHOICE_SOON) == times
        assert not view.on_hold


def test_from_the_day_on_every_side_reads_that_it_waits_and_stands_where_it_stood(waiting):
    names = Names(council="Derby City Council", provider="Global Mediation", young_person="Rowan Marsh")
    for view in (waiting.of_parent(), waiting.of_council(), waiting.of_provider()):
        assert (view.state, view.standing, view.holder) == (
            CaseState.COUNCIL_TOLD,
            CaseState.WAITING_FOR_YOUNG_PERSON,
            Holder.YOUNG_PERSON,
        )
        step = next_step(view, names, THE_DAY.date())
        assert step.what == "Rowan Marsh says whether this goes on"
        assert step.by is not None
        assert step.by > THE_DAY.date()
    note = next_step(waiting.of_parent(), names, THE_DAY.date()).note
    assert "What was agreed before stays" in note
    assert "Global Mediation" in note


def test_the_choice_is_the_young_persons_and_no_longer_the_parents(waiting):
    parent = waiting.of_parent().me()
    own = waiting.young_person()
    assert parent is not None
    assert own is not None
    assert (parent.is_rights_holder, own.is_rights_holder, own.name) == (False, True, "Rowan Marsh")
    with pytest.raises(NotFound):
        waiting.parent(answers.withdraw)


def test_looking_again_changes_nothing(waiting):
    before = waiting.of_provider()
    waiting.look(at=THE_DAY + DAY)
    assert waiting.of_provider() == before


def test_both_lists_say_what_it_waits_for_and_that_nothing_is_due_from_them(waiting, make):
    with make.database.begin(authority_scope(waiting.made.authority.id)) as session:
        case = session.get_one(Case, (waiting.made.authority.id, waiting.made.id))
        assert lists.stands(case.state, case.next_due_code) is CaseState.WAITING_FOR_YOUNG_PERSON
    with make.database.begin(provider_scope(waiting.made.provider.id)) as session:
        (row,) = worklists.rows_of(
            session, provider_id=waiting.made.provider.id, cases=[(waiting.made.authority.id, waiting.made.id)]
        ).values()
    assert (row.next_due_code, row.next_due_on) == (ClockCode.YOUNG_PERSON_BY, None)


def test_nothing_new_is_shared_and_nobody_is_asked_to_meet_before_their_yes(make, council):
    case = growing(make, council, state=CaseState.COUNCIL_TOLD)
    school = make.party(case.made)
    case.look()
    share = {"statement_id": case.made.story, "party_id": case.made.council}
    with pytest.raises(Conflict, match="young person’s own yes"):
        case.parent(sharing.share_statement, **share)
    with pytest.raises(Conflict, match="young person’s own yes"):
        case.officer(answers.answer_for_council, answer=YES, policy=DERBY, instead_of=None)
    invite = {"party_id": school, "name": "Sam Field", "email": "sam@oakhill.example", "policy": DERBY}
    with pytest.raises(Conflict, match="young person’s own yes"):
        case.provider(body_contacts.invite_body_contact, **invite)
    consent = {"member_id": case.made.parent, "party_id": school, "policy": DERBY}
    with pytest.raises(Conflict, match="young person’s own yes"):
        case.provider(consents.record_spoken_consent, agrees=True, **consent)
    case.provider(consents.record_spoken_consent, agrees=False, **consent)


@pytest.mark.parametrize(
    ("state", "act", "values"),
    [
        (CaseState.ACKNOWLEDGED, referral.tell_council, {"policy": DERBY}),
        (CaseState.SENT, passing.pass_on, {"because": PassedOnBecause.NO_ROOM}),
        (
            CaseState.AGREED,
            proposing.propose_times,
            {
                "mode": MeetingMode.VIDEO,
                "slots": [Period(begins_at=THE_DAY + 21 * DAY, ends_at=THE_DAY + 21.1 * DAY)],
                "seen": None,
            },
        ),
    ],
)
def test_the_provider_does_not_carry_it_further_meanwhile(make, council, state, act, values):
    case = growing(make, council, state=state)
    case.look()
    with pytest.raises(Conflict, match="young person’s own yes"):
        case.provider(act, **values)


def test_what_was_shared_before_stays_shared_until_its_author_stops_it(make, council):
    case = growing(make, council)
    share = {"statement_id": case.made.story, "party_id": case.made.council}
    case.parent(sharing.share_statement, at=THE_DAY - DAY, **share)
    case.look()
    assert len(case.of_council().statements) == len(case.of_parent().statements) == 1
    case.parent(sharing.stop_sharing, **share)
    assert case.of_council().statements == ()


def due(case: Growing, code: ClockCode) -> list[dt.date]:
    """The dates of a code that run."""
    return [clock.due_on for clock in case.of_provider().clocks if clock.code is code and clock.is_running()]


def test_a_yes_lets_it_go_on_with_the_days_that_were_left(make, council):
    case = growing(make, council)
    make.clock.advance(THE_DAY - 3 * DAY - make.clock.now())
    start_clock(make, case.made, ClockCode.ANSWER_BY, 10)
    case.look()
    assert due(case, ClockCode.ANSWER_BY) == []
    # Twelve days later, on a Wednesday: the council had until Friday 2 July, and now has until Wednesday the 14th.
    answered = answers_own(case, agrees=True, at=THE_DAY + 12 * DAY)
    assert answered.state is CaseState.COUNCIL_TOLD
    assert due(case, ClockCode.ANSWER_BY) == [dt.date(2027, 7, 14)]
    assert due(case, ClockCode.YOUNG_PERSON_BY) == []
    assert not case.of_council().on_hold
    with make.database.begin(case.made.authority_scope) as session:
        (consent,) = session.scalars(select(Consent).where(Consent.kind == ConsentKind.GO_ON))
    assert consent.state is ConsentState.GIVEN


def test_a_date_that_would_fall_on_a_weekend_moves_to_the_monday(make, council):
    case = growing(make, council)
    make.clock.advance(THE_DAY - make.clock.now())
    start_clock(make, case.made, ClockCode.ANSWER_BY, 0)
    case.look()
    answers_own(case, agrees=True, at=THE_DAY + DAY)
    assert due(case, ClockCode.ANSWER_BY) == [dt.date(2027, 6, 28)]


def test_a_side_that_left_meanwhile_is_asked_for_nothing_afterwards(make, council):
    case = growing(make, council)
    school = make.party(case.made)
    case.officer(answers.answer_for_council, answer=YES, policy=DERBY, instead_of=None, at=THE_DAY - DAY)
    with make.database.begin(case.made.authority_scope) as session:
        row = case_for_update(session, case.made.authority.id, case.made.id)
        act = Act(session=session, case=row, actor=case.made.family_actor, by=Viewer.PROVIDER, at=THE_DAY - DAY)
        act.start([own_yes.response_clock(ClockCode.INVITE_BY, DERBY, THE_DAY.date(), party_id=school)])
        session.commit()
    case.look()
    case.provider(answers.remove_party, party_id=school, policy=DERBY, at=THE_DAY + DAY)
    assert case.of_provider().state is CaseState.COUNCIL_TOLD
    answers_own(case, agrees=True, at=THE_DAY + 2 * DAY)
    # It was the last that had not agreed, and so a meeting is to be arranged now.
    assert case.of_provider().state is CaseState.AGREED
    assert due(case, ClockCode.INVITE_BY) == []
    assert len(due(case, ClockCode.ARRANGE_BY)) == 1


def test_a_no_withdraws_it_and_the_others_do_not_read_whose_no_it_was(waiting):
    closed = answers_own(waiting, agrees=False)
    assert (closed.state, closed.close_reason) == (CaseState.CLOSED, CloseReason.WITHDRAWN)
    council = [entry.happening for entry in waiting.of_council().timeline]
    assert Happening.WITHDRAWN in council
    assert Happening.YOUNG_PERSON_DECLINED not in council
    assert Happening.YOUNG_PERSON_DECLINED in [entry.happening for entry in waiting.of_parent().timeline]


def test_nobody_answers_for_the_young_person(waiting):
    with pytest.raises(NotFound):
        waiting.parent(own_yes.young_person_answers, agrees=True, rules=rules(waiting))


def test_a_parent_says_how_they_are_asked_and_they_get_a_link_of_their_own(waiting, make):
    waiting.parent(own_yes.ask_young_person, person=OWN)
    waiting.parent(own_yes.ask_young_person, person=OWN)
    own = waiting.young_person()
    assert own is not None
    assert own.email == OWN.email
    with make.database.begin(waiting.made.authority_scope) as session:
        asked = session.scalars(select(Invitation).where(Invitation.member_id == own.id)).all()
    assert [invitation.revoked_at is None for invitation in asked].count(True) == 1


def test_nobody_changes_how_they_are_reached_once_they_have_come(waiting):
    assert waiting.parent(own_yes.ask_young_person, person=OWN)
    waiting.sign_young_person_up(new_id())
    assert not waiting.parent(own_yes.ask_young_person, person=Person(name="Rowan", email="other@family.example"))
    assert waiting.young_person().email == OWN.email


@pytest.mark.parametrize("person", [Person(name="Rowan"), Person(name="Rowan", email="PARENT@family.invalid")])
def test_contact_that_is_none_or_the_parents_own_is_refused(waiting, person):
    with pytest.raises(Invalid):
        waiting.parent(own_yes.ask_young_person, person=person)


def test_nobody_but_a_parent_of_a_case_that_waits_says_it(make, council, waiting):
    with pytest.raises(NotFound):
        waiting.officer(own_yes.ask_young_person, person=OWN)
    running = growing(make, council)
    for act, values in (
        (own_yes.ask_young_person, {"person": OWN}),
        (own_yes.act_for_young_person, {"ground": "parent", "policy": DERBY}),
    ):
        with pytest.raises(Conflict):
            running.parent(act, **values)


def test_who_acts_for_them_says_on_what_ground_and_holds_the_right(waiting):
    with pytest.raises(Invalid):
        waiting.parent(own_yes.act_for_young_person, ground="a diagnosis", policy=DERBY)
    waiting.parent(own_yes.act_for_young_person, ground="parent", policy=DERBY)
    view = waiting.of_parent()
    me = view.me()
    assert me is not None
    assert (me.capacity, me.is_rights_holder, view.on_hold) == (Capacity.ALTERNATIVE_PERSON, True, False)
    assert waiting.young_person() is None
    (said,) = [one for one in waiting.of_provider().timeline if one.happening == Happening.ACTS_FOR_YOUNG_PERSON]
    assert said.codes == {"ground": "parent"}
    assert not found_on(waiting, THE_DAY.date() + 400 * DAY)


def test_a_coordinator_records_what_was_said_by_phone(make, council):
    spoken = growing(make, council)
    spoken.look()
    spoken.provider(
        own_yes.act_for_young_person, ground="deputy_or_attorney", policy=DERBY, spoken_by=spoken.made.parent
    )
    assert not spoken.of_provider().on_hold
    other = growing(make, council)
    other.look()
    with pytest.raises(NotFound):
        other.provider(own_yes.act_for_young_person, ground="parent", policy=DERBY, spoken_by=new_id())


def test_a_young_person_who_rings_is_found_by_reference_and_name(waiting, make):
    provider = waiting.made.provider.id
    with make.database.begin(provider_scope(provider)) as session:
        reference = waiting.made.reference
        found = to_ask.find_waiting(session, provider_id=provider, reference=reference, name="rowan  marsh")
        assert found is not None
        assert (found.case_id, found.is_sent) == (waiting.made.id, True)
        assert to_ask.find_waiting(session, provider_id=provider, reference=reference, name="Ash Marsh") is None
        assert to_ask.waiting_requests(session, provider_id=provider, case_ids=[waiting.made.id]) == {}
