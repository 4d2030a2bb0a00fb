"""Who offers what, under which arrangement, and how families reach them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from parley.law.domain import Body, Subject
from parley.policy.evidence import Evidence, Evidenced, absent
from parley.policy.terms import Actor, Allocation, Commissioned, ContactKind
from parley.tenancy.domain import CommissionTerms, ContractStanding


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
    """A body families are sent to, and the ways to reach it. `employed_by_authority` is None where nobody says."""

    key: str
    evidence: Evidence
    name: str
    kind: ContactKind
    shared_with: Evidenced[tuple[str, ...]] = field(default_factory=absent)
    employed_by_authority: Evidenced[bool] = field(default_factory=absent)
    ways: tuple[ContactWay, ...] = ()

    @property
    def shown_ways(self) -> tuple[ContactWay, ...]:
        """The ways a family may be shown, in the order of the file."""
        return tuple(way for way in self.ways if way.evidence.shown)

    def first(self, medium: str) -> ContactWay | None:
        """The first shown way with a `phone`, an `email` or a `url` that may be used without a condition."""
        return next((way for way in self.shown_ways if getattr(way, medium) and not way.use), None)


@dataclass(frozen=True, slots=True)
class Contract:
    """An arrangement with one provider (a key of contacts).

    An option to extend it extends nothing until `ends` says so. `capacity` is how many open cases of the council the
    provider takes at a time.
    """

    evidence: Evidence
    provider: str
    standing: ContractStanding
    begins: Evidenced[date] = field(default_factory=absent)
    ends: Evidenced[date] = field(default_factory=absent)
    may_be_extended_to: Evidenced[date] = field(default_factory=absent)
    capacity: Evidenced[int] = field(default_factory=absent)
    languages: Evidenced[tuple[str, ...]] = field(default_factory=absent)
    specialisms: Evidenced[tuple[str, ...]] = field(default_factory=absent)

    def in_force(self, on: date) -> bool:
        """Whether it holds on a day, as far as its dates are known well enough to be shown."""
        begins, ends = self.begins.shown, self.ends.shown
        has_begun, has_ended = begins is None or begins <= on, ends is not None and ends < on
        return self.standing is ContractStanding.CURRENT and has_begun and not has_ended


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """One service: who provides it (keys of contacts), through which door, how it is commissioned, who pays.

    `framework` says under which regional arrangement the council buys; it never fills in who provides.
    """

    providers: Evidenced[tuple[str, ...]] = field(default_factory=absent)
    allocation: Evidenced[Allocation] = field(default_factory=absent)
    ask_at: Evidenced[tuple[str, ...]] = field(default_factory=absent)
    in_words: Evidenced[str] = field(default_factory=absent)
    voluntary_for: Evidenced[frozenset[Actor]] = field(default_factory=absent)
    must_attend: Evidenced[frozenset[Actor]] = field(default_factory=absent)
    compulsory_before_appeal: Evidenced[bool] = field(default_factory=absent)
    also_used_by: Evidenced[tuple[Actor, ...]] = field(default_factory=absent)
    commissioned: Evidenced[Commissioned] = field(default_factory=absent)
    commissioners: Evidenced[tuple[str, ...]] = field(default_factory=absent)
    framework: Evidenced[str] = field(default_factory=absent)
    free: Evidenced[bool] = field(default_factory=absent)
    paid_by: Evidenced[tuple[Actor, ...]] = field(default_factory=absent)
    expenses: Evidenced[str] = field(default_factory=absent)
    page: Evidenced[str] = field(default_factory=absent)
    contracts: tuple[Contract, ...] = ()

    def terms(self, provider: str) -> CommissionTerms:
        """What a provider's contracts come to: those that stand, else those to be confirmed, else those that are over.

        From the first of their days to the last; the rest as the last of them in the file says. Without any contract
        a provider provides without bounds.
        """
        own = [contract for contract in self.contracts if contract.provider == provider and contract.evidence.shown]
        for standing in ContractStanding:
            if alike := [contract for contract in own if contract.standing is standing]:
                return _together(alike, standing)
        return CommissionTerms()

    def lapsed(self, on: date) -> frozenset[str]:
        """The providers that have contracts of which none is in force on a day. What only staff see ends nothing."""
        known = [contract for contract in self.contracts if contract.evidence.shown]
        standing = {contract.provider for contract in known if contract.in_force(on)}
        return frozenset(contract.provider for contract in known) - standing


def _together(contracts: Sequence[Contract], standing: ContractStanding) -> CommissionTerms:
    begins, ends = [one.begins.shown for one in contracts], [one.ends.shown for one in contracts]
    last = contracts[-1]
    return CommissionTerms(
        standing=standing,
        begins=None if None in begins else min((day for day in begins if day), default=None),
        ends=None if None in ends else max((day for day in ends if day), default=None),
        may_be_extended_to=last.may_be_extended_to.shown,
        capacity=last.capacity.shown,
        languages=last.languages.shown or (),
        specialisms=last.specialisms.shown or (),
    )


@dataclass(frozen=True, slots=True)
class Leaflet:
    """Something to read or download, and whose it is; the address is not always seen."""

    evidence: Evidence
    title: str
    owner: str
    url: Evidenced[str] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class AccessOffer:
    """Help to take part (languages, formats, interpreters), whose promise it is (a key of contacts), and for what."""

    evidence: Evidence
    offer: str
    promised_by: str
    covers: str


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
