"""What each council publishes is held without bending it."""

from datetime import date

import pytest

from parley.kernel.periods import Period, Unit
from parley.law.domain import Area, Body, Service, Stage
from parley.law.holidays import bank_holidays_around
from parley.policy.defaults import OUR_AIMS, Basis, response_time, retention_period
from parley.policy.domain import Action, Actor, AreaKind, Asker, Policy, TriedFirstKind
from parley.policy.evidence import Status
from support.policies import COUNCILS, areas_by_code, policy_of, small_policy

WINDOW = {Stage.IN_ASSESSMENT, Stage.DRAFT_PLAN, Stage.IN_REVIEW, Stage.REASSESSMENT}


def test_derby_names_global_mediation_and_its_route_in_the_order_of_the_page():
    derby = policy_of("derby")
    assert derby.provider.name == "Global Mediation"
    steps = derby.route.steps.shown
    assert [(step.actor, step.action, step.target.shown) for step in steps] == [
        (Actor.FAMILY, Action.ASK, Actor.PROVIDER),
        (Actor.PROVIDER, Action.TELL_COUNCIL, Actor.LOCAL_AUTHORITY),
        (Actor.LOCAL_AUTHORITY, Action.ANSWER, Actor.PROVIDER),
        (Actor.EVERYBODY, Action.MEET, None),
    ]
    assert derby.consent.decided_by.shown is Actor.LOCAL_AUTHORITY
    assert steps[2].if_refused.evidence.status is Status.NOT_STATED


@pytest.mark.parametrize("council", ["derby", "derbyshire"])
def test_three_areas_of_which_only_the_third_has_a_gate(council):
    areas = areas_by_code(policy_of(council))
    assert list(areas) == [Area.DUTIES, Area.PROVISION, Area.HEALTH_AND_CARE]
    assert areas[Area.DUTIES].stages.shown == areas[Area.PROVISION].stages.shown == frozenset(Stage)
    assert areas[Area.HEALTH_AND_CARE].stages.shown == WINDOW
    assert areas[Area.HEALTH_AND_CARE].against.shown == {Body.LOCAL_AUTHORITY, Body.ICB}
    assert areas[Area.HEALTH_AND_CARE].while_appeal_pending.unstated


def test_derbys_phone_number_is_inherited_from_the_region_and_says_so():
    way = policy_of("derby").provider.first("phone")
    assert way.phone == "0800 064 4488"
    assert way.evidence.status is Status.INHERITED
    assert way.evidence.source.owner == "Nottinghamshire County Council"


def test_derbyshire_has_no_evidenced_provider_and_copies_nothing_from_derby():
    derbyshire = policy_of("derbyshire")
    assert derbyshire.provider is None
    assert not derbyshire.can_send
    assert derbyshire.route.steps.evidence.status is Status.NOT_SEEN
    assert derbyshire.services[Service.DISAGREEMENT_RESOLUTION].commissioned.shown is None
    assert derbyshire.words["provider"] == "Derbyshire County Council"


def test_staffordshire_has_no_list_of_areas_a_condition_and_words_that_conflict():
    staffordshire = policy_of("staffordshire")
    assert staffordshire.areas.kind.shown is AreaKind.NONE
    assert staffordshire.areas.between.shown == {Body.LOCAL_AUTHORITY}
    assert staffordshire.tried_first.kind.shown is TriedFirstKind.CONDITION
    assert [conflict.evidence.status for conflict in staffordshire.areas.conflicts] == [Status.CONFLICTING]
    assert staffordshire.provider.first("phone").evidence.status is Status.PUBLISHED


@pytest.mark.parametrize("council", COUNCILS)
def test_no_council_says_that_parents_or_young_people_may_not_ask(council):
    said = policy_of(council).who.may_ask.shown
    assert said is None or said >= {Asker.PARENT_CARER, Asker.YOUNG_PERSON}


@pytest.mark.parametrize("council", COUNCILS)
@pytest.mark.parametrize("name", sorted(OUR_AIMS))
def test_where_no_time_is_stated_the_date_is_our_aim_and_says_so(council, name):
    rule = response_time(policy_of(council), name)
    assert rule.basis is Basis.OUR_AIM
    assert "our aim" in rule.source


def test_a_stated_time_is_the_councils_and_names_its_page():
    rule = response_time(small_policy(more='[times]\ncouncil_answers = "5 working days"'), "council_answers")
    assert (rule.period, rule.basis) == (Period(5, Unit.WORKING_DAYS), Basis.POLICY)
    assert "Exampleshire Council" in rule.source
    assert rule.due(date(2026, 12, 24), bank_holidays_around(date(2026, 12, 24))) == date(2027, 1, 5)


def test_a_time_that_was_only_inferred_is_not_promised():
    more = '[times]\ncouncil_answers = { value = "5 working days", status = "inferred" }'
    assert response_time(small_policy(more=more), "council_answers").basis is Basis.OUR_AIM


def test_records_are_kept_by_our_own_rule_where_the_council_states_none():
    assert retention_period(policy_of("derby"), "unsent_check").period == Period(30, Unit.DAYS)
    stated = small_policy(more='[retention]\nunsent_check = "2 weeks"')
    assert retention_period(stated, "unsent_check").basis is Basis.POLICY


def test_a_provider_that_was_only_inferred_is_no_provider():
    guessed = '{ value = ["helpers"], status = "inferred" }'
    assert not small_policy(('providers = ["helpers"]', f"providers = {guessed}")).can_send


@pytest.mark.parametrize("written", [str(Period(1, Unit.WORKING_DAYS)), str(Period(6, Unit.WEEKS))])
def test_a_period_reads_as_it_is_written(written):
    assert str(small_policy(more=f'[times]\nmeeting = "{written}"').times.meeting.value) == written


def test_policies_have_no_word_for_a_certificate():
    assert not [name for name in Policy.__dataclass_fields__ if "certificate" in name]
