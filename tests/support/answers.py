"""Answers of a family, with defaults: a test names only what it is about."""

from dataclasses import replace
from datetime import date
from typing import Any

from parley.eligibility.answers import Answers, Matter, Send, YesNoUnsure
from parley.eligibility.domain import Assessment, assess
from parley.eligibility.explaining import explain
from parley.eligibility.result import Explanation, MatterResult
from parley.law.domain import Body, Stage, Subject
from parley.law.versions import law_on
from parley.policy.domain import Asker, Policy
from support.policies import policy_of

TODAY = date(2026, 11, 24)
LAW = law_on(TODAY)

FAMILY = Answers(
    asker=Asker.PARENT_CARER,
    lives_in_area=YesNoUnsure.YES,
    send=Send.YES,
    stage=Stage.NONE,
    tried=frozenset({"talked"}),
)


def matter(about: str, *against: str, **known: Any) -> Matter:
    """A disagreement about `about` with each of `against`, by the contract's words."""
    return Matter(against=frozenset(map(Body, against)), about=Subject(about), **known)


def family(*matters: Matter, **known: Any) -> Answers:
    """A Derby parent who has talked to the service first."""
    return replace(FAMILY, matters=matters, **known)


def assessed(answers: Answers, policy: Policy | None = None, on: date = TODAY) -> Assessment:
    """The result, for Derby unless a policy is given."""
    return assess(answers, policy or policy_of("derby"), LAW, on)


def explained(answers: Answers, policy: Policy | None = None, on: date = TODAY) -> Explanation:
    """The trace of the result, written out."""
    known = policy or policy_of("derby")
    return explain(assess(answers, known, LAW, on), known, LAW)


def answered(answers: Answers, policy: Policy | None = None, on: date = TODAY) -> MatterResult:
    """The result of the only matter."""
    (result,) = assessed(answers, policy, on).matters
    return result
