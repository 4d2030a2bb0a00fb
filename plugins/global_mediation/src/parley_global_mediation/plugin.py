"""The plugin: everything it says to Global Mediation is a notice that the host mails. It opens no connection."""

import datetime as dt
from typing import TypeVar

import marshmallow

from parley.plugin_api import hookimpl
from parley.plugin_api.context import Config, PluginContext
from parley.plugin_api.contracts import (
    ApiRange,
    CancellationReceipt,
    CancelReason,
    ConfigProblem,
    Contact,
    Health,
    HealthState,
    Notice,
    PluginKind,
    PluginState,
    ProviderManifest,
    Referral,
    ReferralReference,
    Service,
    SharedField,
    SubmissionReceipt,
)
from parley.plugin_api.errors import Permanent
from parley_global_mediation.config import DOMAIN, GlobalMediationConfig

_T = TypeVar("_T")

#: The only mailbox they publish; this plugin's questions go there too.
PUBLISHED_MAILBOX = f"sen@{DOMAIN}"

_SHARED_ON_SUBMIT = {
    "reference": "Names the case in the notice, so that the coordinator finds it.",
    "council": "Tells the coordinator which council to contact about the request.",
    "service": "Says which service the family asked for.",
    "acknowledge_by": "Says by when the request should be acknowledged.",
    "tell_council_by": "Says by when the council should hear of the request.",
    "url": "Opens the case, after signing in.",
}
_SHARED_ON_CANCEL = {
    "reference": "Names the case in the notice, so that the coordinator finds it.",
    "council": "Tells the coordinator whose case has ended.",
    "service": "Says which service has ended.",
    "url": "Opens the case, after signing in.",
}

_ENDED_BECAUSE = {
    CancelReason.WITHDRAWN_BY_FAMILY: "The family has withdrawn it.",
    CancelReason.MOVED_AWAY: "The family now belongs to another council.",
    CancelReason.OTHER_PROVIDER: "Another provider has taken it over.",
    CancelReason.DUPLICATE: "It was entered twice.",
}


class GlobalMediation:
    """A workspace provider: coordinators and mediators work in Parley; notices reach them by e-mail."""

    @hookimpl
    def provider_manifest(self) -> ProviderManifest:
        """Say what this plugin is."""
        return ProviderManifest(
            slug="global_mediation",
            title="Global Mediation",
            kind=PluginKind.PROVIDER,
            api=ApiRange(major=1, min_minor=0),
            state=PluginState.READY,
            services=(Service.DISAGREEMENT_RESOLUTION, Service.MEDIATION_ADVICE, Service.MEDIATION),
            data_shared=(
                *(SharedField(hook="provider_submit", field=f, why=why) for f, why in _SHARED_ON_SUBMIT.items()),
                *(SharedField(hook="provider_cancel", field=f, why=why) for f, why in _SHARED_ON_CANCEL.items()),
            ),
            contact=Contact(security=PUBLISHED_MAILBOX, privacy=PUBLISHED_MAILBOX),
        )

    @hookimpl
    def provider_config_schema(self) -> type[marshmallow.Schema]:
        """Give the configuration's shape."""
        return GlobalMediationConfig

    @hookimpl
    def provider_check_config(self, config: Config) -> tuple[ConfigProblem, ...]:
        """Refuse a mailbox outside their domain: a slip there would tell a stranger of every case."""
        if str(config["mailbox"]).lower().endswith(f"@{DOMAIN}"):
            return ()
        return (ConfigProblem(key="mailbox", message=f"must be a mailbox at {DOMAIN}, such as {PUBLISHED_MAILBOX}"),)

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        """Ask the coordinator to acknowledge the request and to tell the council.

        Submitting twice gives the same receipt; the host mails one key's notice under one Message-ID.
        """
        council = _known(referral.council, "council")
        ctx.log.info("notice made for referral %s", referral.referral_id)
        return SubmissionReceipt(
            notice=Notice(
                mailbox=ctx.config["mailbox"],
                addressed_to=ctx.config["team"],
                reference=_known(referral.reference, "reference"),
                council=council,
                service=_known(referral.service, "service"),
                what_to_do=f"Acknowledge this request in Parley, then tell {council} about it{_by(referral)}.",
                by_when=referral.acknowledge_by,
                url=referral.url,
            )
        )

    @hookimpl
    def provider_cancel(
        self, ctx: PluginContext, reference: ReferralReference, reason: CancelReason
    ) -> CancellationReceipt:
        """Tell the coordinator that the request has ended, and why."""
        ctx.log.info("end notice made for referral %s", reference.referral_id)
        because = _ENDED_BECAUSE.get(reason, "Parley shows why.")
        return CancellationReceipt(
            notice=Notice(
                mailbox=ctx.config["mailbox"],
                addressed_to=ctx.config["team"],
                reference=_known(reference.reference, "reference"),
                council=_known(reference.council, "council"),
                service=_known(reference.service, "service"),
                what_to_do=f"This request has ended. {because} Please stop work on it and cancel any meeting.",
                url=reference.url,
            )
        )

    @hookimpl
    def provider_health(self, ctx: PluginContext) -> Health:
        """Referrals wait in Parley itself, so there is no other system that could be down."""
        return Health(state=HealthState.OK, message="Global Mediation works in Parley; notices go out by e-mail.")


def _by(referral: Referral) -> str:
    return f" by {_written(referral.tell_council_by)}" if referral.tell_council_by else ""


def _written(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _known(value: _T | None, field: str) -> _T:
    if value is None:
        raise Permanent("incomplete_referral", f"the referral came without its {field}")
    return value
