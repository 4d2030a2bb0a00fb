"""A council's providers.toml: what is wrong with it is said with file, key, what was found and what is allowed."""

import pathlib
from typing import Any

import pytest

from parley.kernel.configuration import ConfigurationError
from parley.plugin_api.contracts import ProviderManifest
from parley.plugin_api.wire import encode
from parley.plugin_host.domain import EnablementState
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.results import CallRecord, Failed, FailureKind, HookResult, Ok
from parley.plugin_host.settings import check_settings, fill_in_secrets, read_settings
from plugins_fixtures.steady import Steady

ROOT = pathlib.Path(__file__).parents[3]

CALL = CallRecord(
    authority="", plugin="steady", version="0.1", hook="describe", api="1.0", result="ok", code="", duration_ms=1
)

SCHEMA = {
    "type": "object",
    "properties": {"mailbox": {"type": "string", "minLength": 3}, "token": {"type": "string", "writeOnly": True}},
    "required": ["mailbox"],
    "additionalProperties": False,
}


class KnownPlugin(Gateway):
    """A gateway to one plugin, steady, which dislikes the mailbox "bad mailbox"."""

    def __init__(self) -> None:
        super().__init__(pathlib.Path("/nonexistent"))

    def describe(self, plugin: str, *, seconds: float = 30.0) -> HookResult:
        if plugin != "steady":
            message = f"no plugin {plugin!r} may run here"
            return Failed(kind=FailureKind.PERMANENT, code="not_installed", message=message, call=CALL)
        manifest = encode(Steady("steady").provider_manifest(), ProviderManifest)
        return Ok(value={"manifest": manifest, "config_schema": SCHEMA, "hooks": []}, call=CALL)

    def check_config(self, plugin: str, **given: Any) -> tuple[tuple[str, str], ...]:
        return (("mailbox", "is disliked"),) if given["config"]["mailbox"] == "bad mailbox" else ()


@pytest.fixture
def check(tmp_path: pathlib.Path) -> Any:
    def checked(text: str, **environ: str) -> Any:
        path = tmp_path / "derby" / "providers.toml"
        for folder in (path.parent, tmp_path / "providers"):
            folder.mkdir()
        (tmp_path / "providers" / "steady.toml").touch()
        path.write_text(text)
        return check_settings(path, KnownPlugin(), authority="derby", environ=environ)

    return checked


GOOD = """
[steady]
state = "live"
[steady.config]
mailbox = "a@example.org"
token = { env = "STEADY_TOKEN" }
"""


def test_a_sound_file_is_taken_with_the_secret_by_name_only(check: Any) -> None:
    (setting,) = check(GOOD, STEADY_TOKEN="s3cret")
    assert (setting.plugin, setting.provider, setting.state) == ("steady", "steady", EnablementState.LIVE)
    assert setting.config == {"mailbox": "a@example.org", "token": {"env": "STEADY_TOKEN"}}
    assert setting.version == "0.1"
    assert "s3cret" not in repr(setting)


def test_a_council_without_the_file_has_no_plugin(tmp_path: pathlib.Path) -> None:
    assert read_settings(tmp_path / "providers.toml") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[steady]\nstate = 'off'", "steady.state: found 'off'. Allowed: live, suspended."),
        ("[steady]\nstate = 'removed'", "steady.state: found 'removed'. Allowed: live, suspended."),
        ("[steady]", "steady.state: is missing. Allowed: live, suspended."),
        ("[steady]\nstate = 'live'\ncolour = 1", "steady.colour: found 1. Allowed: state, provider, config."),
        ("steady = 1", "steady: found 1. Allowed: a table named by a plugin's slug"),
        ("[Steady]\nstate = 'live'", "Steady: found"),
        ("[steady", "is not TOML"),
        ("[nobody]\nstate = 'live'", "nobody: found a plugin that cannot be used. no plugin 'nobody' may run here"),
        (
            "[steady]\nstate = 'live'\nprovider = 'nobody'",
            "steady.provider: found 'nobody'. Allowed: a file name in tenants/providers, that is steady.",
        ),
        ("[steady]\nstate = 'live'", "steady.config: is missing. 'mailbox' is a required property"),
        ("[steady]\nstate='live'\n[steady.config]\nmailbox='x'", "steady.config.mailbox: found 'x'."),
        ("[steady]\nstate='live'\n[steady.config]\nmailbox='bad mailbox'", "found 'bad mailbox'. is disliked"),
        (
            "[steady]\nstate='live'\n[steady.config]\nmailbox='a@b.c'\ntoken='s3cret'",
            'steady.config.token: found a value in the file. Allowed: { env = "NAME" }',
        ),
        (GOOD, "steady.config.token: found STEADY_TOKEN, not set. Set STEADY_TOKEN in the environment"),
        (
            "[steady]\nstate='live'\n[steady.config]\nmailbox={env='PATH_OF_IT'}",
            "steady.config.mailbox: found PATH_OF_IT, not set.",
        ),
    ],
)
def test_each_fault_is_said_with_file_key_found_and_allowed(check: Any, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check(text)
    assert said in str(caught.value)
    assert "providers.toml" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_every_fault_of_a_file_is_said_at_once(check: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check("[one]\nstate = 'off'\n[two]\nstate = 'off'")
    assert len(caught.value.problems) == 2


def test_secrets_are_filled_in_from_the_environment() -> None:
    config = {"token": {"env": "T"}, "mailbox": "a@example.org", "table": {"env": "T", "other": 1}}
    assert fill_in_secrets(config, {"T": "value"}) == {**config, "token": "value"}
    with pytest.raises(KeyError):
        fill_in_secrets(config, {})


@pytest.mark.parametrize("council", ["derby", "staffordshire"])
def test_the_councils_of_this_deployment_name_the_published_mailbox(council: str) -> None:
    settings = read_settings(ROOT / "tenants" / council / "providers.toml")
    assert settings == {
        "global_mediation": {
            "state": EnablementState.LIVE,
            "provider": "global-mediation",
            "config": {"mailbox": "sen@globalmediation.co.uk"},
        }
    }


def test_derbyshire_whose_provider_was_not_seen_has_none() -> None:
    assert read_settings(ROOT / "tenants" / "derbyshire" / "providers.toml") == {}
