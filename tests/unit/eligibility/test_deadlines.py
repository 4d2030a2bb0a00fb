"""The dates a result shows: whatever it answers, and whoever asks."""

from datetime import date

import pytest

from parley.eligibility.answers import Appeal, YesNoUnsure
from parley.eligibility.result import Answer, Code
from parley.law.deadlines import DeadlineName, DeadlineState
from parley.law.domain import Decision, Stage
from support.answers import answered, assessed, family, matter
from support.policies import small_policy

ADVISER, APPEAL = DeadlineName.ADVISER_BY, DeadlineName.APPEAL_BY
LETTER = date(2026, 10, 1)


def shown(answers, **known):
    return [(line.name, line.matter, line.due, line.state) for line in assessed(answers, **known).deadlines]


def test_a_decision_letter_shows_both_dates():
    answers = family(matter("decision", "local_authority"), stage=Stage.PLAN_IN_FORCE, decision_letter_date=LETTER)
    due = date(2026, 12, 1)
    assert shown(answers) == [(ADVISER, 0, due, DeadlineState.OPEN), (APPEAL, 0, due, DeadlineState.OPEN)]


def test_the_day_itself_is_still_open_and_the_next_is_not():
    answers = family(matter("decision", "local_authority"), stage=Stage.PLAN_IN_FORCE, decision_letter_date=LETTER)
    assert {line[3] for line in shown(answers, on=date(2026, 12, 1))} == {DeadlineState.OPEN}
    assert {line[3] for line in shown(answers, on=date(2026, 12, 2))} == {DeadlineState.PASSED}


OWN = """
[[deadlines]]
id = "own"
label = "Ring the adviser"
service = "mediation_advice"
counts = [{ period = "10 working days", since = "decision_letter" }]
[[deadlines]]
id = "later"
label = "Send your notes"
service = "disagreement_resolution"
counts = [{ period = "5 working days", since = "meeting" }]
"""


def test_a_date_of_the_councils_own_follows_the_laws_unless_it_waits_for_what_happens_here():
    policy = small_policy(more=OWN)
    answers = family(matter("decision", "local_authority"), stage=Stage.PLAN_IN_FORCE, decision_letter_date=LETTER)
    *_, own = assessed(answers, policy).deadlines
    assert (own.name, own.label, own.basis) == (DeadlineName.COUNCILS_OWN, "Ring the adviser", "policy")
    assert (own.due, own.state) == (date(2026, 10, 15), DeadlineState.PASSED)
    assert [line.label for line in assessed(answers, policy).deadlines] == ["", "", "Ring the adviser"]


def test_an_appeal_about_placement_alone_is_sent_to_no_mediation_by_a_council_either():
    answers = family(matter("placement_only"), stage=Stage.PLAN_IN_FORCE, decision_letter_date=LETTER)
    assert [line.label for line in assessed(answers, small_policy(more=OWN)).deadlines] == [""]


def test_a_certificate_lengthens_the_time_to_appeal_alone():
    answers = family(
        matter("decision", "local_authority", certificate_date=date(2026, 11, 20)),
        stage=Stage.PLAN_IN_FORCE,
        decision_letter_date=LETTER,
    )
    assert [line[2] for line in shown(answers)] == [date(2026, 12, 1), date(2026, 12, 20)]


def test_a_matter_has_the_date_of_its_own_letter():
    answers = family(
        matter("decision", "local_authority", decision_letter_date=date(2026, 11, 1)),
        matter("decision", "local_authority"),
        stage=Stage.PLAN_IN_FORCE,
        decision_letter_date=LETTER,
    )
    assert [(line[1], line[2]) for line in shown(answers)] == [
        (0, date(2027, 1, 1)),
        (0, date(2027, 1, 1)),
        (1, date(2026, 12, 1)),
        (1, date(2026, 12, 1)),
    ]


def test_without_a_date_the_deadline_is_there_and_unknown():
    answers = family(matter("decision", "local_authority"), stage=Stage.ASSESSMENT_REFUSED)
    assert shown(answers) == [
        (ADVISER, 0, None, DeadlineState.UNKNOWN),
        (APPEAL, 0, None, DeadlineState.UNKNOWN),
    ]


