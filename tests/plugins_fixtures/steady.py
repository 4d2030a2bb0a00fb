"""A well-behaved provider for tests of the host; the others in this folder subclass it to misbehave."""

import marshmallow
from marshmallow import fields

from parley.plugin_api import hookimpl
from parley.plugin_api.context import PluginContext
from parley.plugin_api.contracts import (
    ApiRange,
    CancellationReceipt,
    CancelReason,
    Contact,
    PluginKind,
    PluginState,
    ProviderManifest,
    Reach,
    Referral,
    ReferralReference,
    Service,
    SharedField,
    SubmissionReceipt,
)


class SteadyConfig(marshmallow.Schema):
    """An address, a secret, and what a test wants the plugin to do."""

    class Meta:
        """Refuse what is not below."""

        unknown = marshmallow.RAISE

    address = fields.String(load_default="")
    token = fields.String(load_default="", metadata={"secret": True})
    wish = fields.String(load_default="")


class Steady:
    """Answers with the reference it got and the council that asked, so that a mix-up would show."""

    def __init__(self, slug: str, *, api: tuple[int, int] = (1, 0), reaches: tuple[Reach, ...] = ()) -> None:
        self._manifest = ProviderManifest(
            slug=slug,
            title=slug.title(),
            kind=PluginKind.PROVIDER,
            api=ApiRange(major=api[0], min_minor=api[1]),
            state=PluginState.READY,
            services=(Service.DISAGREEMENT_RESOLUTION,),
            data_shared=(SharedField(hook="provider_submit", field="reference", why="Names the case."),),
            contact=Contact(security="security@example.org", privacy="privacy@example.org"),
            reaches=reaches,
        )

    @hookimpl
    def provider_manifest(self) -> ProviderManifest:
        return self._manifest

    @hookimpl
    def provider_config_schema(self) -> type[marshmallow.Schema]:
        return SteadyConfig

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        return SubmissionReceipt(provider_reference=f"{ctx.authority}:{referral.reference}:{referral.council}")

    @hookimpl
    def provider_cancel(
        self, ctx: PluginContext, reference: ReferralReference, reason: CancelReason
    ) -> CancellationReceipt:
        return CancellationReceipt()


plugin = Steady("steady")
too_new = Steady("too_new", api=(1, 9))
other_major = Steady("other_major", api=(2, 0))
wrong_name = Steady("another")
