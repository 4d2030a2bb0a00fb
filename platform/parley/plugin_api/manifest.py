"""What a manifest must be, which interface versions load, and what a hook may be given. Pure; used by host and kit."""

import dataclasses
import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar, get_type_hints

from parley.plugin_api.context import Config, PluginContext
from parley.plugin_api.contracts import ApiRange, ProviderManifest, Reach, SharedField
from parley.plugin_api.hookspecs import HOOKS, ProviderHooks
from parley.plugin_api.markers import API_VERSION

SLUG = re.compile(r"[a-z][a-z0-9_]{1,39}")
MAILBOX = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")

_T = TypeVar("_T")


def loads(api: ApiRange, host: tuple[int, int] = API_VERSION) -> bool:
    """Tell whether a plugin made for ``api`` loads in a host of version ``host``."""
    return api.major == host[0] and api.min_minor <= host[1]


def received_types(hook: str) -> dict[str, Any]:
    """Return the contract types that ``hook`` receives, by parameter name, without context and configuration."""
    hints = get_type_hints(getattr(ProviderHooks, hook))
    return {name: kind for name, kind in hints.items() if name != "return" and kind not in {PluginContext, Config}}


def returned_type(hook: str) -> Any:
    """Return the type that ``hook`` must return."""
    return get_type_hints(getattr(ProviderHooks, hook))["return"]


def shareable_fields(hook: str) -> frozenset[str]:
    """Return the fields that a manifest may declare for ``hook``: those with a default in what the hook receives."""
    return frozenset(
        field.name
        for kind in received_types(hook).values()
        if dataclasses.is_dataclass(kind)
        for field in dataclasses.fields(kind)
        if field.default is not dataclasses.MISSING
    )


def declared_fields(shared: Iterable[SharedField], hook: str) -> frozenset[str]:
    """Return the fields that ``shared`` declares for ``hook``."""
    return frozenset(entry.field for entry in shared if entry.hook == hook)


def only_declared(shared: Iterable[SharedField], hook: str, value: _T) -> _T:
    """Return ``value`` with every field that has a default and is not declared for ``hook`` set back to its default.

    Values that are not contract dataclasses (an enumeration member) come back unchanged.
    """
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    declared = declared_fields(shared, hook)
    undeclared = {
        field.name: field.default
        for field in dataclasses.fields(value)
        if field.default is not dataclasses.MISSING and field.name not in declared
    }
    return dataclasses.replace(value, **undeclared)


def check_manifest(manifest: ProviderManifest, *, name: str) -> tuple[str, ...]:
    """Return what is wrong with ``manifest`` of the plugin found under entry point ``name``; empty if nothing."""
    return (
        tuple(_identity_problems(manifest, name)) + tuple(_data_problems(manifest)) + tuple(_reach_problems(manifest))
    )


def check_implementation(plugin: object) -> tuple[str, ...]:
    """Return what is wrong with the object an entry point named; empty if nothing is.

    It must be an instance, have every required hook, and each implementation must take the specification's parameters
    by name and without defaults (a default would hide that the host never passed a value).
    """
    if inspect.isclass(plugin):
        return (f"the entry point names the class {plugin.__name__}; name an instance of it",)
    problems = []
    for hook, facts in HOOKS.items():
        implementation = getattr(plugin, hook, None)
        if implementation is None:
            problems += [f"{hook} is required and missing"] if facts.required else []
            continue
        specified = set(inspect.signature(getattr(ProviderHooks, hook)).parameters) - {"self"}
        for parameter in inspect.signature(implementation).parameters.values():
            if parameter.name not in specified:
                problems.append(f"{hook} takes {parameter.name!r}, which the specification does not have")
            elif parameter.default is not inspect.Parameter.empty:
                problems.append(f"{hook} gives {parameter.name!r} a default; remove it")
    return tuple(problems)


def _identity_problems(manifest: ProviderManifest, name: str) -> Iterator[str]:
    if not SLUG.fullmatch(manifest.slug):
        yield f"slug {manifest.slug!r} must be 2 to 40 lower-case letters, digits and underscores"
    if manifest.slug != name:
        yield f"slug {manifest.slug!r} differs from the entry point's name {name!r}"
    if not manifest.title.strip():
        yield "title is empty"
    if not manifest.services:
        yield "services is empty"
    if len(set(manifest.services)) != len(manifest.services):
        yield "services names one twice"
    if not loads(manifest.api):
        wanted, here = (f"{a}.{b}" for a, b in ((manifest.api.major, manifest.api.min_minor), API_VERSION))
        yield f"api {wanted} does not load here: this is {here}"
    for use in ("security", "privacy"):
        if not MAILBOX.fullmatch(getattr(manifest.contact, use)):
            yield f"contact.{use} is not a mailbox"


def _data_problems(manifest: ProviderManifest) -> Iterator[str]:
    seen = set()
    for entry in manifest.data_shared:
        where = f"data_shared {entry.hook}.{entry.field}"
        if entry.hook not in HOOKS:
            yield f"{where}: there is no such hook"
        elif entry.field not in shareable_fields(entry.hook):
            allowed = ", ".join(sorted(shareable_fields(entry.hook))) or "none"
            yield f"{where}: the hook receives no such field. Allowed: {allowed}"
        if not entry.why.strip():
            yield f"{where}: say why"
        if (entry.hook, entry.field) in seen:
            yield f"{where}: declared twice"
        seen.add((entry.hook, entry.field))


def _reach_problems(manifest: ProviderManifest) -> Iterator[str]:
    for reach in manifest.reaches:
        if (reach.host is None) == (reach.setting is None):
            yield f"reaches {_shown(reach)}: give either host or setting"
        if reach.host is not None and not HOST.fullmatch(reach.host):
            yield f"reaches {_shown(reach)}: host is a lower-case DNS name"
        if not 0 < reach.port < 65536:
            yield f"reaches {_shown(reach)}: port is from 1 to 65535"


def _shown(reach: Reach) -> str:
    return f"{reach.host or reach.setting or ''}:{reach.port}"
