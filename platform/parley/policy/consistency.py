"""What must fit together inside one policy. Pure; each check yields where, what was found, what is allowed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from typing import Any

from parley.kernel.toml_lines import KeyPath
from parley.law.domain import Area, Service
from parley.policy.domain import AreaKind, ContactKind, Policy, TriedFirstKind

Fault = tuple[KeyPath, str, str]


def faults(policy: Policy) -> tuple[Fault, ...]:
    """Everything that does not fit together, from every check."""
    checks = (_contacts, _kinds, _ways, _contracts, _areas, _openings, _tried_first, _route, _deadlines, _differences)
    return tuple(fault for check in checks for fault in check(policy))


def _contacts(policy: Policy) -> Iterator[Fault]:
    allowed = f"a key of [contacts]: {', '.join(policy.contacts) or 'there are none'}"
    for path, key in _named_contacts(policy):
        if key and key not in policy.contacts:
            yield path, repr(key), allowed


def _named_contacts(policy: Policy) -> Iterator[tuple[KeyPath, str]]:
    """Every place at which a policy names one of its contacts."""
    for kind, entry in policy.services.items():
        service: KeyPath = ("services", kind.value)
        yield from (((*service, "providers"), key) for key in entry.providers.value or ())
        yield from (((*service, "ask_at"), key) for key in entry.ask_at.value or ())
        for index, contract in enumerate(entry.contracts):
            yield (*service, "contracts", index, "provider"), contract.provider
    for index, step in enumerate(policy.route.steps.value or ()):
        yield ("route", "steps", index, "contact"), step.contact
    for index, signpost in enumerate(policy.signposts):
        yield ("signposts", index, "contact"), signpost.contact
    for index, rung in enumerate(policy.ladder):
        yield ("ladder", index, "contact"), rung.contact
    for index, offer in enumerate(policy.access):
        yield ("access", index, "promised_by"), offer.promised_by


def _kinds(policy: Policy) -> Iterator[Fault]:
    entry = policy.services.get(Service.DISAGREEMENT_RESOLUTION)
    for key in (entry.providers.value if entry else None) or ():
        contact = policy.contacts.get(key)
        if contact is not None and contact.kind is not ContactKind.PROVIDER:
            yield ("contacts", key, "kind"), repr(contact.kind.value), "'provider', since it provides the service"


def _ways(policy: Policy) -> Iterator[Fault]:
    for key, contact in policy.contacts.items():
        for index, way in enumerate(contact.ways):
            given = [medium for medium in ("phone", "email", "url") if getattr(way, medium)]
            if len(given) != 1:
                yield ("contacts", key, "ways", index), " and ".join(given) or "none", "one of phone, email, url"


def _contracts(policy: Policy) -> Iterator[Fault]:
    for kind, entry in policy.services.items():
        for index, contract in enumerate(entry.contracts):
            begins, ends, option = (
                value.value for value in (contract.begins, contract.ends, contract.may_be_extended_to)
            )
            path: KeyPath = ("services", kind.value, "contracts", index)
            if begins and ends and ends < begins:
                yield (*path, "ends"), f"{ends}, before it begins ({begins})", "a day on or after begins"
            if option and ends and option <= ends:
                yield (*path, "may_be_extended_to"), f"{option}, no later than its end ({ends})", "a day after ends"


def _areas(policy: Policy) -> Iterator[Fault]:
    areas = policy.areas
    listed = areas.kind.value is AreaKind.LISTED
    if listed and not areas.listed:
        yield ("areas", "listed"), "no area", "at least one [[areas.listed]], or another kind"
    if not listed and areas.listed:
        found = repr(areas.kind.value.value) if areas.kind.value else "nothing"
        yield ("areas", "kind"), found, "'listed', since areas are listed"
    if areas.kind.value is AreaKind.OPEN and areas.label.value is None:
        yield ("areas", "label"), "nothing", "the council's own words for what the service covers"
    for index, entry in enumerate(areas.listed):
        if entry.code is Area.OPEN:
            yield ("areas", "listed", index, "code"), "'open'", "A, B, C, D; an open council has the kind 'open'"
    yield from _doubled(("areas", "listed"), (entry.number for entry in areas.listed))


def _openings(policy: Policy) -> Iterator[Fault]:
    allowed = (
        "at least one of stages, while_appeal_pending, about, against, decisions, in_plan: it opens to nothing else"
    )
    for index, entry in enumerate(policy.areas.listed):
        path: KeyPath = ("areas", "listed", index)
        both = (entry.against.value or frozenset()) & (entry.not_against.value or frozenset())
        for body in sorted(both):
            yield (
                (*path, "not_against"),
                f"{body.value!r}, which is in against too",
                "a body that is not in against",
            )
        for number, opening in enumerate(entry.also_open):
            asks = (opening.stages.value, opening.while_appeal_pending.value, opening.about, opening.against)
            if not any((*asks, opening.decisions, opening.in_plan is not None)):
                yield (*path, "also_open", number), "no condition", allowed


def _tried_first(policy: Policy) -> Iterator[Fault]:
    tried = policy.tried_first
    for name in sorted(tried.met_by.value or ()):
        if name not in policy.tried_ids:
            yield ("tried_first", "met_by"), repr(name), f"any of: {', '.join(sorted(policy.tried_ids))}"
    if tried.kind.value is TriedFirstKind.CONDITION and not tried.met_by.value:
        yield ("tried_first", "met_by"), "nothing", "what meets the condition: a condition nothing meets is a bar"
    yield from _doubled(("tried_first", "steps"), (step.id for step in tried.steps))


def _route(policy: Policy) -> Iterator[Fault]:
    steps = policy.route.steps.value or ()
    ids = [step.id for step in steps]
    yield from _doubled(("route", "steps"), ids)
    for index, step in enumerate(steps):
        if step.instead_of and step.instead_of not in ids[:index]:
            allowed = f"the id of a step before it: {', '.join(ids[:index]) or 'there is none'}"
            yield ("route", "steps", index, "instead_of"), repr(step.instead_of), allowed


def _deadlines(policy: Policy) -> Iterator[Fault]:
    yield from _doubled(("deadlines",), (deadline.id for deadline in policy.deadlines))


def _differences(policy: Policy) -> Iterator[Fault]:
    for index, difference in enumerate(policy.differences):
        if not _has(policy, difference.about.split(".")):
            allowed = "a key of this file with its tables, such as services.disagreement_resolution.providers"
            yield ("differences", index, "about"), repr(difference.about), allowed


def _has(node: Any, path: Sequence[str]) -> bool:
    """Whether a policy has that key: records and tables by name have the names of the file."""
    for part in path:
        if isinstance(node, Mapping):
            node = node.get(part)
        else:
            node = getattr(node, part, None) if is_dataclass(node) else None
        if node is None:
            return False
    return True


def _doubled(path: KeyPath, names: Iterable[str]) -> Iterator[Fault]:
    for name, count in Counter(names).items():
        if count > 1:
            yield path, f"{name!r} {count} times", "each once"
