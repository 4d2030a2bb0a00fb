"""What a council's policy holds. Pure, frozen, and the same for every council.

A record carries the evidence of its plain fields; a field that a council may well leave unsaid is `Evidenced`
by itself. Nothing in a policy can promise a certificate, because there is no field to say it in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from parley.kernel.periods import Period, Unit
from parley.law.domain import Area, Body, Service, Stage, Subject
from parley.policy.evidence import Evidence, Evidenced, Source, absent
from parley.policy.terms import (
    Action,
    Actor,
    AreaKind,
    Asker,
    Channel,
    ContactKind,
    Covers,
    Relation,
    TriedFirstKind,
)

__all__ = [
    "Action",
    "Actor",
    "AreaEntry",
    "AreaKind",
    "Areas",
    "Asker",
    "BetweenConflict",
    "Channel",
    "Complaints",
    "Consent",
    "Contact",
    "ContactKind",
    "ContactWay",
    "Covers",
    "Meeting",
    "Mediation",
    "Period",
    "Policy",
    "Relation",
    "Retention",
    "Route",
    "RouteStep",
    "ServiceEntry",
    "Signpost",
    "Times",
    "TriedFirst",
    "TriedFirstKind",
    "TriedStep",
    "Unit",
    "Vocabulary",
    "Who",
]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What this council calls things. Where it says nothing, the law's own words are used."""

    council: Evidenced[str] = field(default_factory=absent)
    service: Evidenced[str] = field(default_factory=absent)
    plan: Evidenced[str] = field(default_factory=absent)
    plan_in_full: Evidenced[str] = field(default_factory=absent)
    needs_assessment: Evidenced[str] = field(default_factory=absent)
    needs: Evidenced[str] = field(default_factory=absent)
    icb: Evidenced[str] = field(default_factory=absent)
    icb_name: Evidenced[str] = field(default_factory=absent)
    advice_service: Evidenced[str] = field(default_factory=absent)


DEFAULT_WORDS: Mapping[str, str] = {
    "council": "the council",
    "service": "disagreement resolution",
    "plan": "EHC plan",
    "plan_in_full": "education, health and care plan",
    "needs_assessment": "EHC needs assessment",
    "needs": "special educational needs",
    "icb": "integrated care board",
    "icb_name": "the integrated care board (the NHS body for your area)",
    "advice_service": "your local SEND advice service (SENDIASS)",
}


@dataclass(frozen=True, slots=True)
class ContactWay:
    """One way to reach a body: a phone number, an e-mail address or a page. Exactly one of the three is given."""

    evidence: Evidence
    phone: str = ""
    email: str = ""
    url: str = ""
    label: str = ""
    use: str = ""
    hours: Evidenced[str] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class Contact:
    """A body families are sent to, and the ways to reach it."""

    key: str
    evidence: Evidence
    name: str
    kind: ContactKind
    ways: tuple[ContactWay, ...] = ()

    @property
    def shown_ways(self) -> tuple[ContactWay, ...]:
        """The ways a family may be shown, in the order of the file."""
        return tuple(way for way in self.ways if way.evidence.shown)

    def first(self, medium: str) -> ContactWay | None:
        """The first shown way with a `phone`, an `email` or a `url` that may be used without a condition."""
        return next((way for way in self.shown_ways if getattr(way, medium) and not way.use), None)


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """One service: who provides it (keys of contacts), how it is commissioned, the council's page about it."""

    providers: Evidenced[tuple[str, ...]] = field(default_factory=absent)
    commissioned: Evidenced[str] = field(default_factory=absent)
    page: Evidenced[str] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class Who:
    """Who may ask and who takes part, with the council's own words."""

    may_ask: Evidenced[frozenset[Asker]] = field(default_factory=absent)
    in_words: Evidenced[str] = field(default_factory=absent)
    covers: Evidenced[Covers] = field(default_factory=absent)
    plan_needed: Evidenced[bool] = field(default_factory=absent)
    ages: Evidenced[str] = field(default_factory=absent)
    takes_part: Evidenced[tuple[Actor, ...]] = field(default_factory=absent)


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
class AreaEntry:
    """One area of disagreement in the council's list, in its numbering beside the Code's type.

    `stages` are those at which the area is open, all of them for "at any stage". A gate that the council does
    not state is unstated; there is no empty one.
    """

    code: Area
    evidence: Evidence
    number: str
    label: str
    against: frozenset[Body]
    stages: Evidenced[frozenset[Stage]] = field(default_factory=absent)
    while_appeal_pending: Evidenced[bool] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class BetweenConflict:
    """Bodies about which a council's own words disagree with each other."""

    against: frozenset[Body]
    evidence: Evidence
    text: str


