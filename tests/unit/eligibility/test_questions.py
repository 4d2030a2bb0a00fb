"""One question a page: only what can change the result, back always works, and the end is a set of answers."""

from datetime import date
from enum import Enum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.eligibility import answers as a
from parley.eligibility.check import check
from parley.eligibility.question_texts import QUESTION_TEXTS
from parley.eligibility.questions import (
    Kind,
    Question,
    answer_at,
    as_document,
    is_answered,
    next_question,
    previous_question,
    question_at,
    questions_for,
    with_another_matter,
    with_answer,
    without_matter,
)
from parley.law.domain import Body, Decision, Stage, Subject
from parley.policy.domain import Asker
from support.answers import LAW, TODAY
from support.policies import COUNCILS, policy_of

DERBY = policy_of("derby")


def paths(**answers: Any) -> list[str]:
    return [question.path for question in questions_for(answers, DERBY, LAW, TODAY)]


def answer(question: Question, draw: Any) -> Any:
    """Any answer that a page would let through."""
    if question.kind is Kind.DATE:
        return draw(st.none() | st.dates(date(1999, 1, 1), TODAY).map(str))
    values = [option.value or None for option in question.options]
    if question.kind is Kind.ONE:
        return draw(st.sampled_from(values))
    return draw(st.lists(st.sampled_from(values), unique=True, min_size=0 if question.optional else 1))


@settings(max_examples=200)
@given(st.data(), st.sampled_from(COUNCILS))
def test_every_walk_through_the_questions_ends_in_a_result(data, council):
    policy, answers, seen = policy_of(council), {}, []
    while (question := next_question(answers, policy, LAW, TODAY)) is not None:
        assert question.path not in seen, "a question came twice"
        seen.append(question.path)
        answers = with_answer(answers, question.path, answer(question, data.draw), LAW, TODAY)
    assert len(seen) <= 25
    assert check(as_document(answers), policy, TODAY).assessment.matters


@settings(max_examples=100)
@given(st.data())
def test_back_leads_through_every_question_to_the_first(data):
    answers: dict[str, Any] = {}
    while (question := next_question(answers, DERBY, LAW, TODAY)) is not None:
        answers = with_answer(answers, question.path, answer(question, data.draw), LAW, TODAY)
    walked, path = [], ""
    while (before := previous_question(path, answers, DERBY, LAW, TODAY)) is not None:
        walked.append(before.path)
        path = before.path
        assert is_answered(answers, path)
    assert walked[::-1] == [question.path for question in questions_for(answers, DERBY, LAW, TODAY)]


@settings(max_examples=100)
@given(st.data())
def test_changing_an_answer_leaves_no_answer_to_a_question_no_longer_asked(data):
    answers: dict[str, Any] = {}
    while (question := next_question(answers, DERBY, LAW, TODAY)) is not None:
        answers = with_answer(answers, question.path, answer(question, data.draw), LAW, TODAY)
    changed = data.draw(st.sampled_from(questions_for(answers, DERBY, LAW, TODAY)))
    answers = with_answer(answers, changed.path, answer(changed, data.draw), LAW, TODAY)
    asked = {question.path for question in questions_for(answers, DERBY, LAW, TODAY)}
    held = {field for field in answers if field != "matters"}
    held |= {f"matters.{index}.{field}" for index, matter in enumerate(answers["matters"]) for field in matter}
    assert held <= asked


def test_the_first_question_is_about_safety_and_the_second_who_you_are():
    assert paths()[:2] == ["risk_now", "asker"]


def test_where_the_home_is_here_nothing_more_is_asked_about_it():
    assert "home_nation" not in paths(lives_in_area="yes")
    assert {"home_nation", "area_facts"} <= set(paths(lives_in_area="no"))


@pytest.mark.parametrize(
    "known",
    [
        {"send": "no"},
        {"asker": "professional"},
        {"lives_in_area": "no", "area_facts": []},
        {"home_nation": "other", "lives_in_area": "no"},
    ],
)
def test_no_date_of_birth_is_asked_of_those_it_changes_nothing_for(known):
    assert "date_of_birth" not in paths(**{"asker": "parent_carer", "lives_in_area": "yes", "send": "yes", **known})


