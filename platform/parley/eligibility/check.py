"""The check as every door calls it: pages, API and command line put a document in and get the same result."""

from datetime import date

from parley.eligibility.domain import Assessment, assess
from parley.eligibility.schemas import load_answers
from parley.law.versions import law_on
from parley.policy.domain import Policy


def check(document: object, policy: Policy, today: date) -> Assessment:
    """The result for a JSON document of answers, on the day it names or `today`. Raises Invalid by field."""
    answers = load_answers(document, policy, today)
    on = answers.on or today
    return assess(answers, policy, law_on(on), on)
