"""The check as every door calls it: pages, API and command line put a document in and get the same result."""

from dataclasses import dataclass
from datetime import date

from parley.eligibility.domain import Assessment, assess
from parley.eligibility.explaining import explain
from parley.eligibility.result import Explanation
from parley.eligibility.schemas import load_answers
from parley.law.domain import LawVersion
from parley.law.versions import law_on
from parley.policy.domain import Policy


@dataclass(frozen=True, slots=True)
class Checked:
    """A result with the rules it was made under, so that it can be explained."""

    assessment: Assessment
    policy: Policy
    law: LawVersion

    def explained(self) -> Explanation:
        """Every rule that was tried, and what decided."""
        return explain(self.assessment, self.policy, self.law)


def check(document: object, policy: Policy, today: date) -> Checked:
    """The result for a JSON document of answers, on the day it names or `today`. Raises Invalid by field.

    The law is the one in force on that day, whichever is in force today, and so are the providers' contracts.
    """
    answers = load_answers(document, policy, today)
    on = answers.on or today
    law, policy = law_on(on), policy.as_on(on)
    return Checked(assess(answers, policy, law, on), policy, law)
