"""Regions, and the contracts that their councils buy from together: `tenants/regions/<slug>.toml`, with evidence."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from marshmallow import fields, post_load

from parley.kernel.toml_lines import key_lines
from parley.law.domain import Service
from parley.policy.evidence import Evidence, Evidenced, absent
from parley.policy.fields import EvidencedField, Key, OneOf, Several, TablesBy, Text
from parley.policy.loading import Fault, document_of, problems_of, read_evidenced, text_of
from parley.policy.problems import found_at
from parley.policy.tables.table import Table
from parley.tenancy.domain import ContractStanding, PublishedFramework

_EVIDENCED = ("standing", "services", "providers", "begins", "ends", "may_be_extended_to")


@dataclass(frozen=True, slots=True)
class Framework:
    """A regional contract: for which services, whom a page names as its providers, and its days.

    It never fills in who provides a council's service, or until when.
    """

    evidence: Evidence
    name: str
    standing: Evidenced[ContractStanding] = field(default_factory=absent)
    services: Evidenced[tuple[Service, ...]] = field(default_factory=absent)
    providers: Evidenced[tuple[str, ...]] = field(default_factory=absent)
    begins: Evidenced[date] = field(default_factory=absent)
    ends: Evidenced[date] = field(default_factory=absent)
    may_be_extended_to: Evidenced[date] = field(default_factory=absent)

    def published(self, slug: str) -> PublishedFramework:
        """What is kept of it: every value, and beside each how it is known."""
        known = {"name": self.evidence} | {key: getattr(self, key).evidence for key in _EVIDENCED}
        return PublishedFramework(
            slug=slug,
            name=self.name,
            services=self.services.value or (),
            providers=self.providers.value or (),
            standing=self.standing.value,
            begins=self.begins.value,
            ends=self.ends.value,
            may_be_extended_to=self.may_be_extended_to.value,
            evidence={key: _told(evidence) for key, evidence in known.items()},
        )


@dataclass(frozen=True, slots=True)
class RegionFile:
    """What the file of a region says."""

    name: str
    frameworks: tuple[PublishedFramework, ...]


class FrameworkSchema(Table):
    """`[frameworks.<slug>]`."""

    record = Framework
    name = Text(required=True)
    standing = EvidencedField(OneOf(ContractStanding))
    services = EvidencedField(Several(OneOf(Service)))
    providers = EvidencedField(Several(Text()))
    begins = EvidencedField(fields.Date())
    ends = EvidencedField(fields.Date())
    may_be_extended_to = EvidencedField(fields.Date())


class RegionSchema(Table):
    """A region's file but for its name, which needs no evidence, and `[sources]`, which is read first."""

    record = dict
    frameworks = TablesBy(keys=Key(), values=fields.Nested(FrameworkSchema), load_default=dict)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> tuple[PublishedFramework, ...]:
        """The frameworks, under their own names."""
        return tuple(framework.published(slug) for slug, framework in data["frameworks"].items())


def read_region(path: Path) -> RegionFile:
    """What the file of a region says. Raises PolicyProblems with everything that is wrong with it."""
    text, faults = text_of(path), list[Fault]()
    document = document_of(text, file=str(path))
    name = document.pop("name", None)
    if not isinstance(name, str) or not name:
        faults.append((("name",), found_at({"name": name}, ("name",)), "text that is not empty"))
    _, frameworks = read_evidenced(document, RegionSchema(), faults)
    if faults:
        raise problems_of(faults, file=str(path), lines=key_lines(text))
    return RegionFile(name=str(name), frameworks=frameworks)


def _told(evidence: Evidence) -> dict[str, str]:
    source = {"source": evidence.source.citation, "url": evidence.source.url} if evidence.source else {}
    return {"status": evidence.status.value, **source, **({"note": evidence.note} if evidence.note else {})}
