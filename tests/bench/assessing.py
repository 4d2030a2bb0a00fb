"""How many checks one process answers in a second, apart from pages: reading answers, assessing them, writing results.

Families differ, as they do: a fixed draw of made-up ones asks one to three things of each council in turn.
"""

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from bench.report import Figure, Part
from parley.eligibility.answers import Answers
from parley.eligibility.domain import Assessment, assess
from parley.eligibility.explaining import explain
from parley.eligibility.schemas import dump_answers, dump_assessment, load_answers
from parley.law.versions import law_on
from parley.policy.domain import Policy
from support.policies import COUNCILS, policy_of

ON = date(2026, 11, 24)
FAMILIES = 3_000
ROUNDS = 5
#: Assessments, with their trace, that one process must make in a second.
TARGET = 20_000

#: How many of a hundred families are so.
_ASKERS = {"parent_carer": 84, "young_person": 10, "alternative_person": 3, "professional": 2, "child": 1}
_STAGES = {
    "none": 20, "assessment_requested": 8, "assessment_refused": 8, "in_assessment": 10, "plan_refused": 4,
    "draft_plan": 8, "plan_in_force": 24, "in_review": 10, "reassessment": 2, "plan_ceased": 1, "unsure": 5,
}  # fmt: skip
_ABOUT = {
    "duties": 25, "educational_provision": 30, "health_provision": 8, "social_care_provision": 4, "decision": 15,
    "placement_only": 6, "discrimination": 2, "transport": 3, "exclusion": 3, "other": 2, "unsure": 2,
}  # fmt: skip
_AGAINST = {
    ("school",): 38, ("local_authority",): 35, ("school", "local_authority"): 10, ("early_years",): 5, ("college",): 4,
    ("icb",): 4, ("local_authority", "icb"): 2, ("independent_school",): 1, ("unsure",): 1,
}  # fmt: skip
_MATTERS = {1: 65, 2: 25, 3: 10}
_YES_NO_UNSURE = {"yes": 60, "no": 25, "unsure": 15}


def measure(_run: object) -> Part:
    """Measure each step by itself."""
    return Part(name="checks", figures=_rates())


def _rates() -> list[Figure]:
    """Measure each step by itself, over ready objects; the processor's time counts, so that neighbours do not."""
    law, policies = law_on(ON), [policy_of(council) for council in COUNCILS]
    asked = [(answers, policies[n % len(policies)]) for n, answers in enumerate(_families(policies[0]))]
    documents = [(json.loads(json.dumps(dump_answers(answers))), policy) for answers, policy in asked]
    made: list[tuple[Assessment, Policy]] = [(assess(answers, policy, law, ON), policy) for answers, policy in asked]
    return [
        _rate(
            "assess, with its trace", lambda: [assess(answers, policy, law, ON) for answers, policy in asked], TARGET
        ),
        _rate("write the trace out", lambda: [explain(assessment, policy, law) for assessment, policy in made]),
        _rate("load answers", lambda: [load_answers(document, policy, ON) for document, policy in documents]),
        _rate("dump results", lambda: [dump_assessment(assessment) for assessment, _policy in made]),
    ]


def _rate(name: str, run: Callable[[], Sequence[object]], wanted: int | None = None) -> Figure:
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        count = len(run())
        rounds.append(count / (time.process_time() - began))
    return Figure(name=f"{name}, a second", rounds=rounds, wanted=wanted)


def _families(policy: Policy) -> Iterator[Answers]:
    """The same families every time."""
    chance = random.Random(1)  # noqa: S311  nothing secret is drawn
    for _ in range(FAMILIES):
        yield load_answers(_answers(chance), policy, ON)


def _answers(chance: random.Random) -> dict[str, Any]:
    def drawn(spread: dict[Any, int]) -> Any:
        return chance.choices(list(spread), weights=list(spread.values()))[0]

    def day(years: int) -> str:
        return (ON - timedelta(days=chance.randrange(365 * years))).isoformat()

    return {
        "asker": drawn(_ASKERS),
        "lives_in_area": drawn({"yes": 95, "no": 3, "unsure": 2}),
        "send": drawn({"yes": 80, "maybe": 17, "disability_only": 2, "no": 1}),
        "stage": drawn(_STAGES),
        "stage_since": chance.choice([None, day(1)]),
        "date_of_birth": chance.choice([None, day(24)]),
        "appeal": drawn({"none": 85, "considering": 8, "lodged": 6, "decided": 1}),
        "educated": drawn({"school": 80, "early_years": 8, "college": 8, "home": 4}),
        "decision_letter_date": chance.choice([None, None, day(1)]),
        "tried": drawn({("talked",): 60, (): 30, ("talked", "complaint_open"): 10}),
        "matters": [
            {"about": drawn(_ABOUT), "against": drawn(_AGAINST), "in_plan": drawn(_YES_NO_UNSURE)}
            for _ in range(drawn(_MATTERS))
        ],
    }
