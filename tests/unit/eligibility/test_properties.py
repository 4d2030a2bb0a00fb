"""What holds for every possible family, at every council."""

import json
from dataclasses import fields, replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from parley.eligibility import answers as a
from parley.eligibility.domain import assess
from parley.eligibility.explaining import explain
from parley.eligibility.result import Answer, Assessment, Code
from parley.eligibility.schemas import dump_answers, dump_assessment, load_answers
from parley.law.deadlines import adviser_by
from parley.law.domain import Subject
from parley.law.versions import law_on
from support.answers import LAW, TODAY
from support.every_answer import everything, one_of
from support.policies import COUNCILS, policy_of, small_policy

POLICIES = [policy_of(council) for council in COUNCILS] + [small_policy()]
policies = one_of(POLICIES)


def texts_of(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [text for value in node.values() for text in texts_of(value)]
    if isinstance(node, list):
        return [text for value in node for text in texts_of(value)]
    return [node] if isinstance(node, str) else []


@settings(max_examples=400)
@given(everything, policies)
def test_every_set_of_answers_gets_one_result_at_every_council(answers, policy):
    result = assess(answers, policy, LAW, TODAY)
    assert len(result.matters) == len(answers.matters)
    for matter in result.matters:
        assert matter.answer in Answer
        assert matter.because
        assert (Code.ELIGIBLE in matter.codes) == (matter.answer is Answer.YES)


@settings(max_examples=200)
@given(everything, everything, policies)
def test_more_facts_never_remove_whom_the_family_can_always_reach(answers, other, policy):
    """Any answer may be replaced by any other: the contact and the emergency numbers stay."""
    expected = assess(answers, policy, LAW, TODAY).always
    mixed = replace(answers, **{field.name: getattr(other, field.name) for field in fields(a.Answers)[::2]})
    for variant in (other, mixed):
        assert assess(variant, policy, LAW, TODAY).always == expected
    assert expected.contact_anyway.body
    assert expected.contact_anyway.phone or expected.contact_anyway.url
    assert "999" in [number.phone for number in expected.emergency.numbers]


@settings(max_examples=200)
@given(everything, policies)
def test_no_result_promises_a_certificate_from_this_service(answers, policy):
    result = assess(answers, policy, LAW, TODAY)
    for text in texts_of(dump_assessment(result)):
        assert "gives a certificate" not in text
        assert "gives you a certificate" not in text
    for answer, matter in zip(result.matters, answers.matters, strict=True):
        if matter.about in (Subject.DECISION, Subject.PLACEMENT_ONLY):
            assert Code.NO_CERTIFICATE in answer.codes
    assert not [step for step in result.route if "certificate" in f"{step.step} {step.action} {step.by}"]


@settings(max_examples=200)
@given(everything, policies, st.randoms(use_true_random=False))
def test_the_order_of_matters_changes_nothing(answers, policy, random):
    order = list(range(len(answers.matters)))
    random.shuffle(order)
    turned = replace(answers, matters=tuple(answers.matters[index] for index in order))
    plain, mixed = assess(answers, policy, LAW, TODAY), assess(turned, policy, LAW, TODAY)
    assert [plain.matters[index] for index in order] == list(mixed.matters)
    assert (plain.gates, plain.signposts, plain.route) == (mixed.gates, mixed.signposts, mixed.route)
    assert _deadlines_by_matter(plain, {index: index for index in order}) == _deadlines_by_matter(
        mixed, dict(enumerate(order))
    )


def _deadlines_by_matter(result: Assessment, names: dict[int, int]) -> set[tuple[Any, ...]]:
    return {
        (line.name, None if line.matter is None else names[line.matter], line.due, line.state)
        for line in result.deadlines
    }


@settings(max_examples=200)
@given(everything, policies, st.randoms(use_true_random=False))
def test_the_order_in_which_answers_are_written_changes_nothing(answers, policy, random):
    document = json.loads(json.dumps(dump_answers(answers)))
    mixed = _mixed(document, random) | {"matters": [_mixed(matter, random) for matter in document["matters"]]}
    first, second = (load_answers(one, policy, TODAY) for one in (document, mixed))
    assert dump_assessment(assess(first, policy, LAW, TODAY)) == dump_assessment(assess(second, policy, LAW, TODAY))


def _mixed(table: dict[str, Any], random: Any) -> dict[str, Any]:
    """The same fields in another order, and so the members of every list but the matters."""
    fields_in_order = random.sample(list(table.items()), len(table))
    return {
        name: random.sample(value, len(value)) if isinstance(value, list) and name != "matters" else value
        for name, value in fields_in_order
    }


@settings(max_examples=200)
@given(everything, policies)
def test_a_matter_is_answered_alone_as_among_others(answers, policy):
    """All but the advice to add the council, which is not given where another matter names it."""
    together = assess(answers, policy, LAW, TODAY).matters
    for matter, result in zip(answers.matters, together, strict=True):
        (alone,) = assess(replace(answers, matters=(matter,)), policy, LAW, TODAY).matters
        assert set(result.would_change) <= set(alone.would_change)
        assert replace(alone, would_change=()) == replace(result, would_change=())


@settings(max_examples=200)
@given(everything, policies)
def test_a_letter_always_has_its_dates(answers, policy):
    result = assess(answers, policy, LAW, TODAY)
    letters = {answers.decision_letter_date, *(matter.decision_letter_date for matter in answers.matters)} - {None}
    assert {adviser_by(letter, LAW) for letter in letters} <= {line.due for line in result.deadlines}


@settings(max_examples=200)
@given(everything)
def test_answers_and_results_survive_json(answers):
    derby = policy_of("derby")
    document = json.loads(json.dumps(dump_answers(answers)))
    again = load_answers(document, derby, TODAY)
    assert again == answers
    assert json.dumps(dump_assessment(assess(again, derby, LAW, TODAY))) == json.dumps(
        dump_assessment(assess(answers, derby, LAW, TODAY))
    )


@given(everything, st.dates(min_value=date(2014, 9, 1), max_value=date(2199, 12, 31)))
def test_every_day_the_contract_allows_has_a_result(answers, on):
    assert assess(answers, policy_of("derby"), law_on(on), on).on == on


@settings(max_examples=200)
@given(everything, policies)
def test_every_result_says_which_rules_were_tried_and_which_one_decided(answers, policy):
    result = assess(answers, policy, LAW, TODAY)
    explanation = explain(result, policy, LAW)
    assert {tried.rule for tried in explanation.gates if tried.applied} == {
        reason.rule for gate in result.gates for reason in gate.because
    }
    assert len(explanation.matters) == len(answers.matters)
    for matter, explained in zip(result.matters, explanation.matters, strict=True):
        assert [tried.applied for tried in explained.rows] == [False] * (len(explained.rows) - 1) + [True]
        assert explained.decided_by.applied
        assert explained.decided_by in (*explanation.gates, *explained.rows, *explained.council)
        assert explained.decided_by.rule in {reason.rule for reason in matter.because}
        for tried in (*explained.rows, *explained.council):
            assert tried.title
            assert tried.source
            assert tried.citation
