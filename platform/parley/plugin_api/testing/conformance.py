"""What every provider plugin must do, as tests to inherit.

In the plugin's own tests::

    class TestConformance(ProviderConformance):
        entry_point = "our_slug"
        distribution = "parley-our-slug"

        @pytest.fixture
        def plugin(self): return our_package.plugin

        @pytest.fixture
        def valid_config(self): return {"mailbox": "a@example.org"}

        @pytest.fixture
        def other_config(self): return {"mailbox": "b@example.org"}

A plugin that speaks to a system also overrides ``http_answers``.
"""

import importlib.metadata
import logging
import pathlib
import sys
import time
from typing import Any, ClassVar

import marshmallow
import pluggy
import pytest

from parley.plugin_api.context import Config, HttpResponse
from parley.plugin_api.contracts import CancelReason, Notice, ProviderManifest
from parley.plugin_api.errors import Permanent, PluginError, Retryable
from parley.plugin_api.hookspecs import ProviderHooks
from parley.plugin_api.manifest import (
    check_implementation,
    check_manifest,
    declared_fields,
    only_declared,
    returned_type,
    shareable_fields,
)
from parley.plugin_api.markers import ENTRY_POINT_GROUP, PROJECT
from parley.plugin_api.testing.doubles import HttpStub, a_context, a_reference, a_referral
from parley.plugin_api.testing.purity import Watch
from parley.plugin_api.testing.source_checks import clock_reads, foreign_imports
from parley.plugin_api.wire import decode, encode

#: What a pure hook may take, in seconds; the best of five counts, so that a busy machine fails nobody.
PURE_BUDGET_SECONDS = 0.05

_watch = Watch()


