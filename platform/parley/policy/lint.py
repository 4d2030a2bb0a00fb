"""Compares a policy with the law and with the calendar, and warns. Pure.

It changes nothing and bends nothing: what a council publishes stays in the file as it was read, and whoever keeps the
file decides whether the page is wrong, the reading, or only the date.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from parley.kernel.toml_lines import KeyPath
from parley.law.domain import Area, LawVersion, Service, Stage
from parley.policy.domain import Asker, Contract, Policy
from parley.policy.evidence import Source
from parley.tenancy.domain import ContractStanding

#: A page read longer ago than this may have changed.
FRESH = timedelta(days=365)
#: Figures of a telephone number in the United Kingdom, from the leading 0.
PHONE_FIGURES = 11
#: Freephone numbers may have one figure fewer; short ones (999, 111, 0800 1111) are whole as they are.
_SHORT_FREEPHONE = re.compile(r"0800\d{6}|0800\d{4}|\d{3,6}")
_CERTIFICATE = re.compile(r"\bcertificate", re.IGNORECASE)
_DENIED = re.compile(r"\b(no|not|without|never)\b|n[’']t\b", re.IGNORECASE)


class Concern(StrEnum):
    """What a caution is about."""

    PROVIDER_OF_AN_AUTHORITY = "provider-of-an-authority"
    COMPULSORY_BEFORE_APPEAL = "compulsory-before-appeal"
    CERTIFICATE_PROMISED = "certificate-promised"
    YOUNG_PEOPLE_LEFT_OUT = "young-people-left-out"
    WIDER_EXEMPTIONS = "wider-exemptions"
    NARROWER_GATE = "narrower-gate"
    STALE_EVIDENCE = "stale-evidence"
    PHONE_NUMBER = "phone-number"
    CONTRACT_ENDED = "contract-ended"


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to look at: which key, what about it, and why."""

    concern: Concern
    path: KeyPath
    text: str


@dataclass(frozen=True, slots=True)
class Against:
    """What a policy is held against."""

    law: LawVersion
    on: date


Check = Callable[[Policy, Against], Iterator[Caution]]


def lint(policy: Policy, law: LawVersion, on: date) -> tuple[Caution, ...]:
    """Everything to look at in a policy on a day, by check."""
    against = Against(law, on)
    return tuple(caution for check in CHECKS for caution in check(policy, against))


def _providers(policy: Policy, _: Against) -> Iterator[Caution]:
    """Children and Families Act 2014, section 57: nobody employed by an authority provides it. Informal help may be."""
    entry = policy.services.get(Service.DISAGREEMENT_RESOLUTION)
    for key in (entry.providers.value if entry else None) or ():
        if policy.contacts[key].employed_by_authority.value:
            yield Caution(
                Concern.PROVIDER_OF_AN_AUTHORITY,
                ("contacts", key, "employed_by_authority"),
                f"{policy.contacts[key].name} is staff of an authority, and the law bars those from providing "
                "disagreement resolution. If it helps informally, it belongs under services.informal_resolution.",
            )


def _compulsory(policy: Policy, _: Against) -> Iterator[Caution]:
    for kind in (Service.DISAGREEMENT_RESOLUTION, Service.MEDIATION, Service.INFORMAL_RESOLUTION):
        entry = policy.services.get(kind)
        if entry and entry.compulsory_before_appeal.value:
            yield Caution(
                Concern.COMPULSORY_BEFORE_APPEAL,
                ("services", kind.value, "compulsory_before_appeal"),
                "The page makes the service a step before an appeal. The law does not: only mediation advice can be.",
            )


def _certificate(policy: Policy, _: Against) -> Iterator[Caution]:
    """Disagreement resolution gives no mediation certificate, whatever a page says."""
    kind = Service.DISAGREEMENT_RESOLUTION
    parts: list[tuple[KeyPath, Any]] = [
        (("services", kind.value), policy.services.get(kind)),
        (("route",), policy.route),
        (("meeting",), policy.meeting),
        (("who",), policy.who),
        (("areas",), policy.areas),
    ]
    parts += [(("ladder", index), rung) for index, rung in enumerate(policy.ladder) if rung.service is kind]
    for path, part in parts:
        for where, text in _texts(part, path):
            if _CERTIFICATE.search(text) and not _DENIED.search(text):
                yield Caution(
                    Concern.CERTIFICATE_PROMISED,
                    where,
                    "It reads as though this service gave a certificate. It gives none.",
                )


