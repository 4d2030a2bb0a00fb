"""Who may ask, what comes first, how asking goes on, whose yes it needs, and by when. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from parley.kernel.periods import Period
from parley.kernel.sentences import listed
from parley.law.domain import Service, Subject
from parley.policy.evidence import Evidence, Evidenced, absent
from parley.policy.terms import (
    Action,
    Actor,
    Asker,
    Channel,
    Covers,
    Event,
    Relation,
    TriedFirstKind,
    Whichever,
)


@dataclass(frozen=True, slots=True)
class Who:
    """Who may ask and who takes part, with the council's own words."""

    may_ask: Evidenced[frozenset[Asker]] = field(default_factory=absent)
    in_words: Evidenced[str] = field(default_factory=absent)
    covers: Evidenced[Covers] = field(default_factory=absent)
    plan_needed: Evidenced[bool] = field(default_factory=absent)
    ages: Evidenced[str] = field(default_factory=absent)
    lives: Evidenced[str] = field(default_factory=absent)
    takes_part: Evidenced[tuple[Actor, ...]] = field(default_factory=absent)
    takes_part_in_words: Evidenced[str] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class TriedStep:
    """Something a family may have tried: its id in the answers, its label, and how to begin."""

    id: str
    evidence: Evidence
    label: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class TriedFirst:
    """What the council asks a family to try first. Advice never blocks; a condition is met by any of `met_by`."""

    kind: Evidenced[TriedFirstKind] = field(default_factory=absent)
    in_words: Evidenced[str] = field(default_factory=absent)
    met_by: Evidenced[frozenset[str]] = field(default_factory=absent)
    steps: tuple[TriedStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder by which a council orders the ways to settle a disagreement.

    `number` is the council's own, empty where it only gives the order. `service` says which of the services it is, if
    it is one; `contact` whom to turn to (a key of contacts).
    """

    evidence: Evidence
    text: str
    actor: Actor
    number: str = ""
    service: Service | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One step from asking to meeting. `instead_of` names the step that it may be done in place of."""

    id: str
    evidence: Evidence
    actor: Actor
    action: Action
    text: str
    target: Evidenced[Actor] = field(default_factory=absent)
    contact: str = ""
    instead_of: str = ""
    channels: Evidenced[tuple[Channel, ...]] = field(default_factory=absent)
    by: Evidenced[Period] = field(default_factory=absent)
    if_refused: Evidenced[str] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class Route:
    """The ordered steps; unstated where the council's page was not seen to give them."""

    steps: Evidenced[tuple[RouteStep, ...]] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class Consent:
    """Who has to agree, who asks them, and whose yes or no decides."""

    voluntary_for: Evidenced[frozenset[Actor]] = field(default_factory=absent)
    asked_by: Evidenced[Actor] = field(default_factory=absent)
    decided_by: Evidenced[Actor] = field(default_factory=absent)
    setting_only: Evidenced[str] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class Times:
    """Response times the council or its contract states. What is unstated falls back to an aim of ours."""

    acknowledge: Evidenced[Period] = field(default_factory=absent)
    tell_council: Evidenced[Period] = field(default_factory=absent)
    invite: Evidenced[Period] = field(default_factory=absent)
    council_answers: Evidenced[Period] = field(default_factory=absent)
    party_answers: Evidenced[Period] = field(default_factory=absent)
    meeting: Evidenced[Period] = field(default_factory=absent)
    outcome: Evidenced[Period] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class Count:
    """One way to count to a date: a period from an event."""

    period: Period
    since: Event


_LETTERS = frozenset({Event.DECISION_LETTER, Event.CERTIFICATE})
_EVENTS: Mapping[Event, str] = {
    Event.DECISION_LETTER: "the date of the decision letter",
    Event.CERTIFICATE: "the date of the mediation certificate",
    Event.REQUEST: "your request",
    Event.COUNCIL_TOLD: "the day the council is told",
    Event.MEETING: "the meeting",
}


@dataclass(frozen=True, slots=True)
class PublishedDeadline:
    """A date a council tells families to keep, counted from one event or several; the law's own dates are not here."""

    id: str
    evidence: Evidence
    label: str
    service: Service
    counts: tuple[Count, ...]
    whichever: Whichever = Whichever.LATER

    @property
    def counted(self) -> str:
        """How it is counted: `2 months from the date of the decision letter or ..., whichever is later`."""
        counts = [f"{count.period} from {_EVENTS[count.since]}" for count in self.counts]
        return counts[0] if len(counts) == 1 else f"{listed(counts, 'or')}, whichever is {self.whichever.value}"

    @property
    def since_a_letter(self) -> bool:
        """Whether it is counted from what a family is sent, so that it runs whatever happens here."""
        return any(count.since in _LETTERS for count in self.counts)

    def due(self, happened: Mapping[Event, date], holidays: frozenset[date]) -> date | None:
        """The date, from the events that have happened; None if none of those it is counted from has."""
        dates = [
            count.period.after(happened[count.since], holidays) for count in self.counts if count.since in happened
        ]
        pick = max if self.whichever is Whichever.LATER else min
        return pick(dates) if dates else None


@dataclass(frozen=True, slots=True)
class Complaints:
    """How the service stands to a complaint."""

    relation: Evidenced[frozenset[Relation]] = field(default_factory=absent)
    in_words: Evidenced[str] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the council says of the meeting."""

    confidential: Evidenced[bool] = field(default_factory=absent)
    without_prejudice: Evidenced[bool] = field(default_factory=absent)
    supporters: Evidenced[tuple[str, ...]] = field(default_factory=absent)
    may_bring: Evidenced[str] = field(default_factory=absent)
    arranged_by: Evidenced[str] = field(default_factory=absent)
    venue: Evidenced[str] = field(default_factory=absent)
    expenses: Evidenced[str] = field(default_factory=absent)
    languages: Evidenced[str] = field(default_factory=absent)
    adjustments: Evidenced[str] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class Mediation:
    """What the council says where disagreement resolution meets mediation and appeals."""

    advice_not_needed_for: Evidenced[frozenset[Subject]] = field(default_factory=absent)
    only_this_left_after_missed_date: Evidenced[bool] = field(default_factory=absent)
    appeal_in_words: Evidenced[str] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long records are kept, where the council states it."""

    unsent_check: Evidenced[Period] = field(default_factory=absent)
    closed_case: Evidenced[Period] = field(default_factory=absent)
