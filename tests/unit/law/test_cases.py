"""Every situation that tables forget, as the law versions state it, has a test that shows what Parley does in it."""

import ast
import pathlib

import pytest

from parley.law.versions import LAW_VERSIONS

TESTS = pathlib.Path(__file__).parents[2]
_CHECK = "unit/eligibility/test_edge_cases.py"
_BEGINS = "integration/casework/test_a_case_begins.py"
_GOES_ON = "integration/casework/test_a_case_goes_on.py"

#: Under the id in `LawVersion.cases`: the file and the test.
SHOWN_BY = {
    "no-plan": (_CHECK, "test_no_plan_is_needed_for_the_first_two_areas"),
    "educated-at-home": (_CHECK, "test_a_child_educated_at_home_disagrees_with_the_council"),
    "under-two": (_CHECK, "test_a_child_under_two_at_a_nursery_is_in_range"),
    "parents-disagree": (_CHECK, "test_two_parents_who_disagree_with_each_other_are_told_it_is_not_for_that"),
    "looked-after": (_CHECK, "test_a_foster_carer_is_a_parent_and_a_looked_after_child_who_lives_here_is_ours"),
    "foster-carer": (_CHECK, "test_a_foster_carer_is_a_parent_and_a_looked_after_child_who_lives_here_is_ours"),
    "custody": (_CHECK, "test_a_young_person_in_custody_is_for_the_provider_to_see"),
    "moved": (_CHECK, "test_after_a_move_the_council_of_the_new_home_answers_and_the_old_one_is_asked"),
    "turns-young-person": (_CHECK, "test_a_child_who_turns_young_person_has_to_agree_from_that_day"),
    "turns-upper-age": (_CHECK, "test_a_young_person_who_turns_25_is_sent_elsewhere_from_that_day"),
    "plan-ends": (_CHECK, "test_when_a_plan_ends_what_is_about_it_goes_on_and_the_end_itself_can_be_appealed"),
    "stage-changes": (
        _GOES_ON,
        "test_a_case_that_fitted_when_it_was_sent_goes_on_though_its_window_would_be_closed_now",
    ),
    "several-bodies": (_CHECK, "test_one_case_with_a_school_the_council_and_the_nhs"),
    "siblings": (_BEGINS, "test_each_of_two_siblings_has_a_case_of_their_own"),
    "setting-elsewhere": (_CHECK, "test_a_school_in_another_area_changes_nothing"),
    "one-declines": (_GOES_ON, "test_going_on_without_a_party_that_said_no_is_the_providers_act"),
    "no-answer": ("web/council/test_cases.py", "test_silence_is_a_state_of_its_own"),
    "conflict-of-interest": (
        "web/provider/test_acts.py",
        "test_a_conflict_of_interest_goes_to_the_administrator_who_hands_the_case_over",
    ),
    "no-letter-date": (_CHECK, "test_a_decision_without_its_letter_says_that_time_may_be_running"),
    "withdrawn": ("web/family/test_status.py", "test_the_family_withdraws_at_any_time_and_once"),
    "safety": (_CHECK, "test_somebody_at_risk_is_told_first_and_still_answered"),
}


@pytest.mark.parametrize("law", LAW_VERSIONS, ids=lambda law: law.id)
def test_every_case_of_the_law_is_shown_by_a_test(law):
    assert set(law.cases) == set(SHOWN_BY)


@pytest.mark.parametrize(("file", "name"), SHOWN_BY.values(), ids=SHOWN_BY)
def test_the_test_that_shows_it_is_there(file, name):
    module = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in module.body if isinstance(node, ast.FunctionDef)}
