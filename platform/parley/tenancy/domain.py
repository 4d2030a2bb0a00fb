"""What a council and a provider are, apart from any database. Pure."""

import dataclasses
import datetime as dt
import enum
import uuid
from collections.abc import Mapping
from typing import Any

from parley.kernel.errors import Conflict
from parley.law.domain import Service

__all__ = [
    "SHARED_FILES",
    "Authority",
    "AuthorityState",
    "CommissionTerms",
    "ContractEnd",
    "ContractStanding",
    "CouncilCommission",
    "EarlyEnd",
    "EarlyEndBecause",
    "FileTrouble",
    "PublishedFramework",
    "ProviderOrganisation",
    "Service",
    "StateChange",
    "Step",
    "WantedCommission",
]


#: Under which name problems are kept of files that belong to no single council.
SHARED_FILES = ""


class ContractStanding(enum.StrEnum):
    """Whether an arrangement with a provider holds, is still to be confirmed, or is over."""

    CURRENT = "current"
    TO_BE_CONFIRMED = "to_be_confirmed"
    ENDED = "ended"


class EarlyEndBecause(enum.StrEnum):
    """Why a council gives a provider no more requests, though the contract's own days are not over."""

    ENDED = "ended"
    """The contract ends before its time; the provider may finish the cases that it has."""
    FAILED = "failed"
    """The provider cannot go on, or may not: it does not finish the cases that it has either."""


#: How long what a family had begun stays after a pause, whatever its own time was: who comes back late finds it.
KEPT_AFTER_A_PAUSE = dt.timedelta(days=14)


class AuthorityState(enum.StrEnum):
    """Where a council stands in its life, and so what its site serves (docs/operate.md, "A council's life")."""

    DEMO = "demo"
    """Being prepared and tried out with made-up people; what was typed can be wiped."""
    LIVE = "live"
    SUSPENDED = "suspended"
    """Families' pages are paused; staff and provider go on with the cases that are there."""
    CLOSED = "closed"
    """Another council has come in its place: nothing new begins, and what was begun is finished here."""


class Step(enum.StrEnum):
    """What may be done with a council as a whole, as a sentence ends with it."""

    GO_LIVE = "go live"
    SUSPEND = "be suspended"
    RESUME = "be resumed"
    CLOSE = "be closed"
    WIPE = "be wiped"


#: From which states each step is possible.
STEPS_FROM: Mapping[Step, frozenset[AuthorityState]] = {
    Step.GO_LIVE: frozenset({AuthorityState.DEMO}),
    Step.SUSPEND: frozenset({AuthorityState.DEMO, AuthorityState.LIVE}),
    Step.RESUME: frozenset({AuthorityState.SUSPENDED}),
    Step.WIPE: frozenset({AuthorityState.DEMO}),
    Step.CLOSE: frozenset({AuthorityState.DEMO, AuthorityState.LIVE, AuthorityState.SUSPENDED}),
}


def require_step(name: str, state: AuthorityState, step: Step) -> None:
    """Raise Conflict, in words for an operator, unless the council called ``name`` may take ``step`` from ``state``."""
    if state not in STEPS_FROM[step]:
        wanted = " or ".join(sorted(STEPS_FROM[step]))
        raise Conflict(f"{name} is {state}; only a council that is {wanted} can {step}.", code="wrong-state")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Authority:
    """A council as pages and services know it; ``profile`` is its validated council.toml."""

    id: uuid.UUID
    slug: str
    name: str
    gss_code: str
    reference_prefix: str
    state: AuthorityState
    hosts: tuple[str, ...]
    profile: Mapping[str, Any]
    went_live: bool = False
    resumed_at: dt.datetime | None = None
    successor_id: uuid.UUID | None = None

    def lets_lapse(self, now: dt.datetime) -> bool:
        """Tell whether what a family began and did not send runs out: not while it cannot be reached, nor soon after.

        ``now`` is aware.
        """
        is_back = self.resumed_at is None or now - self.resumed_at >= KEPT_AFTER_A_PAUSE
        return self.state is not AuthorityState.SUSPENDED and is_back

    @property
    def host(self) -> str:
        """The host its own pages are linked under: the first it was given."""
        return self.hosts[0]


