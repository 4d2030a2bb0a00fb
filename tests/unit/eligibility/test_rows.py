"""Every row of the table, for Derby: who, about what, at which stage, and what follows."""

from datetime import date

import pytest

from parley.eligibility.answers import Appeal, Duty, Educated, WhoShouldProvide, YesNoUnsure
from parley.eligibility.result import Answer, Code
from parley.law.domain import Area, Decision, Stage
from parley.policy.domain import Asker
from support.answers import LAW, answered, assessed, explained, family, matter

YES, NOT_NOW, ELSEWHERE, ASK = Answer.YES, Answer.NOT_NOW, Answer.ELSEWHERE, Answer.ASK_PROVIDER
A, B, C = Area.DUTIES, Area.PROVISION, Area.HEALTH_AND_CARE
LETTER = date(2026, 11, 2)
MEDIATE = {Code.MEDIATION_APPEAL}

# row, matter, answers beside it, answer, area, further areas, codes that must be there
ROWS = [
    ("R1", matter("duties", "early_years"), {}, YES, A, (), {Code.ELIGIBLE}),
    ("R2", matter("duties", "school"), {}, YES, A, (), {Code.ELIGIBLE}),
    ("R2", matter("duties", "school"), {"stage": Stage.PLAN_IN_FORCE}, YES, A, (), {Code.ELIGIBLE}),
    ("R2", matter("not_in_school", "school"), {}, YES, A, (), {Code.ELIGIBLE}),
    ("R3", matter("duties", "college"), {}, YES, A, (), {Code.ELIGIBLE}),
    ("R4", matter("duties", "local_authority"), {}, YES, A, (), {Code.ELIGIBLE}),
    ("R4", matter("duties", "local_authority", duty=Duty.SOCIAL_CARE), {}, YES, A, (), {Code.ELIGIBLE}),
    ("R5", matter("duties", "icb"), {}, ELSEWHERE, None, (), {Code.OUT_OF_SCOPE}),
    ("R6", matter("educational_provision", "early_years"), {}, YES, B, (), {Code.ELIGIBLE}),
    ("R6", matter("educational_provision", "school"), {"stage": Stage.UNSURE}, YES, B, (), {Code.ELIGIBLE}),
    ("R6", matter("educational_provision", "college"), {"stage": Stage.PLAN_REFUSED}, YES, B, (), {Code.ELIGIBLE}),
    ("R6", matter("educational_provision", "school", "local_authority"), {}, YES, B, (A,), {Code.ELIGIBLE}),
    ("R6", matter("educational_provision", "school", in_plan=YesNoUnsure.YES), {}, YES, B, (A,), {Code.ELIGIBLE}),
    (
        "R6",
        matter("educational_provision", "school", decision=Decision.PLAN_CONTENTS),
        {"stage": Stage.PLAN_IN_FORCE},
        YES,
        B,
        (A,),
        {Code.MEDIATION_APPEAL, Code.NO_CERTIFICATE},
    ),
    ("R7", matter("educational_provision", "local_authority"), {}, YES, A, (), {Code.ELIGIBLE}),
    (
        "R7",
        matter("educational_provision", "local_authority", decision=Decision.PLAN_CONTENTS),
        {"stage": Stage.PLAN_IN_FORCE},
        YES,
        A,
        (),
        MEDIATE,
    ),
    (
        "R7",
        matter("educational_provision", "local_authority", who_should_provide=WhoShouldProvide.SETTING),
        {},
        ASK,
        None,
        (B,),
        {Code.ASK_PROVIDER},
    ),
    (
        "R7",
        matter(
            "educational_provision",
            "local_authority",
            who_should_provide=WhoShouldProvide.SETTING,
            in_plan=YesNoUnsure.YES,
        ),
        {"stage": Stage.PLAN_IN_FORCE},
        YES,
        A,
        (),
        {Code.ELIGIBLE},
    ),
    (
        "R8",
        matter("educational_provision", "local_authority"),
        {"stage": Stage.IN_REVIEW},
        YES,
        A,
        (),
        {Code.ELIGIBLE},
    ),
    ("R8", matter("educational_provision", "local_authority"), {"appeal": Appeal.LODGED}, YES, A, (), {Code.ELIGIBLE}),
    ("R8", matter("placement_only", "local_authority"), {"stage": Stage.IN_ASSESSMENT}, YES, A, (), {Code.ELIGIBLE}),
    ("R9", matter("health_provision", "icb"), {"stage": Stage.IN_ASSESSMENT}, YES, C, (), {Code.ELIGIBLE}),
    ("R9", matter("health_provision", "local_authority"), {"stage": Stage.DRAFT_PLAN}, YES, C, (), {Code.ELIGIBLE}),
    ("R9", matter("health_provision", "icb", "school"), {"stage": Stage.IN_REVIEW}, YES, C, (), {Code.ELIGIBLE}),
    (
        "R9",
        matter("health_provision", "icb"),
        {"stage": Stage.REASSESSMENT, "appeal": Appeal.LODGED},
        YES,
        C,
        (),
        {Code.ELIGIBLE},
    ),
    ("R10", matter("health_provision", "icb"), {}, NOT_NOW, None, (), {Code.GATE_NOT_MET}),
    (
        "R10",
        matter("health_provision", "icb"),
        {"stage": Stage.PLAN_IN_FORCE},
        NOT_NOW,
        None,
        (),
        {Code.GATE_NOT_MET},
    ),
    (
        "R10",
        matter("health_provision", "icb"),
        {"stage": Stage.PLAN_IN_FORCE, "decision_letter_date": LETTER},
        NOT_NOW,
        None,
        (),
        {Code.GATE_NOT_MET, Code.MEDIATION_APPEAL},
    ),
    (
        "R10",
        matter("health_provision", "icb"),
        {"stage": Stage.ASSESSMENT_REQUESTED},
        ASK,
        None,
        (C,),
        {Code.UNSTATED, Code.ASK_PROVIDER},
    ),
    ("R11", matter("social_care_provision", "local_authority"), {"stage": Stage.IN_REVIEW}, YES, C, (), set()),
    ("R12", matter("social_care_provision", "local_authority"), {}, NOT_NOW, None, (), {Code.GATE_NOT_MET}),
    (
        "R12",
        matter("social_care_provision", "local_authority", duty=Duty.SOCIAL_CARE),
        {},
        ASK,
        None,
        (A,),
        {Code.CONFLICT, Code.ASK_PROVIDER},
    ),
    ("R13", matter("health_provision", "school"), {"stage": Stage.IN_REVIEW}, ASK, None, (A,), {Code.ASK_PROVIDER}),
    (
        "R13",
        matter("health_provision", "school", who_should_provide=WhoShouldProvide.ICB),
        {"stage": Stage.IN_REVIEW},
        NOT_NOW,
        None,
        (C,),
        {Code.GATE_NOT_MET},
    ),
    ("R14", matter("decision", "local_authority"), {"stage": Stage.ASSESSMENT_REFUSED}, YES, A, (), MEDIATE),
    (
        "R14",
        matter("decision", "local_authority", decision=Decision.REFUSE_REASSESS),
        {"stage": Stage.PLAN_IN_FORCE},
        YES,
        A,
        (),
        {Code.MEDIATION_APPEAL, Code.NO_CERTIFICATE},
    ),
    ("R15", matter("decision", "local_authority"), {"stage": Stage.PLAN_REFUSED}, YES, A, (), MEDIATE),
    ("R16", matter("decision", "local_authority"), {"stage": Stage.PLAN_IN_FORCE}, YES, A, (B,), MEDIATE),
    (
        "R17",
        matter("placement_only", "local_authority"),
        {"stage": Stage.PLAN_IN_FORCE},
        YES,
        A,
        (),
        {Code.CERTIFICATE_NOT_NEEDED, Code.NO_CERTIFICATE},
    ),
    (
        "R18",
        matter("decision", "local_authority", decision=Decision.REFUSE_AMEND),
        {"stage": Stage.PLAN_IN_FORCE},
        YES,
        A,
        (),
        MEDIATE,
    ),
    ("R18", matter("decision", "local_authority"), {"stage": Stage.PLAN_CEASED}, YES, A, (), MEDIATE),
    ("R19", matter("decision", "local_authority"), {"stage": Stage.DRAFT_PLAN}, YES, A, (), {Code.ELIGIBLE}),
    ("R19", matter("placement_only", "local_authority"), {"stage": Stage.DRAFT_PLAN}, YES, A, (), {Code.ELIGIBLE}),
    (
        "R20",
        matter("duties", "local_authority"),
        {"stage": Stage.ASSESSMENT_REQUESTED, "stage_since": date(2026, 10, 12)},
        YES,
        A,
        (),
        {Code.ELIGIBLE},
    ),
    ("R20", matter("decision", "local_authority"), {"stage": Stage.IN_ASSESSMENT}, YES, A, (), {Code.ELIGIBLE}),
    ("R21", matter("decision", "local_authority"), {"appeal": Appeal.LODGED}, YES, A, (), {Code.ELIGIBLE}),
    (
        "R21",
        matter("health_provision", "icb"),
        {"appeal": Appeal.LODGED, "stage": Stage.PLAN_IN_FORCE},
        ASK,
        None,
        (C,),
        {Code.CONFLICT, Code.ASK_PROVIDER},
    ),
    ("R22", matter("educational_provision", "independent_school"), {}, YES, B, (), {Code.ELIGIBLE}),
    ("R22", matter("duties", "independent_school"), {}, ASK, None, (), {Code.ASK_PROVIDER}),
    ("R23", matter("discrimination", "school"), {}, YES, A, (B,), {Code.CERTIFICATE_NOT_NEEDED}),
    ("R23", matter("discrimination", "icb"), {}, ASK, None, (), {Code.ASK_PROVIDER}),
    ("R24", matter("transport", "local_authority"), {}, ELSEWHERE, None, (), {Code.OUT_OF_SCOPE}),
    ("R24", matter("admission", "school"), {}, ELSEWHERE, None, (), {Code.OUT_OF_SCOPE}),
    ("R24", matter("exclusion", "school"), {}, ELSEWHERE, None, (), {Code.OUT_OF_SCOPE}),
    ("R24", matter("staff_conduct", "college"), {}, ELSEWHERE, None, (), {Code.OUT_OF_SCOPE}),
    ("R24", matter("other", "school"), {}, ELSEWHERE, None, (), {Code.OUT_OF_SCOPE}),
    (
        "R25",
        matter("health_provision", "local_authority", "icb"),
        {"asker": Asker.PROFESSIONAL, "stage": Stage.IN_REVIEW},
        ELSEWHERE,
        None,
        (),
        {Code.OUT_OF_SCOPE},
    ),
    ("R26", matter("unsure", "school"), {}, ASK, None, (), {Code.ASK_PROVIDER}),
    ("R26", matter("duties", "unsure"), {}, ASK, None, (), {Code.ASK_PROVIDER}),
    ("R26", matter("decision", "local_authority"), {"stage": Stage.UNSURE}, ASK, None, (), {Code.NO_CERTIFICATE}),
    ("R26", matter("health_provision", "icb"), {"stage": Stage.UNSURE}, ASK, None, (C,), {Code.ASK_PROVIDER}),
    ("E1", matter("educational_provision", "other_parent"), {}, ASK, None, (), {Code.OUT_OF_SCOPE}),
    ("E2", matter("educational_provision", "local_authority"), {"educated": Educated.HOME}, YES, A, (), set()),
    ("E2", matter("educational_provision", "school"), {"educated": Educated.HOME}, ASK, None, (), {Code.ASK_PROVIDER}),
    ("E3", matter("decision", "local_authority"), {"appeal": Appeal.DECIDED}, ASK, None, (), {Code.ASK_PROVIDER}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "one", "known", "answer", "area", "also", "codes"),
    ROWS,
    ids=[f"{row[0]}-{row[1].about}-{'+'.join(sorted(row[1].against))}-{index}" for index, row in enumerate(ROWS)],
)
def test_derby_answers_by_the_row(row, one, known, answer, area, also, codes):
    answers = family(one, **known)
    result = answered(answers)
    assert (result.answer, result.area, result.also_areas) == (answer, area, also)
    assert codes <= set(result.codes)
    assert row in [reason.rule for reason in result.because]
    (matter_explained,) = explained(answers).matters
    assert [tried.rule for tried in matter_explained.rows if tried.applied] == [row]


