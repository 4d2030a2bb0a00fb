"""The kit passes a sound plugin and catches each fault it says it catches."""

import inspect
import logging
from collections.abc import Callable
from typing import Any

import marshmallow
import pluggy
import pytest
from marshmallow import fields

from parley.plugin_api import hookimpl
from parley.plugin_api.context import Config, PluginContext
from parley.plugin_api.contracts import Notice, Reach, Referral, Service, SubmissionReceipt
from parley.plugin_api.errors import Permanent
from parley.plugin_api.hookspecs import ProviderHooks
from parley.plugin_api.testing import HttpStub, ProviderConformance, json_answer
from plugins_fixtures.steady import Steady


class PushConfig(marshmallow.Schema):
    class Meta:
        unknown = marshmallow.RAISE

    address = fields.URL(required=True)
    mailbox = fields.Email(required=True)


class Push(Steady):
    """A sound provider that is pushed to over HTTP."""

    def __init__(self) -> None:
        super().__init__("push", reaches=(Reach(setting="address"),))

    @hookimpl
    def provider_config_schema(self) -> type[marshmallow.Schema]:
        return PushConfig

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        response = ctx.http.request(
            "POST",
            ctx.config["address"],
            headers={"Idempotency-Key": ctx.idempotency_key},
            json={"reference": referral.reference},
        )
        response.raise_for_status()
        body = response.json()
        if not isinstance(body, dict) or not isinstance(body.get("id"), str):
            raise Permanent("malformed_body", "the answer holds no id")
        return SubmissionReceipt(provider_reference=body["id"])


class Kit(ProviderConformance):
    entry_point = "push"
    distribution = "push"


VALID = {"address": "https://a.example.test/in", "mailbox": "a@example.test"}
OTHER = {"address": "https://b.example.test/in", "mailbox": "b@example.test"}


def check(name: str, plugin: Steady, caplog: pytest.LogCaptureFixture, **parameters: Any) -> None:
    """Run the kit's test ``name`` against ``plugin``, with what pytest would hand to it."""
    manager = pluggy.PluginManager("parley")
    manager.add_hookspecs(ProviderHooks)
    manager.register(plugin)
    answers = (json_answer({"id": "THEIRS-1"}),)
    given = {
        "plugin": plugin,
        "hooks": manager.hook,
        "manifest": plugin.provider_manifest(),
        "valid_config": VALID,
        "other_config": OTHER,
        "config": Config(VALID),
        "http_answers": answers,
        "http_stub": HttpStub(*answers),
        "caplog": caplog,
        **parameters,
    }
    test: Callable[..., None] = getattr(Kit(), name)
    test(**{parameter: given[parameter] for parameter in inspect.signature(test).parameters})


CHECKS: list[tuple[str, dict[str, Any]]] = [
    ("test_it_implements_the_specification", {}),
    ("test_its_manifest_is_valid_and_always_the_same", {}),
    ("test_its_pure_hooks_touch_nothing_and_are_quick", {}),
    ("test_its_schema_refuses_unknown_missing_and_bad_values", {}),
    ("test_its_own_check_accepts_the_valid_configuration", {}),
    ("test_a_printed_configuration_shows_no_value", {}),
    ("test_submitting_returns_exactly_a_receipt", {}),
    ("test_submitting_twice_with_one_key_acts_once", {}),
    ("test_cancelling_returns_exactly_a_receipt_each_time", {}),
    ("test_health_returns_exactly_a_health", {}),
    ("test_an_answer_that_may_pass_is_retryable", {"status": 503}),
    ("test_an_answer_that_will_not_pass_is_permanent", {"status": 404}),
    ("test_no_answer_in_time_is_retryable", {}),
    ("test_a_malformed_answer_is_permanent", {"body": b"[]"}),
    ("test_two_councils_interleaved_never_mix", {}),
    ("test_only_declared_fields_leave", {}),
    ("test_a_notice_goes_to_a_mailbox_of_the_councils_configuration", {}),
    ("test_its_log_holds_nothing_of_configuration_or_case", {}),
]


