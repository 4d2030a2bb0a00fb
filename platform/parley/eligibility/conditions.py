"""The small conditions that rules are put together from. Each returns a test over the facts of one matter. Pure."""

from collections.abc import Callable

from parley.eligibility.answers import Appeal, Duty, Educated, WhoShouldProvide, YesNoUnsure
from parley.eligibility.facts import KNOWN_BODIES, Facts, Window
from parley.law.domain import SETTINGS, Body, Decision, Stage
from parley.policy.domain import Asker

Condition = Callable[[Facts], bool]

COUNCIL_OR_ICB = frozenset({Body.LOCAL_AUTHORITY, Body.ICB})


def against(*bodies: Body) -> Condition:
    """At least one of `bodies` is on the other side."""
    wanted = frozenset(bodies)
    return lambda facts: not wanted.isdisjoint(facts.against)


def against_all(*bodies: Body) -> Condition:
    """All of `bodies` are on the other side."""
    wanted = frozenset(bodies)
    return lambda facts: wanted <= facts.against


def against_only(*bodies: Body) -> Condition:
    """Nobody but `bodies` is on the other side, and somebody is."""
    wanted = frozenset(bodies)
    return lambda facts: bool(facts.against) and facts.against <= wanted


def against_nobody_known(facts: Facts) -> bool:
    """No nursery, school, college, council or integrated care board is named."""
    return KNOWN_BODIES.isdisjoint(facts.against)


def against_a_setting(facts: Facts) -> bool:
    """A nursery, school or college is named."""
    return not SETTINGS.isdisjoint(facts.against)


def at(*stages: Stage) -> Condition:
    """The family is at one of `stages`."""
    wanted = frozenset(stages)
    return lambda facts: facts.stage in wanted


def appeal(state: Appeal) -> Condition:
    """The appeal stands there."""
    return lambda facts: facts.appeal is state


def window(state: Window) -> Condition:
    """The health and social care area stands so."""
    return lambda facts: facts.window is state


def decided(*decisions: Decision) -> Condition:
    """The decision, named or following from the stage, is one of these."""
    wanted = frozenset(decisions)
    return lambda facts: facts.decision in wanted


def decided_nothing(facts: Facts) -> bool:
    """No appealable decision is named, and none follows from the stage."""
    return facts.decision is None


def no_decision(facts: Facts) -> bool:
    """As `decided_nothing`, and there is no letter either."""
    return facts.decision is None and not facts.has_letter


def named_decision(decision: Decision) -> Condition:
    """The family named this decision; what follows from the stage does not count."""
    return lambda facts: facts.named_decision is decision


def provided_by(*who: WhoShouldProvide) -> Condition:
    """In the family's view one of `who` should provide."""
    wanted = frozenset(who)
    return lambda facts: facts.who_should_provide in wanted


def in_plan(facts: Facts) -> bool:
    """The provision is written in the plan."""
    return facts.in_plan is YesNoUnsure.YES


def not_in_plan(facts: Facts) -> bool:
    """The provision is not, or not surely, written in the plan."""
    return facts.in_plan is not YesNoUnsure.YES


def duty(kind: Duty) -> Condition:
    """It is about this kind of duty."""
    return lambda facts: facts.duty is kind


def educated_at_home(facts: Facts) -> bool:
    """The child is educated at home."""
    return facts.educated is Educated.HOME


def has_letter(facts: Facts) -> bool:
    """The date of a decision letter is known."""
    return facts.has_letter


def overdue(facts: Facts) -> bool:
    """The council's time to decide has gone by."""
    return facts.overdue


def can_still_appeal(facts: Facts) -> bool:
    """There is a letter and the time to appeal is not over."""
    return facts.appeal_window_open


def asked_by_professional(facts: Facts) -> bool:
    """A professional asks."""
    return facts.asker is Asker.PROFESSIONAL


def assessment_or_appeal_under_way(facts: Facts) -> bool:
    """The plan is being assessed, drafted, reviewed or reassessed, or an appeal is waiting."""
    return facts.stage in _UNDER_WAY or facts.appeal is Appeal.LODGED


_UNDER_WAY = frozenset({Stage.IN_ASSESSMENT, Stage.DRAFT_PLAN, Stage.IN_REVIEW, Stage.REASSESSMENT})
