"""Bring one council's enablements in line with its providers.toml: check with the plugins first, then store."""

import pathlib
from collections.abc import Mapping

from parley.access.domain import Actor
from parley.db.scope import authority_scope
from parley.db.session import Database
from parley.kernel.clock import Clock
from parley.kernel.configuration import ConfigurationError, ConfigurationProblem
from parley.plugin_host import service
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.settings import FILE_NAME, check_settings
from parley.tenancy import queries as tenancy
from parley.tenancy.domain import Authority


def enable_from_file(
    database: Database,
    gateway: Gateway,
    clock: Clock,
    *,
    actor: Actor,
    authority: Authority,
    folder: pathlib.Path,
    environ: Mapping[str, str],
) -> tuple[str, ...]:
    """Enable what ``folder``/providers.toml names for ``authority``; return the plugins' slugs.

    A council without the file has no plugin. ``gateway`` reaches a supervisor, the serving one or a short-lived one; no
    transaction is open while it is asked. Raises ConfigurationError naming every problem, and then changes nothing.
    """
    path = folder / FILE_NAME
    checked = check_settings(path, gateway, authority=authority.slug, environ=environ)
    with database.begin(authority_scope(authority.id)) as session:
        known = {provider.slug for provider in tenancy.providers(session)}
        unknown = [
            ConfigurationProblem(
                file=str(path),
                key=f"{setting.plugin}.provider",
                found=repr(setting.provider),
                allowed=f"Allowed: a file name in tenants/providers, that is {', '.join(sorted(known))}.",
            )
            for setting in checked
            if setting.provider not in known
        ]
        if unknown:
            raise ConfigurationError(unknown)
        service.apply_settings(session, actor=actor, at=clock.now(), authority_id=authority.id, checked=checked)
    return tuple(setting.plugin for setting in checked)
