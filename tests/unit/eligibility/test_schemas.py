"""The contract as JSON: unknown fields and values are errors that name the field; results are stable."""

import json
from datetime import date

import pytest

from parley.eligibility.answers import Answers, Send, YesNoUnsure
from parley.eligibility.check import check
from parley.eligibility.schemas import dump_answers, dump_assessment, dump_explanation, load_answers
from parley.kernel.errors import Invalid
from parley.law.domain import Stage
from support.answers import TODAY, assessed, explained, family, matter
from support.policies import COUNCILS, policy_of, small_policy

LEAST = {"asker": "parent_carer", "lives_in_area": "yes", "send": "yes", "stage": "none", "matters": []}
ONE = {"against": ["school"], "about": "duties"}


def loaded(**known: object) -> Answers:
    return load_answers({**LEAST, **known}, policy_of("derby"), TODAY)


def errors(document: object) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as raised:
        load_answers(document, policy_of("derby"), TODAY)
    return raised.value.errors


def test_the_five_required_answers_are_enough():
    answers = loaded()
    assert answers.on == TODAY
    assert answers == Answers(answers.asker, answers.lives_in_area, answers.send, answers.stage, on=TODAY)


def test_every_missing_answer_is_named_at_once():
    assert set(errors({})) == {"asker", "lives_in_area", "send", "stage", "matters"}


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({**LEAST, "colour": "red"}, "colour"),
        ({**LEAST, "stage": "finished"}, "stage"),
        ({**LEAST, "send": None}, "send"),
        ({**LEAST, "matters": [{**ONE, "about": "weather"}]}, "matters.0.about"),
        ({**LEAST, "matters": [ONE, {"about": "duties"}]}, "matters.1.against"),
        ({**LEAST, "matters": [{**ONE, "against": ["school", "shop"]}]}, "matters.0.against.1"),
        ({**LEAST, "matters": [{**ONE, "blame": "me"}]}, "matters.0.blame"),
        ({**LEAST, "matters": "none"}, "matters"),
        ({**LEAST, "matters": [ONE] * 21}, "matters"),
        ({**LEAST, "date_of_birth": "2010-02-30"}, "date_of_birth"),
        ({**LEAST, "date_of_birth": 2010}, "date_of_birth"),
        ({**LEAST, "area_facts": ["moved"]}, "area_facts.0"),
        ({**LEAST, "tried": ["prayed"]}, "tried"),
        ({**LEAST, "matters": [{**ONE, "tried": ["prayed"]}]}, "matters.0.tried"),
        ({**LEAST, "tried": [["talked"]]}, "tried.0"),
        ({**LEAST, "provider_contacted": "Global Mediation!"}, "provider_contacted"),
        ({**LEAST, "on": "2014-08-31"}, "on"),
        ({**LEAST, "on": "9999-12-31"}, "on"),
        ([], "answers"),
        (None, "answers"),
    ],
)
def test_an_unknown_field_or_value_is_an_error_that_names_the_field(document, field):
    assert list(errors(document)) == [field]


@pytest.mark.parametrize("field", ["date_of_birth", "stage_since", "decision_letter_date", "certificate_date"])
def test_a_date_of_tomorrow_is_answered_kindly(field):
    (message,) = errors({**LEAST, field: "2026-11-25"})[field]
    assert "in the future" in message
    assert loaded(**{field: "2026-11-24"})


def test_a_matters_letter_of_tomorrow_is_named():
    assert list(errors({**LEAST, "matters": [{**ONE, "decision_letter_date": "2026-11-25"}]})) == [
        "matters.0.decision_letter_date"
    ]


def test_a_letter_from_1999_is_taken():
    assert loaded(decision_letter_date="1999-03-15").decision_letter_date == date(1999, 3, 15)


def test_the_day_may_be_named_and_is_what_dates_are_measured_by():
    assert loaded(on="2027-01-10", decision_letter_date="2027-01-09").on == date(2027, 1, 10)


def test_what_a_council_declares_as_tried_is_known_there_alone():
    document = {**LEAST, "tried": ["usual_channels"]}
    assert load_answers(document, policy_of("staffordshire"), TODAY).tried == {"usual_channels"}
    assert list(errors(document)) == ["tried"]


def test_answers_survive_the_way_to_json_and_back():
    answers = family(matter("decision", "local_authority", decision_letter_date=date(2026, 10, 1)), on=TODAY)
    document = json.loads(json.dumps(dump_answers(answers)))
    assert load_answers(document, policy_of("derby"), TODAY) == answers


