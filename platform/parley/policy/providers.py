"""A provider's own file as a contact of a policy: for a case whose provider the policy does not name. Pure."""

import datetime as dt

from parley.policy.evidence import Evidence, Evidenced, Extent, Source, Status, absent
from parley.policy.records.services import Contact, ContactWay
from parley.policy.terms import ContactKind
from parley.tenancy.domain import ProviderOrganisation


def contact_of(provider: ProviderOrganisation) -> Contact:
    """The provider with the ways to reach it that its file publishes."""
    published = provider.profile["contact"]
    evidence = _evidence(provider.name, published)
    labels = {"phone": "", "phone_from_mobile": "From a mobile"}
    hours = published.get("hours")
    ways = [
        ContactWay(
            evidence=evidence,
            phone=published[key],
            label=label,
            hours=Evidenced(hours, evidence) if hours else absent(),
        )
        for key, label in labels.items()
        if published.get(key)
    ]
    if published.get("email"):
        ways.append(ContactWay(evidence=evidence, email=published["email"]))
    if published.get("url"):
        ways.append(ContactWay(evidence=evidence, url=published["url"]))
    return Contact(
        key=provider.slug, evidence=evidence, name=provider.name, kind=ContactKind.PROVIDER, ways=tuple(ways)
    )


def _evidence(name: str, published: dict[str, str | None]) -> Evidence:
    url, read = published.get("source"), published.get("read_on")
    if not url or not read:
        return Evidence(Status.PUBLISHED)
    source = Source(
        key="provider",
        title=f"How to reach {name}",
        owner=name,
        url=url,
        read=dt.date.fromisoformat(read),
        extent=Extent.EXCERPT,
    )
    return Evidence(Status.PUBLISHED, source)
