"""The shape of a row: a kind of disagreement, when it is one, and what follows. Pure.

The rows themselves belong to a version of the law (`tables`). They are tried in order; the first that applies
decides.
"""

from dataclasses import dataclass

from parley.eligibility.conditions import Condition
from parley.eligibility.facts import Facts
from parley.eligibility.result import Answer, Code
from parley.law.domain import Area, Subject


@dataclass(frozen=True, slots=True)
class RuleText:
    """The reason, and the changes in circumstances that would lead to another answer.

    `adding` advises to add the council: it is not said to a family that has named it.
    """

    text: str
    would_change: tuple[str, ...] = ()
    adding: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: subjects, conditions that must all hold, and what follows.

    `id` is the row's in the law version, where its title and citation stand; `cites` is a key of the version's
    citations where this rule of the row rests on another. `text` names its `RuleText`.
    """

    id: str
    about: frozenset[Subject]
    when: tuple[Condition, ...]
    answer: Answer
    text: str
    area: Area | None = None
    also: tuple[Area, ...] = ()
    codes: frozenset[Code] = frozenset()
    cites: str = ""

    def applies(self, facts: Facts) -> bool:
        """Whether every condition holds. The subject has been seen to by the table."""
        for condition in self.when:
            if not condition(facts):
                return False
        return True
