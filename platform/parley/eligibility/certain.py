"""Into which areas a disagreement falls for certain, where only some of the check's questions were asked. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product

from parley.eligibility.answers import Answers, Appeal, Matter, Send, YesNoUnsure
from parley.eligibility.book import book_of
from parley.eligibility.deciding import decide
from parley.eligibility.facts import facts_of
from parley.law.domain import Area, Body, LawVersion, Stage, Subject
from parley.policy.domain import Asker, Policy


def certain_areas(
    asker: Asker,
    stage: Stage,
    about: Subject,
    sides: Sequence[frozenset[Body]],
    policy: Policy,
    law: LawVersion,
    on: date,
) -> frozenset[Area]:
    """The areas that the check's rules come to whichever of ``sides`` is the other side, and wherever an appeal stands.

    Everything else that was not asked counts as it does for a family that is not sure of it. Whether the family may
    ask at all (the gates) is another question, and left open here; so the areas are no answer of the check.
    """
    known = Answers(asker, YesNoUnsure.UNSURE, Send.MAYBE, stage)
    book = book_of(policy, law)
    found: list[frozenset[Area]] = []
    for against, appeal in product(sides, Appeal):
        matter = Matter(against, about)
        answers = replace(known, matters=(matter,), appeal=appeal)
        result = decide(facts_of(answers, matter, policy, law, on), book).alone
        found.append(frozenset(area for area in (result.area, *result.also_areas) if area))
    return frozenset.intersection(*found) - {Area.OPEN} if found else frozenset()
