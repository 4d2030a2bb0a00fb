"""The examples in docs/hooks.md, put together, are a plugin that works."""

import pathlib
import re
from typing import Any

import pytest

from parley.plugin_api.context import Config
from parley.plugin_api.contracts import CancelReason, ConfigProblem, HealthState, SubmissionReceipt
from parley.plugin_api.errors import Permanent
from parley.plugin_api.hookspecs import HOOKS
from parley.plugin_api.manifest import check_implementation, check_manifest
from parley.plugin_api.testing import HttpStub, a_context, a_reference, a_referral, json_answer

DOCUMENT = pathlib.Path(__file__).parents[3] / "docs" / "hooks.md"
CONFIG = {"mailbox": "a@example.org", "token": "t0ken-value"}


@pytest.fixture(scope="module")
def plugin() -> Any:
    namespace: dict[str, Any] = {}
    methods: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL):
        namespace.pop("Example", None)
        exec(block, namespace)  # noqa: S102 - running our own documentation is the point
        methods |= {name: value for name, value in vars(namespace.get("Example", object)).items() if name in HOOKS}
    return type("Example", (), methods)()


def test_together_they_implement_every_hook(plugin: Any) -> None:
    assert check_implementation(plugin) == ()
    assert all(hasattr(plugin, hook) for hook in HOOKS)
    assert check_manifest(plugin.provider_manifest(), name="example_provider") == ()


def test_they_check_a_configuration(plugin: Any) -> None:
    loaded = plugin.provider_config_schema()().load(CONFIG)
    assert plugin.provider_check_config(Config(loaded)) == ()
    elsewhere = Config({**loaded, "mailbox": "a@example.net"})
    assert plugin.provider_check_config(elsewhere) == (
        ConfigProblem(key="mailbox", message="must be a mailbox at example.org"),
    )


def test_they_submit_and_refuse_a_malformed_answer(plugin: Any) -> None:
    stub = HttpStub(json_answer({"id": "THEIRS-1"}), json_answer([]))
    context = a_context(Config(CONFIG), http=stub)
    assert plugin.provider_submit(context, a_referral()) == SubmissionReceipt(provider_reference="THEIRS-1")
    assert stub.requests[0].headers["Idempotency-Key"] == "key-1"
    with pytest.raises(Permanent):
        plugin.provider_submit(context, a_referral())


def test_they_cancel_by_notice_and_report_health(plugin: Any) -> None:
    context = a_context(Config(CONFIG), http=HttpStub(json_answer({}), json_answer({}, status=500)))
    notice = plugin.provider_cancel(context, a_reference(), CancelReason.OTHER).notice
    assert notice.mailbox == "a@example.org"
    assert plugin.provider_health(context).state is HealthState.OK
    assert plugin.provider_health(context).state is HealthState.DOWN