def test_a_date_of_birth_may_always_be_skipped():
    assert question_at("date_of_birth", {"asker": "parent_carer"}, DERBY, LAW, TODAY).optional


def test_a_young_persons_agreement_is_asked_only_where_there_is_a_young_person():
    parent = {"asker": "parent_carer", "lives_in_area": "yes", "send": "yes"}
    assert "young_person_agrees" in paths(**parent, date_of_birth="2009-05-01")
    assert "young_person_agrees" not in paths(**parent, date_of_birth="2012-05-01")
    assert "young_person_agrees" not in paths(**parent, date_of_birth=None)
    assert "capacity" not in paths(**parent, date_of_birth="2009-05-01", young_person_agrees="yes")


@pytest.mark.parametrize(
    ("about", "stage", "field", "asked"),
    [
        ("decision", "plan_in_force", "decision", True),
        ("decision", "assessment_refused", "decision", False),
        ("educational_provision", "plan_in_force", "in_plan", True),
        ("educational_provision", "none", "in_plan", False),
        ("social_care_provision", "none", "duty", True),
        ("social_care_provision", "in_review", "duty", False),
        ("duties", "none", "in_plan", False),
    ],
)
def test_a_matter_is_asked_only_what_decides_it(about, stage, field, asked):
    matter = {"against": ["local_authority"], "about": about}
    assert (f"matters.0.{field}" in paths(stage=stage, matters=[matter])) is asked


def test_the_letter_is_asked_for_where_there_is_a_decision():
    decision = [{"against": ["local_authority"], "about": "decision"}]
    assert "decision_letter_date" in paths(stage="unsure", matters=decision)
    assert "decision_letter_date" not in paths(stage="none", matters=[{"against": ["school"], "about": "duties"}])
    assert "certificate_date" in paths(stage="unsure", matters=decision, decision_letter_date="2026-10-01")


def test_another_disagreement_has_its_own_questions():
    answers = with_another_matter({"matters": [{"against": ["school"], "about": "duties"}]})
    asked = [question.path for question in questions_for(answers, DERBY, LAW, TODAY)]
    assert {"matters.1.against", "matters.1.about"} <= set(asked)
    assert as_document(answers)["matters"] == [{"against": ["school"], "about": "duties"}]
    assert without_matter(answers, 1)["matters"] == [{"against": ["school"], "about": "duties"}]


def test_answers_are_found_by_their_path():
    answers = with_answer({}, "matters.0.about", "duties", LAW, TODAY)
    assert answer_at(answers, "matters.0.about") == "duties"
    assert answer_at(answers, "matters.1.about") is None


def test_words_are_the_councils_own():
    question = question_at("lives_in_area", {"asker": "young_person"}, DERBY, LAW, TODAY)
    assert question.title == "Do you live in the area of Derby City Council?"
    tried = question_at("tried", {}, policy_of("staffordshire"), LAW, TODAY)
    assert [option.value for option in tried.options][:1] == ["usual_channels"]
    assert {"talked", "complaint_open", "complaint_finished"} < {option.value for option in tried.options}


CHOICES: dict[str, type[Enum]] = {
    "risk_now": a.RiskNow,
    "asker": Asker,
    "lives_in_area": a.YesNoUnsure,
    "home_nation": a.HomeNation,
    "area_facts": a.AreaFact,
    "send": a.Send,
    "young_person_agrees": a.YesNoUnsure,
    "capacity": a.Capacity,
    "representative": a.Representative,
    "stage": Stage,
    "appeal": a.Appeal,
    "against": Body,
    "about": Subject,
    "decision": Decision,
    "in_plan": a.YesNoUnsure,
    "who_should_provide": a.WhoShouldProvide,
    "educated": a.Educated,
}


@pytest.mark.parametrize("field", sorted(CHOICES))
def test_every_choice_of_the_contract_has_a_label(field):
    values = [option.value for option in QUESTION_TEXTS[field].options if option.value]
    assert sorted(values) == sorted(member.value for member in CHOICES[field])
    assert all(option.label for option in QUESTION_TEXTS[field].options)