@dataclasses.dataclass(frozen=True, kw_only=True)
class RequestLease:
    """Requests that a process may take for one council; they lapse after ``seconds``."""

    granted: int
    seconds: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProviderOrganisation:
    """A provider as pages know it; ``profile`` is its validated file."""

    id: uuid.UUID
    slug: str
    name: str
    profile: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CommissionTerms:
    """What a contract says besides whose it is: both days are included, and None where there is no such day.

    ``may_be_extended_to`` is an option, which extends nothing by itself. ``capacity`` is how many open cases of the
    council the provider takes at a time; None where no number was agreed.
    """

    standing: ContractStanding = ContractStanding.CURRENT
    begins: dt.date | None = None
    ends: dt.date | None = None
    may_be_extended_to: dt.date | None = None
    capacity: int | None = None
    languages: tuple[str, ...] = ()
    specialisms: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class WantedCommission:
    """What a council's files say of one provider for one service; ``framework_id`` if it is bought through one."""

    service: Service
    provider_id: uuid.UUID
    terms: CommissionTerms
    framework_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class EarlyEnd:
    """That a contract ends before its time, as its council recorded it: no file does so, and none undoes it.

    ``on`` is the first London date on which no new request goes to the provider; ``source`` says from what the council
    knows it, in its own words, and is "" for everybody else.
    """

    because: EarlyEndBecause
    on: dt.date
    recorded_at: dt.datetime
    source: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ContractEnd:
    """Whether and how the contract under which a provider has a case ends; all of it None while nothing is known.

    ``on`` is the first London date on which no new request goes to the provider. ``early`` is why, if it ended before
    its time.
    """

    on: dt.date | None = None
    early: EarlyEndBecause | None = None

    def is_over(self, today: dt.date) -> bool:
        """Tell whether the provider gets no new requests on ``today``, a London date."""
        return self.on is not None and self.on <= today


def contract_end(
    begins: dt.date | None, ends: dt.date | None, early_on: dt.date | None, early: EarlyEndBecause | None
) -> ContractEnd:
    """Return how a contract ends: early if that was recorded, and no new contract began after that.

    ``begins`` and ``ends`` are its own first and last day.
    """
    if early_on is not None and not (begins is not None and begins > early_on):
        return ContractEnd(on=early_on, early=early)
    return ContractEnd(on=ends + dt.timedelta(days=1) if ends is not None else None)


def early_end_problem(terms: CommissionTerms, on: dt.date) -> str | None:
    """Return, in words for the council, why a contract cannot end early on ``on``; None where it can."""
    if terms.standing is not ContractStanding.CURRENT:
        return "This contract is not in force"
    if terms.begins is not None and on <= terms.begins:
        return "Enter a day after the first day of the contract"
    if terms.ends is not None and on > terms.ends:
        return "Enter a day of the contract: it ends by itself after its last one"
    return None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CouncilCommission:
    """A council's commission as its staff read it; ``framework`` is the name of the regional contract, or ""."""

    id: uuid.UUID
    service: Service
    provider: ProviderOrganisation
    terms: CommissionTerms
    framework: str
    early_end: EarlyEnd | None = None
    new_provider_id: uuid.UUID | None = None
    """Of a contract that ended early: about which provider families are asked."""

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it gives cases, an early end considered; None where there is no such day."""
        early = (self.early_end.on, self.early_end.because) if self.early_end else (None, None)
        end = contract_end(self.terms.begins, self.terms.ends, *early)
        return end.on - dt.timedelta(days=1) if end.on else None


@dataclasses.dataclass(frozen=True, kw_only=True)
class PublishedFramework:
    """A regional contract as a region's file has it. It provides nothing: only a council's own policy names a provider.

    ``providers`` are names, as published. ``evidence`` says of each key how it is known, and from which page.
    """

    slug: str
    name: str
    services: tuple[Service, ...]
    providers: tuple[str, ...]
    standing: ContractStanding | None
    begins: dt.date | None
    ends: dt.date | None
    may_be_extended_to: dt.date | None
    evidence: Mapping[str, Mapping[str, str]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class StateChange:
    """A step in a council's life: when, into which state, by which account, why, and what was not ready for it."""

    at: dt.datetime
    state: AuthorityState
    author: str
    reason: str
    unmet: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileTrouble:
    """What was wrong with files at the last load: of one council, or of nobody alone (``SHARED_FILES``)."""

    slug: str
    problems: tuple[str, ...]
    since: dt.datetime