CONTRACT = {
    "authority": str,
    "policy_version": str,
    "law_version": str,
    "on": str,
    "gates": list,
    "matters": list,
    "route": list,
    "deadlines": list,
    "signposts": list,
    "always": dict,
}
MATTER = ["answer", "area", "also_areas", "area_label", "codes", "because", "would_change"]


@pytest.mark.parametrize("council", COUNCILS)
def test_the_result_has_the_fields_of_the_contract_and_no_others(council):
    document = {
        **LEAST,
        "send": "disability_only",
        "decision_letter_date": "2026-10-01",
        "matters": [ONE, {"against": ["local_authority"], "about": "decision", "decision": "cease"}],
    }
    result = json.loads(json.dumps(dump_assessment(check(document, policy_of(council), TODAY).assessment)))
    assert {key: type(value) for key, value in result.items()} == CONTRACT
    assert [list(one) for one in result["matters"]] == [MATTER, MATTER]
    assert all(list(gate) == ["code", "because", "would_change"] for gate in result["gates"])
    assert all(list(step) == ["step", "actor", "action", "channel", "target", "by"] for step in result["route"])
    assert all(
        list(line) == ["name", "matter", "due", "state", "basis", "source", "if_missed"] for line in result["deadlines"]
    )
    assert all({"body", "label", "why"} < set(place) for place in result["signposts"])
    assert list(result["always"]) == ["contact_anyway", "emergency"]
    for one in result["matters"]:
        assert one["codes"] == sorted(one["codes"])
        assert all(list(reason) == ["rule", "text", "source", "citation"] for reason in one["because"])


def test_the_same_answers_give_the_same_text_every_time():
    documents = [json.dumps(dump_assessment(assessed(family(matter("duties", "icb", "school"))))) for _ in range(3)]
    assert len(set(documents)) == 1


def test_the_trace_is_written_out_with_titles_and_sources():
    answers = family(matter("duties", "school"))
    assert "trace" not in dump_assessment(assessed(answers))
    told = json.loads(json.dumps(dump_explanation(explained(answers))))
    assert list(told) == ["law", "policy_version", "gates", "matters"]
    assert told["law"] == {
        "version": "england-2014",
        "title": "Children and Families Act 2014 and the SEND Code of Practice of January 2015",
        "effective_from": "2014-09-01",
    }
    (one,) = told["matters"]
    assert [row["rule"] for row in one["rows"]] == ["R25", "E1", "R26", "R1", "R2"]
    assert one["decided_by"] == {
        "rule": "R2",
        "title": "With a school, about how it carries out its duties",
        "applied": True,
        "source": "https://www.gov.uk/government/publications/send-code-of-practice-0-to-25",
        "citation": "SEND Code of Practice 0 to 25, paragraph 11.8",
    }
    assert [row["rule"] for row in one["council"]] == ["area-1"]
    assert {gate["applied"] for gate in told["gates"]} == {False}


@pytest.mark.parametrize(
    ("known", "decided_by"),
    [
        ({}, "R10"),
        ({"stage": Stage.IN_REVIEW}, "R9"),
        ({"stage": Stage.IN_REVIEW, "send": Send.NO}, "G7"),
        ({"lives_in_area": YesNoUnsure.UNSURE}, "R10"),
        ({"stage": Stage.IN_REVIEW, "lives_in_area": YesNoUnsure.UNSURE}, "G6"),
    ],
)
def test_the_trace_names_the_one_rule_that_decided(known, decided_by):
    (one,) = explained(family(matter("health_provision", "icb"), **known)).matters
    assert one.decided_by.rule == decided_by


def test_a_condition_of_the_council_can_decide():
    policy = small_policy(more='[tried_first]\nkind = "condition"\nmet_by = ["talked"]\nin_words = "Talk first."')
    untried = family(matter("educational_provision", "school"), tried=frozenset())
    (one,) = explained(untried, policy).matters
    assert (one.decided_by.rule, one.decided_by.title) == ("P4", "Talk first.")
    assert [row.rule for row in one.rows if row.applied] == ["R6"]


@pytest.mark.parametrize(("on", "may_send"), [("2026-11-30", True), ("2026-12-01", False)])
def test_a_check_goes_by_the_contracts_of_its_day(on, may_send):
    contract = '[[services.disagreement_resolution.contracts]]\nprovider = "helpers"\nstanding = "current"\n'
    policy = small_policy(more=contract + "ends = 2026-11-30")
    result = check({**LEAST, "on": on}, policy, TODAY).assessment
    assert result.always.contact_anyway.online is may_send
    assert [gate.because[0].rule for gate in result.gates] == ([] if may_send else ["P2"])
