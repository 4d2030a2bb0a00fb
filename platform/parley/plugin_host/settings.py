"""A council's providers.toml: which plugins it enables, and how. Unknown keys are errors.

[global_mediation]
state = "live"                  # or "suspended"
provider = "global-mediation"   # a file in tenants/providers; this is the default for this plugin

[global_mediation.config]       # what the plugin's own schema says
mailbox = "sen@globalmediation.co.uk"
token = { env = "NAME" }        # a secret: the name of an environment variable
"""

import pathlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from parley.kernel.configuration import ConfigurationError, ConfigurationProblem, problems_from, read_toml
from parley.plugin_api.contracts import PluginState, ProviderManifest
from parley.plugin_api.manifest import SLUG
from parley.plugin_api.wire import decode
from parley.plugin_host.config_check import config_problems
from parley.plugin_host.domain import CheckedSetting, EnablementState
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.results import Failed, Ok

FILE_NAME = "providers.toml"

#: Beside the councils' folders: a file for each provider organisation.
PROVIDERS_FOLDER = "providers"

#: How long a plugin may take to check a configuration, its start included.
CHECK_SECONDS = 20.0


class PluginTableSchema(Schema):
    """One table of providers.toml."""

    class Meta:
        """Refuse what is not below."""

        unknown = RAISE

    error_messages = {"unknown": "Allowed: state, provider, config."}

    state = fields.Enum(
        EnablementState,
        by_value=True,
        required=True,
        validate=validate.OneOf([EnablementState.LIVE, EnablementState.SUSPENDED], error="Allowed: live, suspended."),
        error_messages={"unknown": "Allowed: live, suspended.", "required": "Allowed: live, suspended."},
    )
    provider = fields.String(load_default=None, validate=validate.Regexp(r"^[a-z][a-z0-9-]*$"))
    config = fields.Dict(keys=fields.String(), load_default=dict)


def read_settings(path: pathlib.Path) -> dict[str, dict[str, Any]]:
    """Return plugin slug to its validated table; empty if there is no file, for a council without any plugin.

    Raises ConfigurationError naming file, key, what was found and what is allowed.
    """
    if not path.exists():
        return {}
    tables = read_toml(path)
    problems: list[ConfigurationProblem] = []
    settings = {}
    for slug, table in tables.items():
        if not SLUG.fullmatch(slug) or not isinstance(table, dict):
            allowed = "Allowed: a table named by a plugin's slug, such as [global_mediation]."
            problems.append(ConfigurationProblem(file=str(path), key=slug, found=repr(table), allowed=allowed))
            continue
        try:
            loaded: dict[str, Any] = PluginTableSchema().load(table)
        except ValidationError as error:
            problems += problems_from(path, tables, {slug: error.messages_dict})
            continue
        settings[slug] = {**loaded, "provider": loaded["provider"] or slug.replace("_", "-")}
    if problems:
        raise ConfigurationError(problems)
    return settings


def check_settings(
    path: pathlib.Path, gateway: Gateway, *, authority: str, environ: Mapping[str, str]
) -> tuple[CheckedSetting, ...]:
    """Read ``path`` and check each plugin's table against the plugin itself, which ``gateway`` reaches.

    ``authority`` is the council's slug; ``environ`` holds the secrets. Speaks to plugin processes: hold no transaction
    open. Raises ConfigurationError with every problem of the file.
    """
    problems: list[ConfigurationProblem] = []
    checked = []
    for slug, table in read_settings(path).items():
        try:
            checked.append(_check(path, slug, table, gateway, authority, environ))
        except ConfigurationError as error:
            problems += error.problems
    if problems:
        raise ConfigurationError(problems)
    return tuple(checked)


