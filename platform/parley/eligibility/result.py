"""What a check answers: the right side of the eligibility contract, and the trace behind it. Pure and frozen."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from parley.law.deadlines import DeadlineName, DeadlineState
from parley.law.domain import Area, Subject


class Answer(StrEnum):
    """What a family is told about one matter."""

    YES = "yes"
    NOT_NOW = "not_now"
    ELSEWHERE = "elsewhere"
    ASK_PROVIDER = "ask_provider"

    @property
    def strictness(self) -> int:
        """How far it is from a yes: where a row and gates disagree, the strictest wins."""
        return (Answer.YES, Answer.ASK_PROVIDER, Answer.NOT_NOW, Answer.ELSEWHERE).index(self)


class Code(StrEnum):
    """Reasons for machines; the texts are for people."""

    ELIGIBLE = "eligible"
    GATE_NOT_MET = "gate_not_met"
    OUT_OF_SCOPE = "out_of_scope"
    TRY_FIRST_ADVICE = "try_first_advice"
    TRY_FIRST_REQUIRED = "try_first_required"
    MEDIATION_APPEAL = "mediation_appeal"
    MEDIATION_WINDOW_CLOSED = "mediation_window_closed"
    ONLY_DISAGREEMENT_RESOLUTION_LEFT = "only_disagreement_resolution_left"
    CERTIFICATE_NOT_NEEDED = "certificate_not_needed"
    NO_CERTIFICATE = "no_certificate"
    UNSTATED = "unstated"
    CONFLICT = "conflict"
    ASK_PROVIDER = "ask_provider"
    NOT_THIS_COUNCIL = "not_this_council"
    NOT_THIS_PERSON = "not_this_person"
    YOUNG_PERSON_MUST_AGREE = "young_person_must_agree"
    URGENT_SAFETY = "urgent_safety"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in words a person reads, with the rule and where it comes from."""

    rule: str
    text: str
    source: str
    citation: str


@dataclass(frozen=True, slots=True)
class GateResult:
    """A gate that applies to the person or the council."""

    code: Code
    because: tuple[Reason, ...]
    would_change: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatterResult:
    """The answer about one matter."""

    answer: Answer
    area: Area | None
    also_areas: tuple[Area, ...]
    area_label: str | None
    codes: tuple[Code, ...]
    because: tuple[Reason, ...]
    would_change: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RouteStepResult:
    """One step from asking to meeting; `by` is in words."""

    step: str
    actor: str
    action: str
    channel: tuple[str, ...]
    target: str | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date that runs regardless. `matter` is an index into the matters, None for all of them.

    `label` is what a date of the council's own is called; the law's are known by their name.
    """

    name: DeadlineName
    matter: int | None
    due: date | None
    state: DeadlineState
    basis: str
    source: str
    if_missed: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class SignpostResult:
    """Somewhere else to go; one of `url`, `phone`, `email`."""

    body: str
    label: str
    why: str
    url: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class ContactAnyway:
    """Whom a family can always reach, whatever the result. `online` says whether a question can be sent here."""

    body: str
    text: str
    online: bool
    phone: str | None
    email: str | None
    url: str | None
    hours: str | None


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """A number to ring, and when."""

    label: str
    phone: str
    when: str


@dataclass(frozen=True, slots=True)
class Emergency:
    """What to do if somebody is at risk now."""

    text: str
    numbers: tuple[EmergencyNumber, ...]


@dataclass(frozen=True, slots=True)
class Always:
    """What every result has."""

    contact_anyway: ContactAnyway
    emergency: Emergency


@dataclass(frozen=True, slots=True)
class MatterTrace:
    """How one matter was decided, in short: its subject, how many rows were looked at, the last of which applied,
    and the answer of that row and the council's policy before any gate.
    """

    about: Subject
    looked_at: int
    placed: Answer


@dataclass(frozen=True, slots=True)
class Trace:
    """What was tried, in short: for each gate whether it applied, and each matter. `explaining` writes it out."""

    gates: tuple[bool, ...]
    matters: tuple[MatterTrace, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """One eligibility result. `explaining` writes out its `trace`, which the contract's JSON has on request only."""

    authority: str
    policy_version: str
    law_version: str
    on: date
    gates: tuple[GateResult, ...]
    matters: tuple[MatterResult, ...]
    route: tuple[RouteStepResult, ...]
    deadlines: tuple[Deadline, ...]
    signposts: tuple[SignpostResult, ...]
    always: Always
    trace: Trace


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule that was looked at, in words, and whether it applied."""

    rule: str
    title: str
    applied: bool
    source: str
    citation: str


@dataclass(frozen=True, slots=True)
class MatterExplanation:
    """How one matter was decided: the rows in the order they were tried, what the council's policy added, and the one
    rule that decided, which may also be a gate.
    """

    rows: tuple[Tried, ...]
    council: tuple[Tried, ...]
    decided_by: Tried


@dataclass(frozen=True, slots=True)
class Explanation:
    """A trace written out: under which law and policy, every rule that was tried, and what decided."""

    law_version: str
    law_title: str
    law_effective_from: date
    policy_version: str
    gates: tuple[Tried, ...]
    matters: tuple[MatterExplanation, ...]