def test_every_row_has_an_example():
    assert set(LAW.rows) == {row[0] for row in ROWS}


def test_a_yes_says_which_area_of_the_council_it_is():
    result = answered(family(matter("educational_provision", "school")))
    assert result.area_label == "the special educational provision a nursery, school or college is making"
    listed = next(reason for reason in result.because if reason.rule == "area-2")
    assert listed.text.startswith("Derby City Council lists this as area 2")
    assert "Derby City Council, read 24 November 2026" in listed.citation


def test_every_reason_has_a_rule_a_source_and_a_citation():
    answers = family(*(row[1] for row in ROWS[:20]), decision_letter_date=LETTER)
    for result in assessed(answers).matters:
        assert result.because
        for reason in result.because:
            assert reason.rule
            assert reason.text
            assert reason.source
            assert reason.citation
            assert "{" not in reason.text


def test_what_would_change_a_no_is_concrete():
    result = answered(family(matter("health_provision", "icb"), stage=Stage.PLAN_IN_FORCE))
    assert "early review" in result.would_change[0]


@pytest.mark.parametrize(
    ("about", "against", "known"),
    [
        ("educational_provision", "school", {"in_plan": YesNoUnsure.YES}),
        ("duties", "independent_school", {}),
        ("educational_provision", "icb", {}),
    ],
)
def test_nobody_is_told_to_add_a_council_that_they_named(about, against, known):
    alone = answered(family(matter(about, against, **known)))
    assert any("add the council" in text for text in alone.would_change)
    beside = matter("duties", "local_authority")
    for answers in (family(matter(about, against, "local_authority", **known)), family(matter(about, against), beside)):
        for result in assessed(answers).matters:
            assert not any("add the council" in text for text in result.would_change)


