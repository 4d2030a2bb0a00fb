"""The hooks of a provider plugin. The docstrings are the reference; docs/hooks.md repeats them with examples.

A hook is *pure* (no network, file or clock; under 50 ms; may be called at any time) or a *job* (called by a background
job under a deadline; may be called again with the same idempotency key). None is called while a page renders.
"""

import dataclasses
import enum
from collections.abc import Mapping

import marshmallow

from parley.plugin_api.context import Config, PluginContext
from parley.plugin_api.contracts import (
    CancellationReceipt,
    CancelReason,
    ConfigProblem,
    Health,
    ProviderManifest,
    Referral,
    ReferralReference,
    SubmissionReceipt,
)
from parley.plugin_api.markers import hookspec


class HookKind(enum.StrEnum):
    """When a hook runs and what it may do."""

    PURE = "pure"
    JOB = "job"


@dataclasses.dataclass(frozen=True, kw_only=True)
class HookFacts:
    """What host, documentation and conformance kit need to know of a hook beside its signature."""

    kind: HookKind
    required: bool
    since: tuple[int, int]


class ProviderHooks:
    """What a plugin of kind ``provider`` implements."""

    @hookspec(firstresult=True)
    def provider_manifest(self) -> ProviderManifest:
        """Say what this plugin is.

        Called when its process starts, and read before a council enables it. Must always return the same.

        :return: the manifest; its slug equals the entry point's name.
        :raises: nothing; an error quarantines the plugin.

        .. versionadded:: 1.0
        """
        raise NotImplementedError

    @hookspec(firstresult=True)
    def provider_config_schema(self) -> type[marshmallow.Schema]:
        """Give the shape of one council's configuration.

        Called when its process starts. The class must have ``unknown = RAISE``; it crosses to the host as JSON Schema,
        so use marshmallow's own fields and validators. A field that holds a secret says
        ``metadata={"secret": True}``; councils give its value as ``{ env = "NAME" }``.

        :return: a marshmallow Schema class.
        :raises: nothing; an error quarantines the plugin.

        .. versionadded:: 1.0
        """
        raise NotImplementedError

    @hookspec(firstresult=True)
    def provider_check_config(self, config: Config) -> tuple[ConfigProblem, ...]:
        """Check one council's configuration across fields, after the schema accepted it.

        Called before a configuration is saved. Optional; without it the schema decides alone.

        :param config: the values as the schema loaded them.
        :return: one problem for each thing to mend; empty if there is none.

        .. versionadded:: 1.0
        """
        raise NotImplementedError

    @hookspec(firstresult=True)
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        """Hand one referral to the provider.

        Called by a job after the family's request is stored, and again with the same ``ctx.idempotency_key`` until it
        succeeds or is given up: the second call must not make a second referral, and returns the same receipt.

        :param ctx: council, configuration, HTTP, clock, log, key, deadline.
        :param referral: nothing in it identifies a person; undeclared fields are at their default.
        :return: the receipt; its ``notice``, if any, is mailed by the host.
        :raises Retryable: it may work later.
        :raises Permanent: it will not; the referral then needs an officer's attention.

        .. versionadded:: 1.0
        """
        raise NotImplementedError

    @hookspec(firstresult=True)
    def provider_cancel(
        self, ctx: PluginContext, reference: ReferralReference, reason: CancelReason
    ) -> CancellationReceipt:
        """Tell the provider that a referral has ended.

        Called by a job; repeated like ``provider_submit``. Cancelling what is already cancelled succeeds.

        :param reference: which referral; undeclared fields are at their default.
        :param reason: why it ended; a new member may appear in a minor version.
        :return: the receipt; its ``notice``, if any, is mailed by the host.
        :raises Retryable: it may work later.
        :raises Permanent: it will not.

        .. versionadded:: 1.0
        """
        raise NotImplementedError

    @hookspec(firstresult=True)
    def provider_health(self, ctx: PluginContext) -> Health:
        """Say whether referrals can reach the provider now.

        Called by a scheduled job; drives the status page. Optional. Must change nothing on the other side.

        :return: the state, and one sentence for people.

        .. versionadded:: 1.0
        """
        raise NotImplementedError


#: Facts per hook, by name; a test holds this to the methods above and to docs/hooks.md.
HOOKS: Mapping[str, HookFacts] = {
    "provider_manifest": HookFacts(kind=HookKind.PURE, required=True, since=(1, 0)),
    "provider_config_schema": HookFacts(kind=HookKind.PURE, required=True, since=(1, 0)),
    "provider_check_config": HookFacts(kind=HookKind.PURE, required=False, since=(1, 0)),
    "provider_submit": HookFacts(kind=HookKind.JOB, required=True, since=(1, 0)),
    "provider_cancel": HookFacts(kind=HookKind.JOB, required=True, since=(1, 0)),
    "provider_health": HookFacts(kind=HookKind.JOB, required=False, since=(1, 0)),
}
