"""What must fit together inside one policy. Pure; each check yields where, what was found, what is allowed."""

from collections import Counter
from collections.abc import Iterable, Iterator

from parley.law.domain import Area
from parley.policy.domain import AreaKind, Policy, TriedFirstKind
from parley.policy.problems import KeyPath

Fault = tuple[KeyPath, str, str]


def faults(policy: Policy) -> tuple[Fault, ...]:
    """Everything that does not fit together, from every check."""
    checks = (_contacts, _areas, _tried_first, _route)
    return tuple(fault for check in checks for fault in check(policy))


def _contacts(policy: Policy) -> Iterator[Fault]:
    allowed = f"a key of [contacts]: {', '.join(policy.contacts) or 'there are none'}"
    for service, entry in policy.services.items():
        for key in entry.providers.value or ():
            if key not in policy.contacts:
                yield ("services", service.value, "providers"), repr(key), allowed
    for index, signpost in enumerate(policy.signposts):
        if signpost.contact not in policy.contacts:
            yield ("signposts", index, "contact"), repr(signpost.contact), allowed
    for key, contact in policy.contacts.items():
        for index, way in enumerate(contact.ways):
            given = [medium for medium in ("phone", "email", "url") if getattr(way, medium)]
            if len(given) != 1:
                yield ("contacts", key, "ways", index), " and ".join(given) or "none", "one of phone, email, url"


def _areas(policy: Policy) -> Iterator[Fault]:
    areas = policy.areas
    listed = areas.kind.value is AreaKind.LISTED
    if listed and not areas.listed:
        yield ("areas", "listed"), "no area", "at least one [[areas.listed]], or another kind"
    if not listed and areas.listed:
        yield ("areas", "kind"), repr(areas.kind.value), "'listed', since areas are listed"
    if areas.kind.value is AreaKind.OPEN and areas.label.value is None:
        yield ("areas", "label"), "nothing", "the council's own words for what the service covers"
    for index, entry in enumerate(areas.listed):
        if entry.code is Area.OPEN:
            yield ("areas", "listed", index, "code"), "'open'", "A, B, C, D; an open council has the kind 'open'"
    yield from _doubled(("areas", "listed"), (entry.code.value for entry in areas.listed))


def _tried_first(policy: Policy) -> Iterator[Fault]:
    tried = policy.tried_first
    for name in sorted(tried.met_by.value or ()):
        if name not in policy.tried_ids:
            yield ("tried_first", "met_by"), repr(name), f"any of: {', '.join(sorted(policy.tried_ids))}"
    if tried.kind.value is TriedFirstKind.CONDITION and not tried.met_by.value:
        yield ("tried_first", "met_by"), "nothing", "what meets the condition: a condition nothing meets is a bar"
    yield from _doubled(("tried_first", "steps"), (step.id for step in tried.steps))


def _route(policy: Policy) -> Iterator[Fault]:
    yield from _doubled(("route", "steps"), (step.id for step in policy.route.steps.value or ()))


def _doubled(path: KeyPath, names: Iterable[str]) -> Iterator[Fault]:
    for name, count in Counter(names).items():
        if count > 1:
            yield path, f"{name!r} {count} times", "each once"