@pytest.mark.parametrize("about", ["educational_provision", "transport", "unsure"])
def test_a_letter_shows_its_dates_whatever_the_matter_is_about(about):
    answers = family(matter(about, "school"), decision_letter_date=LETTER)
    assert [(line[0], line[1]) for line in shown(answers)] == [(ADVISER, None), (APPEAL, None)]


def test_a_letter_shows_its_dates_without_a_matter_and_behind_a_gate():
    assert len(shown(family(decision_letter_date=LETTER))) == 2
    assert len(shown(family(decision_letter_date=LETTER, lives_in_area=YesNoUnsure.NO))) == 2


def test_a_letter_from_1999_is_answered_and_its_time_has_passed():
    answers = family(
        matter("decision", "local_authority"),
        stage=Stage.PLAN_IN_FORCE,
        decision_letter_date=date(1999, 3, 15),
    )
    assert [(line[2], line[3]) for line in shown(answers)] == [(date(1999, 5, 15), DeadlineState.PASSED)] * 2
    result = answered(answers)
    assert result.answer is Answer.YES
    assert Code.MEDIATION_WINDOW_CLOSED in result.codes
    assert Code.ONLY_DISAGREEMENT_RESOLUTION_LEFT not in result.codes  # Derby does not say so
    assert any("usual time has passed" in reason.text for reason in result.because)


def test_a_council_may_say_that_only_this_service_is_left():
    policy = small_policy(more="[mediation]\nonly_this_left_after_missed_date = true")
    answers = family(
        matter("decision", "local_authority"), stage=Stage.PLAN_IN_FORCE, decision_letter_date=date(2026, 1, 5)
    )
    assert Code.ONLY_DISAGREEMENT_RESOLUTION_LEFT in answered(answers, policy).codes


def test_an_appeal_already_lodged_is_not_told_that_its_time_has_passed():
    answers = family(
        matter("decision", "local_authority"),
        stage=Stage.PLAN_IN_FORCE,
        decision_letter_date=date(2026, 1, 5),
        appeal=Appeal.LODGED,
    )
    assert Code.MEDIATION_WINDOW_CLOSED not in answered(answers).codes


def test_an_appeal_about_the_school_alone_shows_the_safe_date_and_no_adviser():
    answers = family(
        matter("placement_only", "local_authority"),
        stage=Stage.PLAN_IN_FORCE,
        decision_letter_date=LETTER,
        certificate_date=date(2026, 11, 20),
    )
    assert shown(answers) == [(APPEAL, 0, date(2026, 12, 1), DeadlineState.OPEN)]


def test_a_draft_plan_shows_the_time_to_comment_and_no_appeal():
    answers = family(matter("decision", "local_authority"), stage=Stage.DRAFT_PLAN, stage_since=date(2026, 11, 20))
    assert shown(answers) == [(DeadlineName.COMMENTS_BY, None, date(2026, 12, 5), DeadlineState.OPEN)]
    undated = family(matter("decision", "local_authority"), stage=Stage.DRAFT_PLAN)
    assert shown(undated) == [(DeadlineName.COMMENTS_BY, None, None, DeadlineState.UNKNOWN)]


def test_a_discrimination_claim_has_a_time_limit_whose_length_we_do_not_claim():
    answers = family(matter("discrimination", "school"))
    (line,) = assessed(answers).deadlines
    assert (line.name, line.due, line.state) == (DeadlineName.DISCRIMINATION_CLAIM_BY, None, DeadlineState.UNKNOWN)
    assert not any(character.isdigit() for character in line.source.partition("(")[0])


def test_every_deadline_says_what_it_rests_on_and_what_if_it_is_missed():
    answers = family(
        matter("decision", "local_authority", decision=Decision.CEASE), decision_letter_date=date(2026, 1, 5)
    )
    for line in assessed(answers).deadlines:
        assert line.basis == "law"
        assert "Act 2014" in line.source or "Regulations 2014" in line.source
        assert "straight away" in line.if_missed


@pytest.mark.parametrize("about", ["decision", "placement_only"])
def test_a_matter_with_a_decision_says_that_this_service_gives_no_certificate(about):
    result = answered(family(matter(about, "local_authority"), stage=Stage.PLAN_IN_FORCE))
    assert Code.NO_CERTIFICATE in result.codes
    assert any("does not give a mediation certificate" in reason.text for reason in result.because)
