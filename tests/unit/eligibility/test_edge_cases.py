"""The cases that real families bring and tables forget."""

from datetime import date

import pytest

from parley.eligibility.answers import AreaFact, Capacity, Educated, Representative, RiskNow, YesNoUnsure
from parley.eligibility.result import Answer, Code
from parley.law.domain import Area, Stage
from parley.policy.domain import Asker
from support.answers import answered, assessed, family, matter
from support.policies import COUNCILS, policy_of

YES, NOT_NOW, ASK = Answer.YES, Answer.NOT_NOW, Answer.ASK_PROVIDER


def test_no_plan_is_needed_for_the_first_two_areas():
    assert answered(family(matter("duties", "school"))).area is Area.DUTIES
    assert answered(family(matter("educational_provision", "school"))).area is Area.PROVISION


def test_a_child_under_two_at_a_nursery_is_in_range():
    baby = family(matter("educational_provision", "early_years"), date_of_birth=date(2025, 12, 24))
    assert answered(baby).answer is YES


def test_a_foster_carer_is_a_parent_and_a_looked_after_child_who_lives_here_is_ours():
    carer = family(matter("duties", "local_authority"), area_facts=frozenset({AreaFact.LOOKED_AFTER}))
    assert answered(carer).answer is YES


def test_a_child_placed_here_from_elsewhere_is_for_the_provider_to_see():
    placed = family(
        matter("duties", "school"),
        lives_in_area=YesNoUnsure.NO,
        area_facts=frozenset({AreaFact.PLACED_ELSEWHERE}),
    )
    assert answered(placed).answer is ASK


def test_a_school_in_another_area_changes_nothing():
    """The contract does not ask where the school is, because it does not matter."""
    assert answered(family(matter("educational_provision", "school"))).answer is YES


def test_a_young_person_in_custody_is_for_the_provider_to_see():
    result = answered(family(matter("educational_provision", "college"), educated=Educated.CUSTODY))
    assert result.answer is ASK


def test_a_child_who_turns_young_person_has_to_agree_from_that_day():
    about = matter("duties", "school")
    child = family(about, date_of_birth=date(2011, 3, 1))
    assert answered(child, on=date(2027, 6, 24)).answer is YES
    assert answered(child, on=date(2027, 6, 25)).answer is NOT_NOW
    agreed = family(about, date_of_birth=date(2011, 3, 1), young_person_agrees=YesNoUnsure.YES)
    assert answered(agreed, on=date(2027, 6, 25)).answer is YES


def test_a_young_person_who_turns_25_is_sent_elsewhere_from_that_day():
    own = family(matter("duties", "college"), asker=Asker.YOUNG_PERSON, date_of_birth=date(2001, 12, 1))
    assert answered(own, on=date(2026, 11, 30)).answer is YES
    assert answered(own, on=date(2026, 12, 1)).answer is Answer.ELSEWHERE


def test_the_parent_of_a_young_person_who_cannot_decide_may_ask():
    parent = family(
        matter("duties", "college"),
        date_of_birth=date(2008, 1, 1),
        capacity=Capacity.LACKS_FOR_THIS,
        representative=Representative.PARENT,
    )
    assert answered(parent).answer is YES


def test_one_case_with_a_school_the_council_and_the_nhs():
    result = answered(family(matter("health_provision", "school", "local_authority", "icb"), stage=Stage.IN_REVIEW))
    assert (result.answer, result.area) == (YES, Area.HEALTH_AND_CARE)
    result = answered(family(matter("duties", "school", "local_authority", "icb")))
    assert (result.answer, result.area) == (YES, Area.DUTIES)


def test_two_parents_who_disagree_with_each_other_are_told_it_is_not_for_that():
    result = answered(family(matter("other", "other_parent")))
    assert result.answer is not YES
    result = answered(family(matter("educational_provision", "other_parent", "school")))
    assert result.answer is YES


def test_a_plan_that_is_not_followed_is_the_councils_duty_and_the_schools_provision():
    assert answered(family(matter("duties", "local_authority"), stage=Stage.PLAN_IN_FORCE)).answer is YES
    delivered = matter("educational_provision", "school", in_plan=YesNoUnsure.YES)
    assert answered(family(delivered, stage=Stage.PLAN_IN_FORCE)).also_areas == (Area.DUTIES,)


def test_somebody_at_risk_is_told_first_and_still_answered():
    result = assessed(family(matter("duties", "school"), risk_now=RiskNow.YES))
    assert result.gates[0].code is Code.URGENT_SAFETY
    assert "999" in result.gates[0].because[0].text
    assert result.matters[0].answer is YES


@pytest.mark.parametrize("against", ["local_authority", "school"])
def test_a_child_educated_at_home_disagrees_with_the_council(against):
    result = answered(family(matter("educational_provision", against), educated=Educated.HOME))
    assert (result.answer, result.area) == ((YES, Area.DUTIES) if against == "local_authority" else (ASK, None))


def test_a_child_not_born_yet_has_no_date_of_birth_and_is_answered_all_the_same():
    unborn = family(matter("health_provision", "icb"), date_of_birth=None, stage=Stage.IN_ASSESSMENT)
    assert answered(unborn).answer is YES


@pytest.mark.parametrize(("lives", "answer"), [(YesNoUnsure.NO, ASK), (YesNoUnsure.YES, YES)])
def test_after_a_move_the_council_of_the_new_home_answers_and_the_old_one_is_asked(lives, answer):
    moved = frozenset({AreaFact.MOVED_RECENTLY})
    assert answered(family(matter("duties", "school"), lives_in_area=lives, area_facts=moved)).answer is answer


def test_when_a_plan_ends_what_is_about_it_goes_on_and_the_end_itself_can_be_appealed():
    ended = answered(family(matter("duties", "local_authority"), stage=Stage.PLAN_CEASED))
    assert (ended.answer, ended.area) == (YES, Area.DUTIES)
    decision = answered(family(matter("decision", "local_authority"), stage=Stage.PLAN_CEASED))
    assert Code.MEDIATION_APPEAL in decision.codes
    assert decision.because[0].rule == "R18"


def test_a_decision_without_its_letter_says_that_time_may_be_running():
    undated = assessed(family(matter("decision", "local_authority"), stage=Stage.UNSURE))
    assert [line.due for line in undated.deadlines] == [None, None]
    assert "time is running" in undated.matters[0].because[0].text


@pytest.mark.parametrize("council", COUNCILS)
def test_the_phone_number_with_a_condition_of_use_is_not_the_first_one_shown(council):
    for contact in policy_of(council).contacts.values():
        assert not any(way.use for way in (contact.first("phone"), contact.first("email")) if way)


def test_every_sentence_begins_with_a_capital_letter():
    placement = answered(family(matter("placement_only", "local_authority"), stage=Stage.PLAN_IN_FORCE))
    assert ". Disagreement resolution is possible too" in placement.because[0].text