def test_an_appeal_that_is_lodged_is_said_to_go_on():
    result = answered(family(matter("educational_provision", "school"), appeal=Appeal.LODGED))
    assert result.answer is YES
    assert any("timetable does not wait" in reason.text for reason in result.because)


@pytest.mark.parametrize("tried", [{"talked"}, {"complaint_open"}, {"complaint_finished", "talked"}])
def test_talking_first_is_not_advised_to_those_who_have(tried):
    result = answered(family(matter("duties", "school"), tried=frozenset(tried)))
    assert Code.TRY_FIRST_ADVICE not in result.codes


def test_talking_first_is_advice_that_never_blocks():
    result = answered(family(matter("duties", "school"), tried=frozenset()))
    assert result.answer is YES
    assert {Code.TRY_FIRST_ADVICE, Code.ELIGIBLE} <= set(result.codes)
    assert any("does not stop you asking" in reason.text for reason in result.because)


def test_a_matter_may_have_been_tried_though_the_others_were_not():
    answers = family(
        matter("duties", "school", tried=frozenset({"talked"})), matter("duties", "school"), tried=frozenset()
    )
    first, second = assessed(answers).matters
    assert Code.TRY_FIRST_ADVICE not in first.codes
    assert Code.TRY_FIRST_ADVICE in second.codes
