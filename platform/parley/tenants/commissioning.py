"""From when to when providers are commissioned, as the versions of a policy that hold and will hold have it. Pure."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from parley.policy.domain import ContactKind, Policy
from parley.policy.queries import CurrentPolicy
from parley.tenancy.domain import Service, WantedCommission
from parley.tenants.files import SharedNames

DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shared:
    """What councils share, by the names their files use: the ids of regions, frameworks and providers."""

    regions: dict[str, uuid.UUID]
    frameworks: dict[str, uuid.UUID]
    providers: dict[str, uuid.UUID]

    @property
    def names(self) -> SharedNames:
        """The names alone."""
        return SharedNames(
            regions=frozenset(self.regions), frameworks=frozenset(self.frameworks), providers=frozenset(self.providers)
        )


def spans(versions: Iterable[CurrentPolicy], shared: Shared, on: dt.date) -> list[WantedCommission]:
    """Return who is commissioned from ``on`` on, by all ``versions`` that hold then or begin later.

    A provider of the version that holds is commissioned without a first day, and until the day before a version
    without it begins; a contract with days of its own narrows that.
    """
    periods = _periods(list(versions), on)
    wanted = []
    for kind in Service:
        for slug in dict.fromkeys(slug for _, policy in periods for slug in _evidenced(policy, kind)):
            having = [index for index, (_, policy) in enumerate(periods) if slug in _evidenced(policy, kind)]
            first, last = having[0], having[-1]
            begins = periods[first][0] if first else None
            ends = periods[last + 1][0] - DAY if last + 1 < len(periods) else None
            entry = periods[last][1].services[kind]
            own, latest = periods[first][1].services[kind].terms(slug), entry.terms(slug)
            terms = dataclasses.replace(
                latest,
                begins=max((day for day in (begins, own.begins) if day), default=None),
                ends=min((day for day in (ends, latest.ends) if day), default=None),
            )
            wanted.append(
                WantedCommission(
                    service=kind,
                    provider_id=shared.providers[slug],
                    terms=terms,
                    framework_id=shared.frameworks.get(entry.framework.value or ""),
                )
            )
    return wanted


def _periods(versions: Sequence[CurrentPolicy], on: dt.date) -> list[tuple[dt.date, Policy]]:
    """Return from which day on which policy holds: on each day, of those begun, the one with the highest number."""
    days = sorted({on, *(version.since for version in versions if version.since > on)})
    found: list[tuple[dt.date, Policy]] = []
    for day in days:
        begun = [version for version in versions if version.since <= day]
        if begun:
            found.append((day, max(begun, key=lambda version: version.number).policy))
    return found


def _evidenced(policy: Policy, kind: Service) -> tuple[str, ...]:
    """Return who provides a service: nobody that is not published, and no advice service, which does not work here."""
    return tuple(contact.key for contact in policy.providers_of(kind) if contact.kind is ContactKind.PROVIDER)
