"""Whose answer another policy would change: counted by reason, small counts and their examples kept back."""

import time

import pytest

from parley.eligibility.domain import assess
from parley.eligibility.result import Answer, Code
from parley.eligibility.service import derived_facts
from parley.eligibility.simulation import SMALLEST_SHOWN, Past, answers_from, simulate
from parley.law.domain import Stage
from support.answers import LAW, TODAY, family, matter
from support.policies import policy_of, small_policy

OPEN = small_policy()
LISTED = ('kind = "open"', 'kind = "listed"')
DUTIES_ALONE = small_policy(
    LISTED, more='[[areas.listed]]\ncode = "A"\nnumber = "1"\nlabel = "duties"\nagainst = ["school"]\n'
)


def facts(*matters, **known):
    answers = family(*matters, **known)
    return derived_facts(answers, assess(answers, OPEN, LAW, TODAY))


PROVISION = facts(matter("educational_provision", "school"), stage=Stage.IN_REVIEW)
DUTIES = facts(matter("duties", "school"))


def simulated(*past, other=DUTIES_ALONE):
    return simulate([Past(kept, OPEN, count) for kept, count in past], other, LAW, TODAY)


def test_the_same_policy_changes_nothing():
    found = simulated((PROVISION, 40), (DUTIES, 7), other=OPEN)
    assert (found.total, found.shifts) == (47, ())


def test_who_would_be_answered_otherwise_is_counted_by_reason_with_an_example():
    found = simulated((PROVISION, 40), (DUTIES, 7))
    (shift,) = found.shifts
    assert (shift.reason.was, shift.reason.now) == (Answer.YES, Answer.ASK_PROVIDER)
    assert Code.UNSTATED in shift.reason.comes
    assert Code.ELIGIBLE in shift.reason.goes
    assert shift.shown_count == "40"
    assert shift.shown_example == "parent_carer, in_review: educational_provision with school"


@pytest.mark.parametrize(("count", "shown"), [(SMALLEST_SHOWN, "5"), (SMALLEST_SHOWN - 1, "fewer than 5")])
def test_small_counts_and_their_examples_are_kept_back(count, shown):
    (shift,) = simulated((PROVISION, count)).shifts
    assert shift.shown_count == shown
    assert bool(shift.shown_example) == (count >= SMALLEST_SHOWN)


def test_what_a_case_keeps_is_replayed_with_its_dates_and_without_what_is_gone():
    kept = {"stage": "plan_in_force", "matters": [{"about": "decision"}], "decision_letter_date": "2026-11-01"}
    answers = answers_from(kept)
    assert answers.stage is Stage.PLAN_IN_FORCE
    assert str(answers.decision_letter_date) == "2026-11-01"
    assert answers.matters[0].against == frozenset()


def test_a_hundred_thousand_are_answered_again_in_seconds():
    past = [Past(PROVISION, policy_of("derby"), 1)] * 100_000
    began = time.monotonic()
    assert simulate(past, policy_of("lincolnshire"), LAW, TODAY).total == 100_000
    assert time.monotonic() - began < 60
