"""The same answers at councils with other rules: what is silent or conflicting is asked, never guessed."""

from dataclasses import replace

import pytest

from parley.eligibility.answers import Appeal
from parley.eligibility.result import Answer, Code
from parley.law.domain import Area, Stage
from support.answers import answered, assessed, family, matter
from support.policies import policy_of, small_policy

YES, NOT_NOW, ELSEWHERE, ASK = Answer.YES, Answer.NOT_NOW, Answer.ELSEWHERE, Answer.ASK_PROVIDER
FINISHED = frozenset({"complaint_finished"})


def staffordshire(*matters, tried=FINISHED, **known):
    return answered(replace(family(*matters), tried=tried, **known), policy_of("staffordshire"))


def test_staffordshire_says_yes_to_a_disagreement_with_the_council_without_an_area():
    result = staffordshire(matter("duties", "local_authority"))
    assert (result.answer, result.area, result.area_label) == (YES, None, None)


@pytest.mark.parametrize("tried", [frozenset(), frozenset({"talked"}), frozenset({"complaint_open"})])
def test_staffordshire_asks_for_the_usual_channels_first_and_says_how(tried):
    result = staffordshire(matter("duties", "local_authority"), tried=tried)
    assert result.answer is NOT_NOW
    assert Code.TRY_FIRST_REQUIRED in result.codes
    assert Code.ELIGIBLE not in result.codes
    assert any("complaints process" in text for text in result.would_change)


@pytest.mark.parametrize("step", ["usual_channels", "complaint_finished"])
def test_staffordshires_condition_is_met_by_either_step(step):
    assert staffordshire(matter("duties", "local_authority"), tried=frozenset({step})).answer is YES


@pytest.mark.parametrize("body", ["school", "college", "early_years", "independent_school"])
def test_staffordshires_words_about_schools_conflict(body):
    result = staffordshire(matter("educational_provision", body))
    assert result.answer is ASK
    assert {Code.CONFLICT, Code.ASK_PROVIDER} <= set(result.codes)


def test_a_school_and_the_council_together_are_with_the_council():
    assert staffordshire(matter("educational_provision", "school", "local_authority")).answer is YES


def test_staffordshire_does_not_speak_of_the_icb():
    result = staffordshire(matter("health_provision", "icb"), stage=Stage.IN_REVIEW)
    assert result.answer is ASK
    assert Code.UNSTATED in result.codes


@pytest.mark.parametrize(("stage", "answer"), [(Stage.IN_REVIEW, YES), (Stage.PLAN_IN_FORCE, ASK)])
def test_without_a_stated_gate_health_is_open_where_the_law_opens_it_and_asked_elsewhere(stage, answer):
    result = staffordshire(matter("health_provision", "local_authority"), stage=stage)
    assert result.answer is answer


def test_an_open_council_covers_anything_under_its_own_words():
    result = answered(family(matter("educational_provision", "school")), small_policy())
    assert (result.answer, result.area) == (YES, Area.OPEN)
    assert result.area_label == "any aspect of special educational provision"


LISTED = ('kind = "open"', 'kind = "listed"')
AREA_A = '[[areas.listed]]\ncode = "A"\nnumber = "1"\nlabel = "duties"\nagainst = ["local_authority"]\n'


def test_an_area_a_council_does_not_list_is_asked():
    result = answered(family(matter("educational_provision", "school")), small_policy(LISTED, more=AREA_A))
    assert (result.answer, result.area) == (ASK, None)
    assert Code.UNSTATED in result.codes


def test_a_body_an_area_does_not_name_is_asked():
    result = answered(family(matter("duties", "school")), small_policy(LISTED, more=AREA_A))
    assert (result.answer, result.area) == (ASK, Area.DUTIES)


def test_a_gate_that_a_council_sets_on_any_area_is_kept():
    gated = small_policy(LISTED, more=AREA_A + 'stages = ["in_review"]\nwhile_appeal_pending = true')
    about = matter("duties", "local_authority")
    assert answered(family(about, stage=Stage.IN_REVIEW), gated).answer is YES
    closed = answered(family(about, stage=Stage.PLAN_IN_FORCE), gated)
    assert closed.answer is NOT_NOW
    assert Code.GATE_NOT_MET in closed.codes
    assert answered(family(about, stage=Stage.PLAN_IN_FORCE, appeal=Appeal.LODGED), gated).answer is YES


