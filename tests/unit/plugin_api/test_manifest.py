"""Manifests, interface versions, and what a hook may be given."""

import dataclasses
from typing import Any

import pytest

from parley.plugin_api import hookimpl
from parley.plugin_api.contracts import ApiRange, CancelReason, Contact, Reach, Service, SharedField
from parley.plugin_api.manifest import check_implementation, check_manifest, loads, only_declared, shareable_fields
from parley.plugin_api.testing import a_referral
from plugins_fixtures.steady import Steady

MANIFEST = Steady("steady").provider_manifest()


@pytest.mark.parametrize(
    ("made_for", "host", "does_load"),
    [
        ((1, 0), (1, 0), True),
        ((1, 0), (1, 4), True),
        ((1, 5), (1, 4), False),
        ((2, 0), (1, 4), False),
        ((1, 9), (2, 0), False),
    ],
)
def test_a_plugin_loads_in_the_same_major_with_its_minor_or_later(
    made_for: tuple[int, int], host: tuple[int, int], does_load: bool
) -> None:
    assert loads(ApiRange(major=made_for[0], min_minor=made_for[1]), host) is does_load


def test_a_sound_manifest_has_no_problem() -> None:
    assert check_manifest(MANIFEST, name="steady") == ()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"slug": "Steady"}, "lower-case"),
        ({"slug": "other"}, "differs from the entry point"),
        ({"title": " "}, "title is empty"),
        ({"services": ()}, "services is empty"),
        ({"services": (Service.MEDIATION, Service.MEDIATION)}, "names one twice"),
        ({"api": ApiRange(major=1, min_minor=7)}, "api 1.7 does not load here"),
        ({"contact": Contact(security="nobody", privacy="a@example.org")}, "contact.security is not a mailbox"),
        ({"data_shared": (SharedField(hook="no_hook", field="url", why="x"),)}, "there is no such hook"),
        ({"data_shared": (SharedField(hook="provider_submit", field="name", why="x"),)}, "receives no such field"),
        ({"data_shared": (SharedField(hook="provider_submit", field="referral_id", why="x"),)}, "no such field"),
        ({"data_shared": (SharedField(hook="provider_submit", field="url", why=" "),)}, "say why"),
        ({"data_shared": (SharedField(hook="provider_submit", field="url", why="x"),) * 2}, "declared twice"),
        ({"reaches": (Reach(),)}, "either host or setting"),
        ({"reaches": (Reach(host="a.example", setting="address"),)}, "either host or setting"),
        ({"reaches": (Reach(host="https://a.example"),)}, "lower-case DNS name"),
        ({"reaches": (Reach(host="a.example", port=0),)}, "port is from 1 to 65535"),
    ],
)
def test_each_fault_of_a_manifest_is_named(changes: dict[str, Any], problem: str) -> None:
    problems = check_manifest(dataclasses.replace(MANIFEST, **changes), name="steady")
    assert any(problem in found for found in problems), problems


def test_a_hook_is_given_what_is_declared_and_what_always_crosses() -> None:
    shared = (
        SharedField(hook="provider_submit", field="reference", why="x"),
        SharedField(hook="provider_cancel", field="council", why="x"),
    )
    given = only_declared(shared, "provider_submit", a_referral())
    assert given == dataclasses.replace(
        type(given)(referral_id=a_referral().referral_id), reference=a_referral().reference
    )
    assert only_declared((), "provider_cancel", CancelReason.DUPLICATE) is CancelReason.DUPLICATE


def test_what_always_crosses_needs_no_declaring() -> None:
    assert "referral_id" not in shareable_fields("provider_submit")
    assert shareable_fields("provider_manifest") == frozenset()


class Defaulted(Steady):
    @hookimpl
    def provider_submit(self, ctx: Any, referral: Any = None) -> Any:
        return None


class Invented(Steady):
    @hookimpl
    def provider_submit(self, ctx: Any, referral: Any, extra: Any) -> Any:
        return None


class Lacking(Steady):
    provider_cancel = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("plugin", "problem"),
    [
        (Steady, "name an instance"),
        (Defaulted("steady"), "provider_submit gives 'referral' a default"),
        (Invented("steady"), "provider_submit takes 'extra'"),
        (Lacking("steady"), "provider_cancel is required and missing"),
    ],
)
def test_each_fault_of_an_implementation_is_named(plugin: object, problem: str) -> None:
    assert any(problem in found for found in check_implementation(plugin))


def test_a_sound_implementation_has_no_problem() -> None:
    assert check_implementation(Steady("steady")) == ()
