"""Whose answer another policy would change, by what is kept of past checks and cases. Pure.

What is kept are the derived facts alone: dates, and details that only one question asks, are gone. Each past check is
therefore answered twice from the same facts, by the policy it was made under and by the other one, and only those two
answers are compared; neither need be the one the family read.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from parley.eligibility.answers import Answers, Appeal, Matter, Send, YesNoUnsure
from parley.eligibility.domain import assess
from parley.eligibility.result import Answer, Code, MatterResult
from parley.law.domain import Body, LawVersion, Stage, Subject
from parley.policy.domain import Asker, Policy

#: Counts under this could point at somebody, and are not shown.
SMALLEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Past:
    """Checks or cases of which the same is kept, how many they are, and the policy they were answered under."""

    facts: Mapping[str, Any]
    policy: Policy
    count: int


@dataclass(frozen=True, slots=True)
class Reason:
    """One way in which an answer would change: what it was, what it would be, and the codes that come and go."""

    was: Answer
    now: Answer
    comes: tuple[Code, ...]
    goes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """Everybody whose answer would change for one reason, with the facts of one of them in words."""

    reason: Reason
    count: int
    example: str

    @property
    def shown_count(self) -> str:
        """The count as it may be shown."""
        return str(self.count) if self.count >= SMALLEST_SHOWN else f"fewer than {SMALLEST_SHOWN}"

    @property
    def shown_example(self) -> str:
        """An example, where there are enough people behind it that it points at nobody."""
        return self.example if self.count >= SMALLEST_SHOWN else ""


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a simulation came to. Disagreements are counted, of which a check or case has one or several."""

    total: int
    shifts: tuple[Shift, ...]


def simulate(past: Iterable[Past], other: Policy, law: LawVersion, on: date) -> Simulation:
    """Answer all of ``past`` by its own policy and by ``other``, as on one day; the most frequent reasons first."""
    total, counts, examples = 0, Counter[Reason](), dict[Reason, str]()
    for one in past:
        answers = answers_from(one.facts)
        before, after = assess(answers, one.policy, law, on), assess(answers, other, law, on)
        total += one.count * len(answers.matters)
        for matter, was, now in zip(answers.matters, before.matters, after.matters, strict=True):
            if was.answer is not now.answer:
                reason = _reason(was, now)
                counts[reason] += one.count
                examples.setdefault(reason, _in_words(answers, matter))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0].was, item[0].now))
    return Simulation(total, tuple(Shift(reason, count, examples[reason]) for reason, count in ordered))


def answers_from(facts: Mapping[str, Any]) -> Answers:
    """The answers that derived facts stand for; what is not kept is as though it had not been said."""
    return Answers(
        asker=Asker(facts.get("asker") or Asker.PARENT_CARER),
        lives_in_area=YesNoUnsure.YES,
        send=Send(facts.get("send") or Send.YES),
        stage=Stage(facts.get("stage") or Stage.UNSURE),
        appeal=Appeal(facts.get("appeal") or Appeal.NONE),
        tried=frozenset(facts.get("tried") or ()),
        matters=tuple(
            Matter(against=frozenset(map(Body, matter.get("against") or ())), about=Subject(matter["about"]))
            for matter in facts.get("matters") or ()
        ),
        decision_letter_date=_day(facts.get("decision_letter_date")),
        certificate_date=_day(facts.get("certificate_date")),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _reason(was: MatterResult, now: MatterResult) -> Reason:
    before, after = set(was.codes), set(now.codes)
    return Reason(was.answer, now.answer, tuple(sorted(after - before)), tuple(sorted(before - after)))


def _in_words(answers: Answers, matter: Matter) -> str:
    sides = ", ".join(sorted(matter.against)) or "nobody named"
    return f"{answers.asker}, {answers.stage}: {matter.about} with {sides}"
