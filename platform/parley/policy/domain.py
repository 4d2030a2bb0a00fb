"""What a council's policy holds. Pure, frozen, and the same for every council.

A record carries the evidence of its plain fields; a field that a council may well leave unsaid is `Evidenced`
by itself. Nothing in a policy can promise a certificate, because there is no field to say it in.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache

from parley.kernel.periods import Period, Unit
from parley.law.domain import Area, Service, Subject
from parley.policy.evidence import Evidence, Evidenced, Source, Status
from parley.policy.records.areas import AreaEntry, Areas, BetweenConflict, Opening
from parley.policy.records.asking import (
    Complaints,
    Consent,
    Count,
    Mediation,
    Meeting,
    PublishedDeadline,
    Retention,
    Route,
    RouteStep,
    Rung,
    Times,
    TriedFirst,
    TriedStep,
    Who,
)
from parley.policy.records.naming import DEFAULT_WORDS, Alias, Difference, OtherWords, Relative, Vocabulary
from parley.policy.records.services import (
    AccessOffer,
    Contact,
    ContactWay,
    Contract,
    Leaflet,
    ServiceEntry,
    Signpost,
)
from parley.policy.terms import (
    Action,
    Actor,
    Allocation,
    AreaKind,
    Asker,
    Channel,
    ContactKind,
    Covers,
    Relation,
    TriedFirstKind,
)

__all__ = [
    "AccessOffer",
    "Action",
    "Actor",
    "Alias",
    "Allocation",
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
    "Contract",
    "Count",
    "Covers",
    "Difference",
    "Leaflet",
    "Mediation",
    "Meeting",
    "Opening",
    "OtherWords",
    "Period",
    "Policy",
    "PublishedDeadline",
    "Relation",
    "Relative",
    "Retention",
    "Route",
    "RouteStep",
    "Rung",
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


@dataclass(frozen=True, eq=False, repr=False)
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
    ladder: tuple[Rung, ...] = ()
    deadlines: tuple[PublishedDeadline, ...] = ()
    leaflets: tuple[Leaflet, ...] = ()
    access: tuple[AccessOffer, ...] = ()
    relatives: tuple[Relative, ...] = ()
    differences: tuple[Difference, ...] = ()

    def __repr__(self) -> str:
        """Whose policy it is and which: all that it says would fill pages."""
        return f"<Policy of {self.authority}, {self.version}>"

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The words to fill a text with: the council's where it states them, the law's otherwise."""
        own = {name: getattr(self.vocabulary, name).shown for name in DEFAULT_WORDS}
        words = {name: own[name] or default for name, default in DEFAULT_WORDS.items()}
        providers = [provider.name for provider in self.providers_of(Service.DISAGREEMENT_RESOLUTION)]
        words["provider"] = " or ".join(providers) or words["council"]
        return words

    @cached_property
    def provider(self) -> Contact | None:
        """The first evidenced provider of disagreement resolution, or None: then nothing can be sent."""
        return next(iter(self.providers_of(Service.DISAGREEMENT_RESOLUTION)), None)

    @cached_property
    def provider_is_doubtful(self) -> bool:
        """Whether a provider of disagreement resolution was read and may be out of date, so that only staff see it."""
        entry = self.services.get(Service.DISAGREEMENT_RESOLUTION)
        return entry is not None and entry.providers.value is not None and not entry.providers.evidence.shown

    @cached_property
    def council_contact(self) -> Contact | None:
        """The council's own contact, if the policy knows one."""
        return next((contact for contact in self.contacts.values() if contact.kind is ContactKind.COUNCIL), None)

    def providers_of(self, service: Service) -> tuple[Contact, ...]:
        """The evidenced providers of a service, in the council's order; empty where none is published."""
        entry = self.services.get(service)
        keys = entry.providers.shown if entry else None
        return tuple(self.contacts[key] for key in keys or ())

    def as_on(self, day: date, *, ended_early: Iterable[tuple[Service, str]] = ()) -> "Policy":
        """The policy with the providers whose contracts are in force on a day; itself where no contract has lapsed.

        ``ended_early`` are services with providers (slugs) that give it no longer, whatever the policy says.
        """
        early = list(ended_early)
        lapsed: dict[Service, frozenset[str]] = {}
        for kind, entry in self.services.items():
            gone = entry.lapsed(day) | {slug for service, slug in early if service is kind}
            if gone:
                lapsed[kind] = gone
        return _without(self, frozenset(lapsed.items())) if lapsed else self

    @property
    def can_send(self) -> bool:
        """Whether a request can be sent: only where the provider is evidenced, and not where the council itself has to
        say first which of several takes it."""
        waits = self.has_several_providers and self.allocation is Allocation.COUNCIL_ALLOCATES
        return self.provider is not None and not waits

    @property
    def has_several_providers(self) -> bool:
        """Whether more than one evidenced provider runs disagreement resolution."""
        return len(self.providers_of(Service.DISAGREEMENT_RESOLUTION)) > 1

    @cached_property
    def allocation(self) -> Allocation:
        """By what rule a request goes to one of several providers. Where none is published the family chooses, as it
        could by ringing one of them."""
        entry = self.services.get(Service.DISAGREEMENT_RESOLUTION)
        return (entry.allocation.shown if entry else None) or Allocation.FAMILY_CHOICE

    def served_by(self, provider: Contact) -> "Policy":
        """The policy as one case goes by it, which one provider has; itself where nobody else could have it."""
        evidenced = self.providers_of(Service.DISAGREEMENT_RESOLUTION)
        if [one.key for one in evidenced] == [provider.key]:
            return self
        return _served_by(self, self.contacts.get(provider.key, provider))

    def areas_of(self, code: Area, about: Collection[Subject] = frozenset(Subject)) -> tuple[AreaEntry, ...]:
        """The listed areas of one of the Code's types that are for any of the subjects ``about``, in file order."""
        own = (entry for entry in self.areas.listed if entry.code is code)
        return tuple(entry for entry in own if not entry.about or not entry.about.isdisjoint(about))

    @cached_property
    def family_areas(self) -> tuple[AreaEntry, ...]:
        """The listed areas that a family may be shown and be a party to."""
        own = (entry for entry in self.areas.listed if entry.code is not Area.BETWEEN_COMMISSIONERS)
        return tuple(entry for entry in own if entry.evidence.shown)

    @cached_property
    def tried_ids(self) -> frozenset[str]:
        """What an answer may name as tried: the three that every council has, and this council's own steps."""
        return STANDARD_TRIED | {step.id for step in self.tried_first.steps}


