"""Every gate: about the person or the council, before any matter."""

from dataclasses import replace
from datetime import date

import pytest

from parley.eligibility.answers import (
    AreaFact,
    Capacity,
    Educated,
    HomeNation,
    Representative,
    RiskNow,
    Send,
    YesNoUnsure,
)
from parley.eligibility.result import Answer, Code
from parley.law.domain import Stage
from parley.policy.domain import Asker
from support.answers import FAMILY, LAW, answered, assessed, explained, family, matter
from support.policies import policy_of, small_policy

YES, NOT_NOW, ELSEWHERE, ASK = Answer.YES, Answer.NOT_NOW, Answer.ELSEWHERE, Answer.ASK_PROVIDER
CHILD, YOUNG_PERSON, OVER = date(2012, 5, 1), date(2009, 5, 1), date(2001, 11, 24)
GRADUATE = date(2001, 10, 1)  # turned 25 in October; the school year runs on

# gate, what is known, the answer for a matter that would be a yes, the gate's code (None: the gate lets it through)
GATES = [
    ("G1", {"asker": Asker.CHILD}, NOT_NOW, Code.NOT_THIS_PERSON),
    ("G1", {"asker": Asker.CHILD, "date_of_birth": CHILD}, NOT_NOW, Code.NOT_THIS_PERSON),
    ("G1", {"asker": Asker.YOUNG_PERSON, "date_of_birth": CHILD}, NOT_NOW, Code.NOT_THIS_PERSON),
    ("G2", {"asker": Asker.YOUNG_PERSON, "date_of_birth": YOUNG_PERSON}, YES, None),
    ("G2", {"asker": Asker.CHILD, "date_of_birth": YOUNG_PERSON}, YES, None),
    ("G2", {"asker": Asker.YOUNG_PERSON}, YES, None),
    ("G3", {"date_of_birth": YOUNG_PERSON}, NOT_NOW, Code.YOUNG_PERSON_MUST_AGREE),
    (
        "G3",
        {"date_of_birth": YOUNG_PERSON, "young_person_agrees": YesNoUnsure.NO},
        NOT_NOW,
        Code.YOUNG_PERSON_MUST_AGREE,
    ),
    (
        "G3",
        {"date_of_birth": YOUNG_PERSON, "young_person_agrees": YesNoUnsure.UNSURE},
        NOT_NOW,
        Code.YOUNG_PERSON_MUST_AGREE,
    ),
    ("G3", {"young_person_agrees": YesNoUnsure.NO}, NOT_NOW, Code.YOUNG_PERSON_MUST_AGREE),
    ("G3", {"date_of_birth": YOUNG_PERSON, "young_person_agrees": YesNoUnsure.YES}, YES, None),
    ("G3", {"date_of_birth": CHILD, "young_person_agrees": YesNoUnsure.NO}, YES, None),
    ("G4", {"date_of_birth": YOUNG_PERSON, "capacity": Capacity.LACKS_FOR_THIS}, YES, None),
    (
        "G4",
        {
            "date_of_birth": YOUNG_PERSON,
            "capacity": Capacity.LACKS_FOR_THIS,
            "representative": Representative.DEPUTY_OR_ATTORNEY,
        },
        NOT_NOW,
        Code.NOT_THIS_PERSON,
    ),
    (
        "G4",
        {
            "asker": Asker.ALTERNATIVE_PERSON,
            "date_of_birth": YOUNG_PERSON,
            "capacity": Capacity.LACKS_FOR_THIS,
            "representative": Representative.DEPUTY_OR_ATTORNEY,
        },
        YES,
        None,
    ),
    (
        "G4",
        {"asker": Asker.ALTERNATIVE_PERSON, "date_of_birth": YOUNG_PERSON, "capacity": Capacity.LACKS_FOR_THIS},
        ASK,
        Code.ASK_PROVIDER,
    ),
    ("G4", {"asker": Asker.ALTERNATIVE_PERSON, "date_of_birth": CHILD}, ASK, Code.ASK_PROVIDER),
    ("G4", {"date_of_birth": YOUNG_PERSON, "capacity": Capacity.UNSURE}, ASK, Code.ASK_PROVIDER),
    ("G4", {"asker": Asker.YOUNG_PERSON, "capacity": Capacity.LACKS_FOR_THIS}, ASK, Code.ASK_PROVIDER),
    ("G5", {"date_of_birth": OVER}, ELSEWHERE, Code.OUT_OF_SCOPE),
    ("G5", {"asker": Asker.YOUNG_PERSON, "date_of_birth": OVER}, ELSEWHERE, Code.OUT_OF_SCOPE),
    ("G5", {"date_of_birth": GRADUATE, "stage": Stage.PLAN_IN_FORCE}, ASK, Code.ASK_PROVIDER),
    ("G5", {"date_of_birth": date(2001, 8, 31), "stage": Stage.PLAN_IN_FORCE}, ELSEWHERE, Code.OUT_OF_SCOPE),
    ("G6", {"lives_in_area": YesNoUnsure.NO}, ELSEWHERE, Code.NOT_THIS_COUNCIL),
    ("G6", {"lives_in_area": YesNoUnsure.UNSURE}, ASK, Code.ASK_PROVIDER),
    (
        "G6",
        {"lives_in_area": YesNoUnsure.NO, "area_facts": frozenset({AreaFact.LOOKED_AFTER})},
        ASK,
        Code.ASK_PROVIDER,
    ),
    ("G6", {"area_facts": frozenset({AreaFact.MOVED_RECENTLY})}, YES, None),
    ("G7", {"send": Send.NO}, ELSEWHERE, Code.OUT_OF_SCOPE),
    ("G7", {"send": Send.MAYBE}, YES, None),
    ("G7", {"send": Send.DISABILITY_ONLY}, ASK, Code.CONFLICT),
    ("G8", {"asker": Asker.PROFESSIONAL}, NOT_NOW, Code.NOT_THIS_PERSON),
    ("G9", {"risk_now": RiskNow.YES}, YES, Code.URGENT_SAFETY),
    ("G10", {"home_nation": HomeNation.OTHER}, ELSEWHERE, Code.OUT_OF_SCOPE),
    ("E4", {"educated": Educated.CUSTODY}, ASK, Code.ASK_PROVIDER),
]  # fmt: skip


