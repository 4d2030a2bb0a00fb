"""Load one plugin inside its own process, and say what it is or why it cannot be used."""

import dataclasses
import importlib
from typing import Any
from urllib.parse import urlsplit

import marshmallow
import pluggy

from parley.plugin_api.contracts import ProviderManifest, Reach
from parley.plugin_api.hookspecs import HOOKS, ProviderHooks
from parley.plugin_api.manifest import check_implementation, check_manifest
from parley.plugin_api.markers import PROJECT
from parley.plugin_api.wire import ContractMismatch, encode
from parley.plugin_host.config_schema import UnusableSchema, to_json_schema


class Quarantined(Exception):
    """The plugin cannot be used; the message is the reason, for its maker and for an operator."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class LoadedPlugin:
    """A plugin ready to be called: its hooks behind pluggy, its manifest, its schema."""

    hooks: Any
    implemented: frozenset[str]
    manifest: ProviderManifest
    schema: type[marshmallow.Schema]
    json_schema: dict[str, Any]

    def description(self) -> dict[str, Any]:
        """Return what the host stores at enablement, as JSON data."""
        return {
            "manifest": encode(self.manifest, ProviderManifest, "manifest"),
            "config_schema": self.json_schema,
            "hooks": sorted(self.implemented),
        }

    def places(self, config: dict[str, Any]) -> tuple[tuple[str, int], ...]:
        """Return (host, port) of everything the manifest reaches, given a council's ``config``."""
        return tuple(place for reach in self.manifest.reaches if (place := _place(reach, config)))


def load_plugin(name: str, value: str) -> LoadedPlugin:
    """Import ``value`` (``module:object``), register it under ``name`` and check all that can be checked now.

    Raises Quarantined with the reason for anything that is wrong, whatever the plugin raises.
    """
    try:
        plugin = _import(value)
    except BaseException as error:
        raise Quarantined(f"importing {value} failed: {type(error).__name__}: {error}") from error
    if problems := check_implementation(plugin):
        raise Quarantined("; ".join(problems))
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(ProviderHooks)
    try:
        manager.register(plugin, name=name)
        manager.check_pending()
        manifest = manager.hook.provider_manifest()
        encode(manifest, ProviderManifest, "manifest")
        schema = manager.hook.provider_config_schema()
        json_schema = to_json_schema(schema)
    except (pluggy.PluginValidationError, ContractMismatch, UnusableSchema) as error:
        raise Quarantined(str(error)) from error
    except BaseException as error:
        raise Quarantined(f"describing itself failed: {type(error).__name__}: {error}") from error
    if problems := check_manifest(manifest, name=name):
        raise Quarantined("; ".join(problems))
    implemented = frozenset(hook for hook in HOOKS if getattr(manager.hook, hook).get_hookimpls())
    if missing := sorted(hook for hook, facts in HOOKS.items() if facts.required and hook not in implemented):
        raise Quarantined(f"{', '.join(missing)}: the method lacks @hookimpl")
    return LoadedPlugin(
        hooks=manager.hook, implemented=implemented, manifest=manifest, schema=schema, json_schema=json_schema
    )


def _import(value: str) -> object:
    module, _, attribute = value.partition(":")
    found: object = importlib.import_module(module)
    for part in attribute.split("."):
        found = getattr(found, part)
    return found


def _place(reach: Reach, config: dict[str, Any]) -> tuple[str, int] | None:
    if reach.host is not None:
        return reach.host, reach.port
    address = config.get(reach.setting or "")
    if not isinstance(address, str):
        return None
    parts = urlsplit(address)
    if not parts.hostname:
        return None
    return parts.hostname.lower(), parts.port or (80 if parts.scheme == "http" else 443)
