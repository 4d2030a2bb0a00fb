"""What Parley itself aims at where a council states nothing. Never shown as law or as the council's promise."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from parley.policy.domain import Period, Policy, Unit


class Basis(StrEnum):
    """Where a due date comes from."""

    LAW = "law"
    POLICY = "policy"
    OUR_AIM = "our_aim"


OUR_AIMS = {
    "acknowledge": Period(2, Unit.WORKING_DAYS),
    "tell_council": Period(3, Unit.WORKING_DAYS),
    "invite": Period(3, Unit.WORKING_DAYS),
    "council_answers": Period(10, Unit.WORKING_DAYS),
    "party_answers": Period(10, Unit.WORKING_DAYS),
    "meeting": Period(6, Unit.WEEKS),
    "outcome": Period(5, Unit.WORKING_DAYS),
}

#: What no page of a council speaks of, so that it is always our aim.
OUR_OWN_AIMS = {
    "place": Period(5, Unit.WORKING_DAYS),
    "choose_provider": Period(10, Unit.WORKING_DAYS),
}

OUR_RETENTION = {
    "unsent_check": Period(30, Unit.DAYS),
    "closed_case": Period(72, Unit.MONTHS),
}

OUR_AIM_IN_WORDS = "This is our aim. It is not law and not a promise by the council."


@dataclass(frozen=True, slots=True)
class DueRule:
    """A response time with what it rests on and the words that say so."""

    period: Period
    basis: Basis
    source: str

    def due(self, start: date, holidays: frozenset[date]) -> date:
        """The day this falls due when counting starts on `start`."""
        return self.period.after(start, holidays)


def response_time(policy: Policy, name: str) -> DueRule:
    """The response time `name` (a field of `Times`): the council's if it states one, else our aim.

    Raises KeyError for a name that is not a response time.
    """
    ours = OUR_AIMS[name]
    stated = getattr(policy.times, name)
    if stated.shown is None:
        return DueRule(ours, Basis.OUR_AIM, OUR_AIM_IN_WORDS)
    source = stated.evidence.source
    return DueRule(stated.shown, Basis.POLICY, source.citation if source else policy.words["council"])


def own_aim(name: str) -> DueRule:
    """A response time of which no council says anything (a key of OUR_OWN_AIMS)."""
    return DueRule(OUR_OWN_AIMS[name], Basis.OUR_AIM, OUR_AIM_IN_WORDS)


def retention_period(policy: Policy, name: str) -> DueRule:
    """How long records of the class `name` (a field of `Retention`) are kept; ours where the council is silent."""
    ours = OUR_RETENTION[name]
    stated = getattr(policy.retention, name)
    if stated.shown is None:
        return DueRule(ours, Basis.OUR_AIM, "This is our own rule.")
    source = stated.evidence.source
    return DueRule(stated.shown, Basis.POLICY, source.citation if source else policy.words["council"])
