"""An area may be open under several conditions, and shut to some; what the law opens stays open, or is asked."""

import pytest

from parley.eligibility.answers import Appeal
from parley.eligibility.result import Answer, Code
from parley.law.domain import Stage
from support.answers import answered, family, matter
from support.policies import small_policy

LISTED = ('kind = "open"', 'kind = "listed"')
AREA = """
[[areas.listed]]
code = "{}"
number = "1"
label = "support"
against = ["school", "icb"]
stages = ["in_review"]
"""
OPENING = "[[areas.listed.also_open]]\n"
PROVISION, HEALTH = matter("educational_provision", "school"), matter("health_provision", "icb")


def answer(code, opening, asked, **known):
    known = {"stage": Stage.PLAN_IN_FORCE, **known}
    return answered(family(asked, **known), small_policy(LISTED, more=AREA.format(code) + opening)).answer


def test_without_it_the_areas_own_gate_decides():
    assert answer("B", "", PROVISION) is Answer.NOT_NOW
    assert answer("B", "", PROVISION, stage=Stage.IN_REVIEW) is Answer.YES


@pytest.mark.parametrize(
    ("opening", "opened"),
    [
        ('stages = ["plan_in_force"]', True),
        ('stages = ["draft_plan"]', False),
        ('about = ["educational_provision"]', True),
        ('about = ["duties"]', False),
        ('about = ["educational_provision"]\nstages = ["draft_plan"]', False),
        ('against = ["school"]', True),
        ('against = ["college"]', False),
        ("in_plan = true", False),
        ('decisions = ["cease"]', False),
        ('evidence = { source = "page", status = "inferred" }\nstages = ["plan_in_force"]', False),
    ],
)
def test_everything_a_condition_names_has_to_hold(opening, opened):
    assert answer("B", OPENING + opening, PROVISION) is (Answer.YES if opened else Answer.NOT_NOW)


def test_waiting_for_an_appeal_may_be_a_condition_of_its_own():
    opening = OPENING + 'stages = ["draft_plan"]\nwhile_appeal_pending = true'
    assert answer("B", opening, PROVISION, appeal=Appeal.LODGED) is Answer.YES
    assert answer("B", opening, PROVISION) is Answer.NOT_NOW


def test_any_of_several_conditions_is_enough():
    opening = f'{OPENING}in_plan = true\n{OPENING}stages = ["plan_in_force"]'
    assert answer("B", opening, PROVISION) is Answer.YES


def test_health_and_care_may_be_opened_so_too():
    assert answer("C", "", HEALTH) is Answer.NOT_NOW
    assert answer("C", OPENING + 'stages = ["plan_in_force"]', HEALTH) is Answer.YES
    assert answer("C", OPENING + 'about = ["social_care_provision"]', HEALTH) is Answer.NOT_NOW


def test_a_body_that_a_council_shuts_out_is_asked_about_since_the_law_names_more():
    policy = small_policy(('kind = "open"', 'kind = "open"\nnot_against = ["college"]'))
    result = answered(family(matter("educational_provision", "college")), policy)
    assert result.answer is Answer.ASK_PROVIDER
    assert {Code.CONFLICT, Code.ASK_PROVIDER} <= set(result.codes)
    assert "not for disagreements" in result.because[-1].text
    assert answered(family(matter("educational_provision", "college", "school")), policy).answer is Answer.YES


def test_an_area_may_shut_out_independent_schools_and_no_other():
    policy = small_policy(LISTED, more=AREA.format("B") + 'not_against = ["independent_school"]')
    for body, expected in (("independent_school", Answer.ASK_PROVIDER), ("school", Answer.YES)):
        asked = family(matter("educational_provision", body), stage=Stage.IN_REVIEW)
        assert answered(asked, policy).answer is expected