class ProviderConformance:
    """Inherit, name ``entry_point`` and ``distribution``, and give the fixtures ``plugin``, ``valid_config`` (one
    council's configuration, as JSON data) and ``other_config`` (another council's, different in every value it can)."""

    entry_point: ClassVar[str]
    distribution: ClassVar[str]

    @pytest.fixture
    def plugin(self) -> object:
        """Return the object that the entry point names."""
        raise NotImplementedError("give the fixture `plugin`")

    @pytest.fixture
    def valid_config(self) -> dict[str, Any]:
        """Return one council's configuration."""
        raise NotImplementedError("give the fixture `valid_config`")

    @pytest.fixture
    def other_config(self) -> dict[str, Any]:
        """Return another council's configuration."""
        raise NotImplementedError("give the fixture `other_config`")

    @pytest.fixture
    def http_answers(self) -> tuple[HttpResponse, ...]:
        """Return what the provider's system answers, in turn, to one submission that succeeds."""
        return ()

    @pytest.fixture
    def http_stub(self, http_answers: tuple[HttpResponse, ...]) -> HttpStub:
        """Return a client that gives ``http_answers``; the last one repeats."""
        return HttpStub(*http_answers)

    @pytest.fixture
    def hooks(self, plugin: object) -> Any:
        """Return the plugin's hooks, registered as the host registers them."""
        manager = pluggy.PluginManager(PROJECT)
        manager.add_hookspecs(ProviderHooks)
        manager.register(plugin, name=self.entry_point)
        manager.check_pending()
        return manager.hook

    @pytest.fixture
    def manifest(self, hooks: Any) -> ProviderManifest:
        """Return the plugin's manifest."""
        manifest: ProviderManifest = hooks.provider_manifest()
        return manifest

    @pytest.fixture
    def config(self, hooks: Any, valid_config: dict[str, Any]) -> Config:
        """Return ``valid_config`` as the plugin's schema loads it."""
        return Config(hooks.provider_config_schema()().load(valid_config))

    @pytest.fixture
    def source(self) -> pathlib.Path:
        """Return the folder of the plugin's package."""
        module = sys.modules[self._package()]
        assert module.__file__ is not None, "the plugin's module has a file"
        return pathlib.Path(module.__file__).parent

    # What it is

    def test_its_entry_point_names_this_plugin(self, plugin: object) -> None:
        (point,) = importlib.metadata.entry_points(group=ENTRY_POINT_GROUP, name=self.entry_point)
        assert point.load() is plugin
        assert point.dist is not None
        assert point.dist.name == self.distribution

    def test_it_implements_the_specification(self, plugin: object) -> None:
        assert check_implementation(plugin) == ()

    def test_its_manifest_is_valid_and_always_the_same(self, hooks: Any, manifest: ProviderManifest) -> None:
        encoded = encode(manifest, ProviderManifest, "manifest")
        assert decode(encoded, ProviderManifest) == manifest
        assert check_manifest(manifest, name=self.entry_point) == ()
        assert hooks.provider_manifest() == manifest

    def test_its_pure_hooks_touch_nothing_and_are_quick(self, hooks: Any, config: Config) -> None:
        calls = [hooks.provider_manifest, hooks.provider_config_schema]
        if hooks.provider_check_config.get_hookimpls():
            calls.append(lambda: hooks.provider_check_config(config=config))
        for call in calls:
            call()
            times = []
            for _ in range(5):
                started = time.perf_counter()
                with _watch.outside_touches() as touched:
                    call()
                times.append(time.perf_counter() - started)
                assert touched == [], "a pure hook touches no file, socket or process"
            assert min(times) < PURE_BUDGET_SECONDS

    def test_it_imports_only_what_it_declares_and_the_public_interface(self, source: pathlib.Path) -> None:
        assert foreign_imports(source, package=self._package(), distribution=self.distribution) == []

    def test_it_never_asks_the_machine_for_the_time(self, source: pathlib.Path) -> None:
        assert clock_reads(source) == []

    # Its configuration

    def test_its_schema_refuses_unknown_missing_and_bad_values(self, hooks: Any, valid_config: dict[str, Any]) -> None:
        schema = hooks.provider_config_schema()()
        assert schema.unknown == marshmallow.RAISE
        _refused(schema, {**valid_config, "no_such_key": "x"}, "no_such_key")
        for name, field in schema.fields.items():
            key = field.data_key or name
            if field.required:
                _refused(schema, {k: v for k, v in valid_config.items() if k != key}, key)
            _refused(schema, {**valid_config, key: object()}, key)

    def test_its_own_check_accepts_the_valid_configuration(self, hooks: Any, config: Config) -> None:
        if hooks.provider_check_config.get_hookimpls():
            problems = hooks.provider_check_config(config=config)
            encode(problems, returned_type("provider_check_config"), "problems")
            assert problems == ()

    def test_a_printed_configuration_shows_no_value(self, config: Config, valid_config: dict[str, Any]) -> None:
        for value in valid_config.values():
            assert str(value) not in f"{config!r} {config}"

    # Its commands

    def test_submitting_returns_exactly_a_receipt(
        self, hooks: Any, config: Config, manifest: ProviderManifest, http_stub: HttpStub
    ) -> None:
        receipt = self._submit(hooks, config, manifest, http_stub)
        encode(receipt, returned_type("provider_submit"), "receipt")

    def test_submitting_twice_with_one_key_acts_once(
        self, hooks: Any, config: Config, manifest: ProviderManifest, http_stub: HttpStub
    ) -> None:
        """The second call may ask again, under the same key, but gives the same receipt."""
        first = self._submit(hooks, config, manifest, http_stub)
        sent = [request.text() for request in http_stub.requests]
        second = self._submit(hooks, config, manifest, http_stub)
        assert second == first
        again = [request.text() for request in http_stub.requests[len(sent) :]]
        assert again in ([], sent), "a repeat sends nothing, or the very same with the same key"
        if again:
            assert all("key-1" in text for text in again), "the idempotency key must go to the other side"

    def test_cancelling_returns_exactly_a_receipt_each_time(
        self, hooks: Any, config: Config, manifest: ProviderManifest, http_stub: HttpStub
    ) -> None:
        reference = only_declared(manifest.data_shared, "provider_cancel", a_reference())
        for reason in CancelReason:
            receipts = [
                hooks.provider_cancel(ctx=a_context(config, http=http_stub), reference=reference, reason=reason)
                for _ in range(2)
            ]
            encode(receipts[0], returned_type("provider_cancel"), "receipt")
            assert receipts[0] == receipts[1]

    def test_health_returns_exactly_a_health(self, hooks: Any, config: Config, http_stub: HttpStub) -> None:
        if hooks.provider_health.get_hookimpls():
            health = hooks.provider_health(ctx=a_context(config, http=http_stub))
            encode(health, returned_type("provider_health"), "health")

    @pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
    def test_an_answer_that_may_pass_is_retryable(
        self, hooks: Any, config: Config, manifest: ProviderManifest, status: int
    ) -> None:
        stub = HttpStub(HttpResponse(status=status, headers={"retry-after": "7"}, body=b""))
        self._fails(Retryable, hooks, config, manifest, stub)

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
    def test_an_answer_that_will_not_pass_is_permanent(
        self, hooks: Any, config: Config, manifest: ProviderManifest, status: int
    ) -> None:
        self._fails(Permanent, hooks, config, manifest, HttpStub(HttpResponse(status=status, headers={}, body=b"{}")))

    def test_no_answer_in_time_is_retryable(self, hooks: Any, config: Config, manifest: ProviderManifest) -> None:
        stub = HttpStub(Retryable("http_timeout", "no answer in time"))
        self._fails(Retryable, hooks, config, manifest, stub)

    @pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"text"', b"{}"])
    def test_a_malformed_answer_is_permanent(
        self, hooks: Any, config: Config, manifest: ProviderManifest, body: bytes
    ) -> None:
        self._fails(Permanent, hooks, config, manifest, HttpStub(HttpResponse(status=200, headers={}, body=body)))

    # What leaves

    def test_two_councils_interleaved_never_mix(
        self,
        hooks: Any,
        manifest: ProviderManifest,
        valid_config: dict[str, Any],
        other_config: dict[str, Any],
        http_answers: tuple[HttpResponse, ...],
    ) -> None:
        schema = hooks.provider_config_schema()()
        councils = {"anyshire": Config(schema.load(valid_config)), "otherham": Config(schema.load(other_config))}
        referral = only_declared(manifest.data_shared, "provider_submit", a_referral())
        outcomes: dict[str, list[str]] = {council: [] for council in councils}
        for council in ("anyshire", "otherham", "anyshire", "otherham"):
            stub = HttpStub(*http_answers)
            context = a_context(councils[council], http=stub, authority=council)
            receipt = hooks.provider_submit(ctx=context, referral=referral)
            outcomes[council].append(f"{receipt} {[request.text() for request in stub.requests]}")
        own = {"anyshire": valid_config, "otherham": other_config}
        for council, other in (("anyshire", "otherham"), ("otherham", "anyshire")):
            assert len(set(outcomes[council])) == 1, "the other council changed what this one got"
            for value in set(map(str, own[other].values())) - set(map(str, own[council].values())):
                assert value not in outcomes[council][0]

    def test_only_declared_fields_leave(
        self, hooks: Any, config: Config, manifest: ProviderManifest, http_stub: HttpStub
    ) -> None:
        """Even were the host to give everything, what the manifest does not declare goes nowhere."""
        referral = a_referral()
        receipt = hooks.provider_submit(ctx=a_context(config, http=http_stub), referral=referral)
        left = f"{receipt} {[request.text() for request in http_stub.requests]}"
        undeclared = shareable_fields("provider_submit") - declared_fields(manifest.data_shared, "provider_submit")
        for field in sorted(undeclared - {"areas", "service"}):
            assert str(getattr(referral, field)) not in left, f"{field} left, and the manifest does not declare it"

    def test_a_notice_goes_to_a_mailbox_of_the_councils_configuration(
        self, hooks: Any, config: Config, manifest: ProviderManifest, http_stub: HttpStub
    ) -> None:
        notice: Notice | None = self._submit(hooks, config, manifest, http_stub).notice
        if notice is not None:
            assert notice.mailbox in {str(value) for value in config.values()}
            assert notice.reference == a_referral().reference

    def test_its_log_holds_nothing_of_configuration_or_case(
        self,
        hooks: Any,
        config: Config,
        manifest: ProviderManifest,
        http_stub: HttpStub,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            self._submit(hooks, config, manifest, http_stub)
        kept_out = {str(value) for value in config.values() if value} | {str(a_referral().url)}
        assert not [value for value in kept_out if value in caplog.text]

    # How

    def _package(self) -> str:
        (point,) = importlib.metadata.entry_points(group=ENTRY_POINT_GROUP, name=self.entry_point)
        point.load()
        return point.module.partition(".")[0]

    def _submit(self, hooks: Any, config: Config, manifest: ProviderManifest, http: HttpStub) -> Any:
        referral = only_declared(manifest.data_shared, "provider_submit", a_referral())
        return hooks.provider_submit(ctx=a_context(config, http=http), referral=referral)

    def _fails(
        self, expected: type[PluginError], hooks: Any, config: Config, manifest: ProviderManifest, http: HttpStub
    ) -> None:
        """Submit against a faulty system; a plugin that reaches nothing must not notice, because it sends nothing."""
        if manifest.reaches:
            with pytest.raises(expected):
                self._submit(hooks, config, manifest, http)
        else:
            self._submit(hooks, config, manifest, http)
            assert http.requests == [], "the manifest reaches nothing, and yet a request was made"


def _refused(schema: marshmallow.Schema, values: dict[str, Any], key: str) -> None:
    with pytest.raises(marshmallow.ValidationError) as caught:
        schema.load(values)
    assert key in caught.value.normalized_messages(), f"the schema refuses, but not because of {key}"  # type: ignore[no-untyped-call]