@pytest.mark.parametrize(("gate", "known", "answer", "code"), GATES, ids=[f"{g[0]}-{i}" for i, g in enumerate(GATES)])
def test_derby_answers_by_the_gate(gate, known, answer, code):
    answers = family(matter("educational_provision", "school"), **known)
    result = answered(answers)
    assert result.answer is answer
    gates = assessed(answers).gates
    if code is None:
        assert gates == ()
        assert Code.ELIGIBLE in result.codes
    else:
        assert [(shown.code, shown.because[0].rule) for shown in gates] == [(code, gate)]
        assert code in result.codes


def test_every_gate_has_an_example():
    assert set(LAW.gates) == {gate[0] for gate in GATES}


@pytest.mark.parametrize(("gate", "known", "answer", "code"), GATES, ids=[f"{g[0]}-{i}" for i, g in enumerate(GATES)])
def test_gates_are_told_also_without_a_matter(gate, known, answer, code):
    gates = assessed(replace(FAMILY, **known)).gates
    assert [shown.code for shown in gates] == ([code] if code else [])


def test_the_strictest_answer_wins_and_every_gate_is_told():
    known = {"send": Send.NO, "asker": Asker.PROFESSIONAL, "risk_now": RiskNow.YES}
    answers = family(matter("educational_provision", "school"), **known)
    assert answered(answers).answer is ELSEWHERE
    assert [gate.because[0].rule for gate in assessed(answers).gates] == ["G9", "G7", "G8"]


def test_a_gate_that_asks_does_not_soften_a_row_that_says_elsewhere():
    answers = family(matter("transport", "local_authority"), lives_in_area=YesNoUnsure.UNSURE)
    assert answered(answers).answer is ELSEWHERE


def test_another_council_is_the_first_signpost_for_those_who_live_there():
    signposts = assessed(family(matter("duties", "school"), lives_in_area=YesNoUnsure.NO)).signposts
    assert signposts[0].label == "Find your local council"


def test_a_child_is_told_kindly_whom_they_can_talk_to_themselves():
    (gate,) = assessed(replace(FAMILY, asker=Asker.CHILD)).gates
    assert "What you think matters" in gate.because[0].text
    assert "Derby SENDIASS" in gate.because[0].text


@pytest.mark.parametrize(
    ("on", "answer"),
    [(date(2026, 6, 25), YES), (date(2026, 6, 26), NOT_NOW)],
)
def test_a_parents_request_needs_the_young_persons_yes_from_the_last_friday_of_june(on, answer):
    answers = family(matter("duties", "school"), date_of_birth=date(2010, 7, 15))
    assert answered(answers, on=on).answer is answer


def test_where_no_provider_is_evidenced_the_family_is_told_to_ask_the_council():
    derbyshire = policy_of("derbyshire")
    answers = family(matter("educational_provision", "school"))
    result = assessed(answers, derbyshire)
    assert [gate.code for gate in result.gates] == [Code.UNSTATED]
    assert result.matters[0].answer is YES
    assert result.route == ()
    contact = result.always.contact_anyway
    assert (contact.body, contact.online) == ("Derbyshire County Council", False)
    assert contact.url.startswith("https://localoffer.derbyshire.gov.uk")


def test_a_council_that_leaves_young_people_out_does_not_stop_them():
    policy = small_policy(more='[who]\nmay_ask = ["parent_carer"]')
    answers = family(matter("educational_provision", "school"), asker=Asker.YOUNG_PERSON)
    assert answered(answers, policy).answer is ASK
    assert Code.CONFLICT in answered(answers, policy).codes


@pytest.mark.parametrize(("covers", "code"), [("send", Code.CONFLICT), ("sen", Code.UNSTATED)])
def test_a_disability_without_special_educational_needs_is_a_question_for_the_provider(covers, code):
    policy = small_policy(more=f'[who]\ncovers = "{covers}"')
    answers = family(matter("educational_provision", "school"), send=Send.DISABILITY_ONLY)
    assert answered(answers, policy).answer is ASK
    assert code in answered(answers, policy).codes


def test_the_trace_tells_of_every_gate_whether_it_applied():
    gates = explained(replace(FAMILY, send=Send.NO)).gates
    assert [tried.rule for tried in gates if tried.applied] == ["G7"]
    assert {tried.rule for tried in gates} == {*(gate for gate in LAW.gates if gate != "G2"), "P1", "P2"}
