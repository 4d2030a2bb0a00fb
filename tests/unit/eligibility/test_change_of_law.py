"""A new version of the law stands beside the old one: until its day nothing changes, from its day everything does."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from parley.cli.eligibility import eligibility
from parley.eligibility.check import Checked, check
from parley.eligibility.result import Answer
from parley.law.deadlines import DeadlineName
from support.answers import TODAY
from support.planted_law import ID, plant
from support.policies import TENANTS, policy_of, small_policy

BEGINS = date(2029, 9, 1)
BEFORE, AFTER = "2029-08-31", "2029-09-01"

PARENT = {"asker": "parent_carer", "lives_in_area": "yes", "send": "yes", "stage": "plan_in_force", "tried": ["talked"]}
CONTENTS = {"against": ["local_authority"], "about": "decision", "decision": "plan_contents"}
EXCLUSION = {"against": ["school"], "about": "exclusion"}
HEALTH = {"against": ["icb"], "about": "health_provision"}


@pytest.fixture(autouse=True)
def _planted(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, begins=BEGINS)


def checked(on: str, *matters: object, **known: object) -> Checked:
    """A check made on a day, under a policy that lists no areas of its own."""
    return check({**PARENT, "on": on, "matters": list(matters), **known}, small_policy(), TODAY)


@pytest.mark.parametrize(("on", "law"), [("2026-11-24", "england-2014"), (BEFORE, "england-2014"), (AFTER, ID)])
def test_a_check_names_the_law_of_its_day(on, law):
    found = checked(on, CONTENTS)
    assert found.assessment.law_version == found.explained().law_version == law


def test_the_lengths_of_the_new_law_count_from_its_day_in_dates_and_in_words():
    for on, due, length in ((BEFORE, date(2029, 9, 10), "2 months"), (AFTER, date(2029, 10, 10), "3 months")):
        lines = checked(on, CONTENTS, decision_letter_date="2029-07-10").assessment.deadlines
        assert {line.due for line in lines} == {due}
        adviser = next(line for line in lines if line.name is DeadlineName.ADVISER_BY)
        assert f"within {length} of the date on the letter" in adviser.source


@pytest.mark.parametrize(("on", "answer"), [(BEFORE, Answer.ELSEWHERE), (AFTER, Answer.YES)])
def test_a_row_of_the_new_law_decides_from_its_day(on, answer):
    found = checked(on, EXCLUSION)
    assert [matter.answer for matter in found.assessment.matters] == [answer]
    assert found.explained().matters[0].decided_by.rule == "R24"


@pytest.mark.parametrize(("on", "answer"), [(BEFORE, Answer.ASK_PROVIDER), (AFTER, Answer.YES)])
def test_a_stage_that_the_new_law_opens_is_open_from_its_day(on, answer):
    assert checked(on, HEALTH).assessment.matters[0].answer is answer


@pytest.mark.parametrize(("on", "answer"), [(BEFORE, Answer.ELSEWHERE), (AFTER, Answer.YES)])
def test_an_age_of_the_new_law_counts_from_its_day(on, answer):
    known = {"asker": "young_person", "date_of_birth": "2004-06-01", "stage": "none"}
    duties = {"against": ["college"], "about": "duties"}
    assert checked(on, duties, **known).assessment.matters[0].answer is answer


def test_a_text_says_the_age_of_its_law():
    known = {"asker": "young_person", "date_of_birth": "2001-01-01", "stage": "none"}
    for on, age in ((BEFORE, "up to 25. From 25"), (AFTER, "up to 26. From 26")):
        (gate,) = checked(on, **known).assessment.gates
        assert age in gate.because[0].text


def test_the_command_goes_by_the_law_of_the_day_that_is_asked_about(monkeypatch):
    monkeypatch.setenv("PARLEY_TENANTS", str(TENANTS))
    for on, law in ((BEFORE, "england-2014"), (AFTER, ID)):
        document = json.dumps({**PARENT, "on": on, "matters": [CONTENTS]})
        told = CliRunner().invoke(eligibility, ["--authority", "derby", "--trace", "--json", "-"], input=document)
        assert json.loads(told.stdout)["law_version"] == json.loads(told.stdout)["trace"]["law"]["version"] == law


def test_a_policy_is_read_under_both_laws_at_once():
    derby = policy_of("derby")
    for on in (BEFORE, AFTER, BEFORE):
        document = {**PARENT, "on": on, "matters": [EXCLUSION]}
        yes = check(document, derby, TODAY).assessment.matters[0].answer is Answer.YES
        assert yes is (on == AFTER)
