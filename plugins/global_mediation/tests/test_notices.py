"""What Global Mediation is told, in words, and what its configuration refuses."""

import datetime as dt
from typing import Any

import marshmallow
import pytest
from parley_global_mediation import plugin
from parley_global_mediation.config import GlobalMediationConfig

from parley.plugin_api.context import Config
from parley.plugin_api.contracts import CancelReason, ConfigProblem, Health, HealthState, Notice, Service
from parley.plugin_api.errors import Permanent
from parley.plugin_api.testing import HttpStub, a_context, a_reference, a_referral


def context(**config: Any) -> Any:
    loaded = GlobalMediationConfig().load({"mailbox": "sen@globalmediation.co.uk", **config})
    return a_context(Config(loaded), http=HttpStub())


def test_a_new_referral_asks_to_acknowledge_and_to_tell_the_council() -> None:
    receipt = plugin.provider_submit(context(), a_referral())
    assert receipt.provider_reference is None
    assert receipt.notice == Notice(
        mailbox="sen@globalmediation.co.uk",
        reference="ANY-2026-00042",
        council="Anyshire Test Council",
        service=Service.DISAGREEMENT_RESOLUTION,
        what_to_do="Acknowledge this request in Parley, then tell Anyshire Test Council about it by 30 November 2026.",
        by_when=dt.date(2026, 11, 26),
        url="https://providers.example.test/cases/0190c3f0",
    )


def test_without_dates_the_notice_names_none() -> None:
    notice = plugin.provider_submit(context(), a_referral(acknowledge_by=None, tell_council_by=None)).notice
    assert notice is not None
    assert notice.by_when is None
    assert notice.what_to_do == "Acknowledge this request in Parley, then tell Anyshire Test Council about it."


def test_a_council_with_its_own_team_has_the_notice_greet_it() -> None:
    notice = plugin.provider_submit(context(team="Team S"), a_referral()).notice
    assert notice is not None
    assert notice.addressed_to == "Team S"


@pytest.mark.parametrize(
    ("reason", "because"),
    [
        (CancelReason.WITHDRAWN_BY_FAMILY, "The family has withdrawn it."),
        (CancelReason.MOVED_AWAY, "The family now belongs to another council."),
        (CancelReason.OTHER_PROVIDER, "Another provider has taken it over."),
        (CancelReason.DUPLICATE, "It was entered twice."),
        (CancelReason.OTHER, "Parley shows why."),
    ],
)
def test_an_ended_referral_says_why_and_asks_to_stop(reason: CancelReason, because: str) -> None:
    notice = plugin.provider_cancel(context(), a_reference(), reason).notice
    assert notice is not None
    assert notice.what_to_do == (f"This request has ended. {because} Please stop work on it and cancel any meeting.")


def test_a_referral_without_its_reference_cannot_be_told_of() -> None:
    with pytest.raises(Permanent) as caught:
        plugin.provider_submit(context(), a_referral(reference=None))
    assert caught.value.code == "incomplete_referral"


def test_a_mailbox_of_somebody_else_is_refused() -> None:
    problems = plugin.provider_check_config(Config({"mailbox": "sen@example.org", "team": None}))
    assert problems == (
        ConfigProblem(
            key="mailbox", message="must be a mailbox at globalmediation.co.uk, such as sen@globalmediation.co.uk"
        ),
    )


@pytest.mark.parametrize("mailbox", ["not a mailbox", "", None])
def test_what_is_no_mailbox_is_refused_by_the_schema(mailbox: str | None) -> None:
    with pytest.raises(marshmallow.ValidationError):
        GlobalMediationConfig().load({"mailbox": mailbox})


def test_there_is_no_system_that_could_be_down() -> None:
    assert plugin.provider_health(context()) == Health(
        state=HealthState.OK, message="Global Mediation works in Parley; notices go out by e-mail."
    )