@dataclass(frozen=True, slots=True)
class Areas:
    """Which disagreements the service is for: a list, anything, or no list."""

    kind: Evidenced[AreaKind] = field(default_factory=absent)
    label: Evidenced[str] = field(default_factory=absent)
    between: Evidenced[frozenset[Body]] = field(default_factory=absent)
    listed: tuple[AreaEntry, ...] = ()
    conflicts: tuple[BetweenConflict, ...] = ()


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One step from asking to meeting."""

    id: str
    evidence: Evidence
    actor: Actor
    action: Action
    target: Actor | None
    text: str
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
    council_answers: Evidenced[Period] = field(default_factory=absent)
    party_answers: Evidenced[Period] = field(default_factory=absent)
    meeting: Evidenced[Period] = field(default_factory=absent)
    outcome: Evidenced[Period] = field(default_factory=absent)


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
    venue: Evidenced[str] = field(default_factory=absent)
    expenses: Evidenced[str] = field(default_factory=absent)
    languages: Evidenced[str] = field(default_factory=absent)
    adjustments: Evidenced[str] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class Mediation:
    """What the council says where disagreement resolution meets mediation and appeals."""

    advice_not_needed_for: Evidenced[frozenset[Subject]] = field(default_factory=absent)
    only_this_left_after_missed_date: Evidenced[bool] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class Signpost:
    """Where else to go: a contact, for disagreements with any of `against` about any of `about`.

    An empty set means no restriction; the schema reads an absent key so, and refuses an empty list.
    """

    contact: str
    evidence: Evidence
    label: str
    why: str
    against: frozenset[Body] = frozenset()
    about: frozenset[Subject] = frozenset()


@dataclass(frozen=True, slots=True)
class Retention:
    """How long records are kept, where the council states it."""

    unsent_check: Evidenced[Period] = field(default_factory=absent)
    closed_case: Evidenced[Period] = field(default_factory=absent)


@dataclass(frozen=True, eq=False)
class Policy:
    """One council's policy as it stood in one document. `version` names that document by its content.

    Compared and hashed by identity, so that what is worked out from a policy can be kept beside it.
    """

    authority: str
    version: str
    sources: Mapping[str, Source]
    vocabulary: Vocabulary
    services: Mapping[Service, ServiceEntry]
    contacts: Mapping[str, Contact]
    who: Who
    tried_first: TriedFirst
    areas: Areas
    route: Route
    consent: Consent
    times: Times
    complaints: Complaints
    meeting: Meeting
    mediation: Mediation
    retention: Retention
    signposts: tuple[Signpost, ...] = ()

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The words to fill a text with: the council's where it states them, the law's otherwise."""
        own = {name: getattr(self.vocabulary, name).shown for name in DEFAULT_WORDS}
        provider = self.provider
        words = {name: own[name] or default for name, default in DEFAULT_WORDS.items()}
        words["provider"] = provider.name if provider else words["council"]
        return words

    @cached_property
    def provider(self) -> Contact | None:
        """The first evidenced provider of disagreement resolution, or None: then nothing can be sent."""
        return next(iter(self.providers_of(Service.DISAGREEMENT_RESOLUTION)), None)

    @cached_property
    def council_contact(self) -> Contact | None:
        """The council's own contact, if the policy knows one."""
        return next((contact for contact in self.contacts.values() if contact.kind is ContactKind.COUNCIL), None)

    def providers_of(self, service: Service) -> tuple[Contact, ...]:
        """The evidenced providers of a service, in the council's order; empty where none is published."""
        entry = self.services.get(service)
        keys = entry.providers.shown if entry else None
        return tuple(self.contacts[key] for key in keys or ())

    @property
    def can_send(self) -> bool:
        """Whether a request can be sent: only where the provider is evidenced."""
        return self.provider is not None

    @cached_property
    def areas_by_code(self) -> Mapping[Area, AreaEntry]:
        """The listed areas by the Code's type."""
        return {entry.code: entry for entry in self.areas.listed}

    @cached_property
    def tried_ids(self) -> frozenset[str]:
        """What an answer may name as tried: the three that every council has, and this council's own steps."""
        return STANDARD_TRIED | {step.id for step in self.tried_first.steps}


STANDARD_TRIED = frozenset({"talked", "complaint_open", "complaint_finished"})