def _young_people(policy: Policy, _: Against) -> Iterator[Caution]:
    named = policy.who.may_ask.value
    if named is not None and Asker.YOUNG_PERSON not in named:
        yield Caution(
            Concern.YOUNG_PEOPLE_LEFT_OUT,
            ("who", "may_ask"),
            "The page does not name young people. The law does: they may ask, and are told to.",
        )


def _exemptions(policy: Policy, against: Against) -> Iterator[Caution]:
    exempt = policy.mediation.advice_not_needed_for.value or frozenset()
    wider = sorted(exempt - against.law.no_certificate_needed_for)
    if wider:
        yield Caution(
            Concern.WIDER_EXEMPTIONS,
            ("mediation", "advice_not_needed_for"),
            f"The law exempts less: not {', '.join(wider)}. Families are cautioned beside the council's list.",
        )


def _gates(policy: Policy, against: Against) -> Iterator[Caution]:
    for index, entry in enumerate(policy.areas.listed):
        stages = entry.stages.value
        opened = against.law.window if entry.code is Area.HEALTH_AND_CARE else frozenset(Stage) - {Stage.UNSURE}
        missing = sorted(opened - stages) if stages is not None and entry.code is not Area.BETWEEN_COMMISSIONERS else []
        if missing:
            yield Caution(
                Concern.NARROWER_GATE,
                ("areas", "listed", index, "stages"),
                f"The law opens it also at: {', '.join(missing)}.",
            )


def _stale(policy: Policy, against: Against) -> Iterator[Caution]:
    for key, source in policy.sources.items():
        for name, day, text in _ages(source):
            if against.on - day > FRESH:
                yield Caution(Concern.STALE_EVIDENCE, ("sources", key, name), f"{text} Read the page again.")


def _ages(source: Source) -> Iterator[tuple[str, date, str]]:
    yield "read", source.read, f"It was read on {source.read}, longer than a year ago."
    if source.written_before:
        yield "written_before", source.written_before, f"Its own words are older than {source.written_before}."


def _phones(policy: Policy, _: Against) -> Iterator[Caution]:
    for key, contact in policy.contacts.items():
        for index, way in enumerate(contact.ways):
            figures = re.sub(r"^(\+|00)44", "0", re.sub(r"[\s()-]", "", way.phone))
            if way.phone and len(figures) != PHONE_FIGURES and not _SHORT_FREEPHONE.fullmatch(figures):
                yield Caution(
                    Concern.PHONE_NUMBER,
                    ("contacts", key, "ways", index, "phone"),
                    f"{way.phone} has {len(figures)} figures, and numbers have {PHONE_FIGURES}: nobody may answer it.",
                )


def _contracts(policy: Policy, against: Against) -> Iterator[Caution]:
    for kind, entry in policy.services.items():
        for index, contract in enumerate(entry.contracts):
            ended = _ended(contract, against.on)
            if ended and contract.provider in (entry.providers.value or ()):
                name = policy.contacts[contract.provider].name
                path: KeyPath = (
                    "services",
                    kind.value,
                    "contracts",
                    index,
                    "ends" if contract.ends.value else "standing",
                )
                yield Caution(Concern.CONTRACT_ENDED, path, f"The contract of {name} {ended}. Ask who provides it now.")


def _ended(contract: Contract, on: date) -> str:
    """How a contract has ended, empty if it has not."""
    if contract.standing is ContractStanding.ENDED:
        return "has ended"
    ends, option = contract.ends.value, contract.may_be_extended_to.value
    if ends is None or ends >= on:
        return ""
    return f"ended on {ends}" + (f" and could be extended to {option}" if option and option >= on else "")


def _texts(node: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Every text of a record, with its key; evidence and its notes are no text of the council's."""
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, tuple):
        for index, item in enumerate(node):
            yield from _texts(item, (*path, index))
    elif is_dataclass(node) and hasattr(node, "value") and hasattr(node, "evidence"):
        yield from _texts(node.value, path)
    elif is_dataclass(node):
        for field in fields(node):
            if field.name != "evidence":
                yield from _texts(getattr(node, field.name), (*path, field.name))


CHECKS: tuple[Check, ...] = (
    _providers,
    _compulsory,
    _certificate,
    _young_people,
    _exemptions,
    _gates,
    _stale,
    _phones,
    _contracts,
)