HEALTH = '[[areas.listed]]\ncode = "C"\nnumber = "3"\nlabel = "health"\nagainst = ["icb"]\nstages = ["in_review"]\n'


@pytest.mark.parametrize(("stated", "answer"), [("true", YES), ("false", NOT_NOW), ('"not_stated"', ASK)])
def test_waiting_for_an_appeal_is_as_the_council_says(stated, answer):
    policy = small_policy(LISTED, more=f"{HEALTH}while_appeal_pending = {stated}")
    answers = family(matter("health_provision", "icb"), stage=Stage.PLAN_IN_FORCE, appeal=Appeal.LODGED)
    assert answered(answers, policy).answer is answer


def test_words_that_were_only_inferred_are_not_used():
    guessed = ('kind = "open"', 'kind = { value = "open", status = "inferred" }')
    result = answered(family(matter("educational_provision", "school")), small_policy(guessed))
    assert (result.answer, result.area) == (ASK, None)


def test_derbys_route_is_in_the_result_with_our_aims_said_to_be_ours():
    route = assessed(family(matter("duties", "school"))).route
    assert [step.step for step in route] == ["family_asks", "provider_tells_council", "council_answers", "meeting"]
    assert route[0].by is None
    assert all("our aim" in step.by for step in route[1:])


def test_who_has_already_contacted_the_provider_is_not_told_to():
    route = assessed(family(matter("duties", "school"), provider_contacted="global-mediation")).route
    assert [step.step for step in route] == ["provider_tells_council", "council_answers", "meeting"]


def test_a_result_of_elsewhere_has_no_route_but_always_a_contact():
    result = assessed(family(matter("transport", "local_authority")))
    assert result.route == ()
    contact = result.always.contact_anyway
    assert (contact.body, contact.phone, contact.online) == ("Global Mediation", "0800 064 4488", True)


def test_derbys_signposts_follow_the_body_and_the_matter():
    labels = {place.label for place in assessed(family(matter("health_provision", "icb"))).signposts}
    assert "Feedback about an integrated care board service" in labels
    assert "SEND Code of Practice, paragraphs 11.6 to 11.10" in labels
    assert "Feedback about a Derby City Council service" not in labels
    assert "Mediation and appeals" not in labels
    labels = {place.label for place in assessed(family(matter("decision", "local_authority"))).signposts}
    assert {"Mediation and appeals", "Feedback about a Derby City Council service"} <= labels


def test_signposts_come_once_for_several_matters():
    signposts = assessed(family(matter("duties", "school"), matter("duties", "school"))).signposts
    assert len(signposts) == len(set(signposts))


def at(council, *matters, **known):
    return answered(family(*matters, **known), policy_of(council))


def test_lincolnshire_does_not_name_a_reassessment_so_it_is_asked_and_never_refused():
    health = matter("health_provision", "icb")
    assert at("lincolnshire", health, stage=Stage.IN_REVIEW).answer is YES
    result = at("lincolnshire", health, stage=Stage.REASSESSMENT)
    assert (result.answer, Code.UNSTATED in result.codes) == (ASK, True)
    assert at("lincolnshire", health, stage=Stage.PLAN_IN_FORCE).answer is NOT_NOW


def test_leicester_takes_provision_while_an_appeal_waits():
    result = at("leicester", matter("educational_provision", "school"), appeal=Appeal.LODGED)
    assert (result.answer, result.area) == (YES, Area.PROVISION)


@pytest.mark.parametrize("council", ["nottinghamshire", "rutland", "west-northamptonshire"])
def test_councils_without_a_list_take_anything_about_provision(council):
    result = at(council, matter("educational_provision", "college"))
    assert (result.answer, result.area) == (YES, Area.OPEN)


@pytest.mark.parametrize(
    ("council", "words"),
    [
        ("rutland", "may be out of date"),
        ("leicester", "not found it published"),
        ("west-northamptonshire", "not found it published"),
    ],
)
def test_without_an_evidenced_provider_the_family_is_told_why_and_whom_to_ask(council, words):
    result = assessed(family(matter("duties", "local_authority")), policy_of(council))
    assert any(words in reason.text for gate in result.gates for reason in gate.because)
    assert words in result.always.contact_anyway.text
    assert not result.always.contact_anyway.online
    assert result.route == ()