def fill_in_secrets(config: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """Return ``config`` with each ``{ env = "NAME" }`` replaced by the variable's value; KeyError(NAME) if not set."""
    return {key: environ[value["env"]] if is_secret_reference(value) else value for key, value in config.items()}


def is_secret_reference(value: object) -> bool:
    """Tell whether ``value`` is ``{ env = "NAME" }``."""
    return isinstance(value, Mapping) and set(value) == {"env"} and isinstance(value["env"], str)


def _check(
    path: pathlib.Path,
    slug: str,
    table: Mapping[str, Any],
    gateway: Gateway,
    authority: str,
    environ: Mapping[str, str],
) -> CheckedSetting:
    def refuse(key: str, found: str | None, allowed: str) -> ConfigurationError:
        full = f"{slug}.{key}" if key else slug
        return ConfigurationError([ConfigurationProblem(file=str(path), key=full, found=found, allowed=allowed)])

    described = gateway.describe(slug)
    if not isinstance(described, Ok):
        why = described.message if isinstance(described, Failed) else "it does not answer"
        raise refuse("", "a plugin that cannot be used", f"{why} (see `parley plugins check`)")
    manifest: ProviderManifest = decode(described.value["manifest"], ProviderManifest)
    if manifest.state is not PluginState.READY:
        raise refuse("", f"a plugin whose makers say {manifest.state.value}", "Only ready plugins can be enabled.")
    known = sorted(file.stem for file in (path.parent.parent / PROVIDERS_FOLDER).glob("*.toml"))
    if table["provider"] not in known:
        allowed = f"Allowed: a file name in tenants/{PROVIDERS_FOLDER}, that is {', '.join(known)}."
        raise refuse("provider", repr(table["provider"]), allowed)
    schema: dict[str, Any] = described.value["config_schema"]
    config: dict[str, Any] = table["config"]
    problems = [*_secret_problems(path, slug, config, schema, environ)]
    if not problems:
        problems += _config_problems(path, slug, config, schema, gateway, authority, environ)
    if problems:
        raise ConfigurationError(problems)
    return CheckedSetting(
        plugin=slug,
        provider=table["provider"],
        state=table["state"],
        config=config,
        version=described.call.version,
        manifest=described.value["manifest"],
        config_schema=schema,
    )


def _secret_problems(
    path: pathlib.Path, slug: str, config: Mapping[str, Any], schema: Mapping[str, Any], environ: Mapping[str, str]
) -> Iterator[ConfigurationProblem]:
    for key, value in config.items():
        full = f"{slug}.config.{key}"
        is_secret = bool(schema.get("properties", {}).get(key, {}).get("writeOnly"))
        if is_secret and not is_secret_reference(value):
            allowed = 'Allowed: { env = "NAME" }; a secret is never written in a file.'
            yield ConfigurationProblem(file=str(path), key=full, found="a value in the file", allowed=allowed)
        elif is_secret_reference(value) and value["env"] not in environ:
            allowed = f"Set {value['env']} in the environment of this process and of the worker."
            yield ConfigurationProblem(file=str(path), key=full, found=f"{value['env']}, not set", allowed=allowed)
        elif is_secret_reference(value) and not is_secret:
            allowed = "The plugin does not call this a secret: write its value."
            yield ConfigurationProblem(file=str(path), key=full, found=f"{{ env = {value['env']!r} }}", allowed=allowed)


def _config_problems(
    path: pathlib.Path,
    slug: str,
    config: Mapping[str, Any],
    schema: dict[str, Any],
    gateway: Gateway,
    authority: str,
    environ: Mapping[str, str],
) -> list[ConfigurationProblem]:
    filled = fill_in_secrets(config, environ)
    messages: Sequence[tuple[str, str]] = config_problems(schema, filled)
    if not messages:
        messages = gateway.check_config(slug, authority=authority, config=filled, seconds=CHECK_SECONDS)
    return [
        ConfigurationProblem(
            file=str(path),
            key=f"{slug}.config.{key}" if key else f"{slug}.config",
            found=repr(config[key]) if key in config else None,
            allowed=message,
        )
        for key, message in messages
    ]
