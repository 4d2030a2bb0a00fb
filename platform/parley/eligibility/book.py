"""Everything about one policy under one law version that no answer changes, worked out once and kept. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from parley.eligibility.gates import Gate
from parley.eligibility.places import EMERGENCY, Place, contact_anyway_of, places_of
from parley.eligibility.result import Always, GateResult, Reason, RouteStepResult
from parley.eligibility.rules import Rule
from parley.eligibility.tables import Table, table_of
from parley.eligibility.wording import fill, words_of
from parley.law.domain import Body, Citation, LawVersion, Service
from parley.policy.defaults import Basis, response_time
from parley.policy.domain import Policy, RouteStep, TriedFirstKind
from parley.policy.evidence import Evidence

# Which response time governs a step of the route that states none of its own.
_TIME_OF_ACTION = {"tell_council": "tell_council", "answer": "council_answers", "meet": "meeting"}


@dataclass(frozen=True, slots=True)
class Words:
    """A reason and what would change it, filled with the council's words; ``adding`` unless the council is named."""

    because: Reason
    would_change: tuple[str, ...] = ()
    adding: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """A policy and a law version, ready to be read many times. `gates` is in the order of the table's.

    `rules` are the words of each row by the name of its text, `areas` those of each listed area that families may be
    shown, by the council's number.
    """

    policy: Policy
    table: Table
    rules: Mapping[str, Words]
    gates: tuple[GateResult, ...]
    areas: Mapping[str, Reason]
    open_area: Reason | None
    conflicts: tuple[tuple[frozenset[Body], Reason], ...]
    tried_first: Words | None
    unlisted: Words
    wrong_side: Words
    shut_out: Words
    area_closed: Words
    appeal_pending: Reason
    no_certificate: Reason
    window_closed: Reason
    only_this_left: Reason | None
    route: tuple[RouteStepResult, ...]
    places: tuple[Place, ...]
    always: Always


@lru_cache(maxsize=1024)
def book_of(policy: Policy, law: LawVersion) -> Book:
    """The book of a policy under a law version. Both are immutable and known by identity."""
    return _Writer(policy, law).book()