STANDARD_TRIED = frozenset({"talked", "complaint_open", "complaint_finished"})


@lru_cache(maxsize=256)
def _without(policy: Policy, lapsed: frozenset[tuple[Service, frozenset[str]]]) -> Policy:
    """The policy without providers that provide no longer, or not yet. Kept, since policies are known by identity."""
    services = dict(policy.services)
    for kind, gone in lapsed:
        entry = services[kind]
        if entry.providers.value is not None:
            services[kind] = replace(entry, providers=_left(entry.providers, gone))
    return replace(policy, services=services)


@lru_cache(maxsize=256)
def _served_by(policy: Policy, provider: Contact) -> Policy:
    """The policy with one provider of disagreement resolution. Kept, since policies are known by identity."""
    kind = Service.DISAGREEMENT_RESOLUTION
    entry = policy.services.get(kind, ServiceEntry())
    services = {**policy.services, kind: replace(entry, providers=Evidenced((provider.key,), provider.evidence))}
    return replace(policy, services=services, contacts={**policy.contacts, provider.key: provider})


def _left(providers: Evidenced[tuple[str, ...]], gone: frozenset[str]) -> Evidenced[tuple[str, ...]]:
    left = tuple(key for key in providers.value or () if key not in gone)
    if left:
        return Evidenced(left, providers.evidence)
    return Evidenced(None, Evidence(Status.NOT_STATED, providers.evidence.source, "No contract is in force."))
