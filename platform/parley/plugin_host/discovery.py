"""Which plugins there are, by entry point metadata alone: nothing of a plugin is imported here."""

import dataclasses
import enum
import importlib.metadata
from collections.abc import Collection, Iterable

from parley.plugin_api import ENTRY_POINT_GROUP


@dataclasses.dataclass(frozen=True, kw_only=True)
class PluginTarget:
    """Where a plugin is: ``name`` its slug, ``value`` as in an entry point (``module:object``).

    ``path`` lists folders its process searches before the installed packages; empty for installed plugins.
    """

    name: str
    value: str
    distribution: str
    version: str
    path: tuple[str, ...] = ()


class Admission(enum.StrEnum):
    """Whether a plugin that was found may start here."""

    ADMITTED = "admitted"
    NOT_LISTED = "not_listed"
    BLOCKED = "blocked"
    AMBIGUOUS = "ambiguous"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Found:
    """One plugin found, and whether it may start."""

    target: PluginTarget
    admission: Admission


def installed_targets() -> tuple[PluginTarget, ...]:
    """Return every plugin that an installed distribution names, in order of name."""
    return tuple(
        PluginTarget(
            name=point.name,
            value=point.value,
            distribution=point.dist.name if point.dist else "",
            version=point.dist.version if point.dist else "",
        )
        for point in sorted(importlib.metadata.entry_points(group=ENTRY_POINT_GROUP), key=lambda p: (p.name, p.value))
    )


def admit(
    targets: Iterable[PluginTarget], *, allowed: Collection[str] | None, blocked: Collection[str] = ()
) -> tuple[Found, ...]:
    """Decide for each of ``targets`` whether it may start.

    ``allowed`` (PARLEY_PLUGINS) lists names; None allows all that are installed. ``blocked`` wins over it. A name that
    two distributions claim starts for neither, because nobody could say which one a council agreed to.
    """
    listed = tuple(targets)
    names = [target.name for target in listed]
    return tuple(Found(target=target, admission=_admission(target.name, names, allowed, blocked)) for target in listed)


def _admission(name: str, names: list[str], allowed: Collection[str] | None, blocked: Collection[str]) -> Admission:
    if name in blocked:
        return Admission.BLOCKED
    if allowed is not None and name not in allowed:
        return Admission.NOT_LISTED
    return Admission.AMBIGUOUS if names.count(name) > 1 else Admission.ADMITTED