@pytest.mark.parametrize(("name", "parameters"), CHECKS)
def test_a_sound_plugin_that_pushes_passes(
    name: str, parameters: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    check(name, Push(), caplog, **parameters)


class Optimist(Push):
    """Takes every answer for a success."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        ctx.http.request("POST", ctx.config["address"], headers={"Idempotency-Key": ctx.idempotency_key})
        return SubmissionReceipt()


class Keyless(Push):
    """Never passes the idempotency key on."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        ctx.http.request("POST", ctx.config["address"])
        return SubmissionReceipt()


class Counting(Push):
    """Gives another receipt each time."""

    calls = 0

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        self.calls += 1
        return SubmissionReceipt(provider_reference=str(self.calls))


class Remembering(Push):
    """Keeps the first council's configuration for everybody."""

    first: Config | None = None

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        self.first = self.first or ctx.config
        return SubmissionReceipt(provider_reference=self.first["address"])


class Leaking(Push):
    """Sends what its manifest does not declare."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        ctx.http.request("POST", ctx.config["address"], json={"council": referral.council})
        return SubmissionReceipt()


class Misaddressing(Push):
    """Has its notices mailed somewhere of its own."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        notice = Notice(
            mailbox="own@example.test",
            reference=str(referral.reference),
            council="",
            service=Service.MEDIATION,
            what_to_do="",
        )
        return SubmissionReceipt(notice=notice)


class Talkative(Push):
    """Logs its configuration."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        ctx.log.debug("using %s", dict(ctx.config))
        return SubmissionReceipt()


class Untyped(Push):
    """Answers with a dict."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> Any:
        return {"provider_reference": "x"}


class Impure(Push):
    """Reads a file to say what it is."""

    @hookimpl
    def provider_config_schema(self) -> type[marshmallow.Schema]:
        with open("/dev/null", "rb"):
            return PushConfig


class LaxConfig(PushConfig):
    class Meta:
        unknown = marshmallow.EXCLUDE


class Lax(Push):
    """Ignores keys it does not know."""

    @hookimpl
    def provider_config_schema(self) -> type[marshmallow.Schema]:
        return LaxConfig


@pytest.mark.parametrize(
    ("plugin", "name", "parameters"),
    [
        (Optimist, "test_an_answer_that_may_pass_is_retryable", {"status": 503}),
        (Optimist, "test_an_answer_that_will_not_pass_is_permanent", {"status": 404}),
        (Optimist, "test_a_malformed_answer_is_permanent", {"body": b""}),
        (Keyless, "test_submitting_twice_with_one_key_acts_once", {}),
        (Counting, "test_submitting_twice_with_one_key_acts_once", {}),
        (Remembering, "test_two_councils_interleaved_never_mix", {}),
        (Leaking, "test_only_declared_fields_leave", {}),
        (Misaddressing, "test_a_notice_goes_to_a_mailbox_of_the_councils_configuration", {}),
        (Talkative, "test_its_log_holds_nothing_of_configuration_or_case", {}),
        (Untyped, "test_submitting_returns_exactly_a_receipt", {}),
        (Impure, "test_its_pure_hooks_touch_nothing_and_are_quick", {}),
        (Lax, "test_its_schema_refuses_unknown_missing_and_bad_values", {}),
    ],
)
def test_each_fault_is_caught(
    plugin: type[Push], name: str, parameters: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("plugin.under_test").setLevel(logging.DEBUG)
    with pytest.raises((Exception, pytest.fail.Exception)) as caught:  # noqa: PT011 - how a check fails is pytest's affair
        check(name, plugin(), caplog, **parameters)
    assert not isinstance(caught.value, TypeError | AttributeError | KeyError), "the check itself broke"