@dataclass(frozen=True)
class _Writer:
    policy: Policy
    law: LawVersion

    def book(self) -> Book:
        certificate, extends = self.law.never["no-certificate"], self.law.never["extends-nothing"]
        late = self.law.texts["late"]
        return Book(
            policy=self.policy,
            table=self.table,
            rules=self._rules(),
            gates=tuple(self._gate(gate) for gate in self.table.gates),
            areas=self._areas(),
            open_area=self._open_area(),
            conflicts=self._conflicts(),
            tried_first=self._tried_first(),
            unlisted=self._unlisted(),
            wrong_side=self._wrong_side(),
            shut_out=self._shut_out(),
            area_closed=self._area_closed(),
            appeal_pending=self._from_law(
                "R21",
                "You have appealed. The appeal goes on, and its timetable does not wait.",
                self.law.rows["R21"].citation,
            ),
            no_certificate=self._from_law("L1", f"{certificate.text} {extends.text}", certificate.citation),
            window_closed=self._from_law("L2", late.text, late.citation),
            only_this_left=self._only_this_left(),
            route=tuple(self._step(step) for step in self.policy.route.steps.shown or ()),
            places=places_of(self.policy),
            always=Always(contact_anyway_of(self.policy), EMERGENCY),
        )

    @cached_property
    def table(self) -> Table:
        return table_of(self.law)

    def _rules(self) -> dict[str, Words]:
        texts = self.table.texts
        return {
            rule.text: Words(
                self._from_law(rule.id, texts[rule.text].text, self._citation(rule)),
                self._filled(texts[rule.text].would_change),
                self._filled((texts[rule.text].adding,) if texts[rule.text].adding else ()),
            )
            for rules in self.table.rows.values()
            for rule in rules
        }

    def _citation(self, rule: Rule) -> Citation:
        return self.law.cite(rule.cites) if rule.cites else self.law.rows[rule.id].citation

    def _gate(self, gate: Gate) -> GateResult:
        of_policy = {"P1": self.policy.who.may_ask.evidence, "P2": self._provider_evidence}
        if gate.rule in of_policy:
            because = self._from_policy(gate.rule, gate.text, of_policy[gate.rule])
        else:
            because = self._from_law(gate.rule, gate.text, self.law.gates[gate.rule].citation)
        return GateResult(gate.code, (because,), self._filled(gate.would_change))

    @property
    def _provider_evidence(self) -> Evidence:
        entry = self.policy.services.get(Service.DISAGREEMENT_RESOLUTION)
        return entry.providers.evidence if entry else self.policy.areas.kind.evidence

    def _areas(self) -> dict[str, Reason]:
        return {
            entry.number: self._from_policy(
                f"area-{entry.number}", f"{{council}} lists this as area {entry.number}: {entry.label}.", entry.evidence
            )
            for entry in self.policy.areas.listed
            if entry.evidence.shown
        }

    def _open_area(self) -> Reason | None:
        label = self.policy.areas.label
        return (
            self._from_policy("area-open", f"{{council}} says: {label.shown}.", label.evidence) if label.shown else None
        )

    def _conflicts(self) -> tuple[tuple[frozenset[Body], Reason], ...]:
        return tuple(
            (conflict.against, self._from_policy("P3", conflict.text, conflict.evidence))
            for conflict in self.policy.areas.conflicts
        )

    def _tried_first(self) -> Words | None:
        tried = self.policy.tried_first
        kind = tried.kind.shown
        if kind is None or kind is TriedFirstKind.NONE:
            return None
        said = tried.in_words.shown or "Talk to the service first."
        advice = tuple(step.advice for step in tried.steps if step.advice and step.evidence.shown)
        if kind is TriedFirstKind.ADVICE:
            text = " ".join(
                ("Have you talked to them yet?", said, *advice, "This is advice and does not stop you asking.")
            )
            return Words(self._from_policy("P4", text, tried.kind.evidence))
        return Words(self._from_policy("P4", said, tried.kind.evidence), self._filled(advice))

    def _unlisted(self) -> Words:
        text = "The council's words do not say whether the service covers this. {provider} can tell you."
        return Words(self._from_policy("P5", text, self.policy.areas.kind.evidence))

    def _wrong_side(self) -> Words:
        text = (
            "The council's words do not say that the service covers a disagreement with the body you named. "
            "{provider} can tell you."
        )
        return Words(
            self._from_policy("P6", text, self.policy.areas.kind.evidence),
            adding=("If the council is involved, add it.",),
        )

    def _shut_out(self) -> Words:
        text = (
            "{council} says that the service is not for disagreements with the body you named. The law names more "
            "bodies than a council may. {provider} can tell you."
        )
        return Words(
            self._from_policy("P9", text, self.policy.areas.kind.evidence), ("If somebody else is involved, add them.",)
        )

    def _area_closed(self) -> Words:
        text = "The council does not offer the service for this at the stage you are at."
        return Words(
            self._from_policy("P7", text, self.policy.areas.kind.evidence), ("When the stage changes, check again.",)
        )

    def _only_this_left(self) -> Reason | None:
        stated = self.policy.mediation.only_this_left_after_missed_date
        if not stated.shown:
            return None
        text = "{council} says that once the time for mediation and appeal has passed, this service is what is left."
        return self._from_policy("P8", text, stated.evidence)

    def _step(self, step: RouteStep) -> RouteStepResult:
        return RouteStepResult(
            step=step.id,
            actor=step.actor.value,
            action=step.action.value,
            channel=tuple(channel.value for channel in step.channels.shown or ()),
            target=step.target.shown.value if step.target.shown else None,
            by=self._by(step),
        )

    def _by(self, step: RouteStep) -> str | None:
        if step.by.shown is not None:
            return f"within {step.by.shown}"
        name = _TIME_OF_ACTION.get(step.action.value)
        if name is None:
            return None
        rule = response_time(self.policy, name)
        return f"within {rule.period}{'. ' + rule.source if rule.basis is Basis.OUR_AIM else ''}"

    def _from_law(self, rule: str, text: str, citation: Citation) -> Reason:
        return Reason(rule, self._fill(text), citation.url or citation.title, str(citation))

    def _from_policy(self, rule: str, text: str, evidence: Evidence) -> Reason:
        source = evidence.source
        if source is None:
            ours = self.law.cite("ours")
            return Reason(rule, self._fill(text), ours.title, str(ours))
        return Reason(rule, self._fill(text), source.url, source.citation)

    def _filled(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._fill(text) for text in texts)

    def _fill(self, text: str) -> str:
        return fill(text, words_of(self.policy, self.law))
