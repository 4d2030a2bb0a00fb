"""One call of a council's plugin, from admission to record: what the jobs of higher capabilities run."""

import datetime as dt
import uuid
from collections.abc import Mapping

from parley.db.scope import Login, authority_scope
from parley.db.session import Database
from parley.kernel.clock import Clock
from parley.plugin_api.manifest import only_declared
from parley.plugin_host import service
from parley.plugin_host.domain import EnabledPlugin, Waiting
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.results import CallRecord, Failed, FailureKind, HookResult
from parley.plugin_host.settings import fill_in_secrets


class PluginDelivery:
    """Calls plugins for councils. Built once for each process that runs jobs; never used while a page renders."""

    def __init__(self, database: Database, gateway: Gateway, clock: Clock, environ: Mapping[str, str]) -> None:
        """Take the database with the worker's login, the gateway, the clock, and the environment with the secrets."""
        self._database = database
        self._gateway = gateway
        self._clock = clock
        self._environ = environ

    def deliver(
        self,
        plugin: str,
        hook: str,
        *,
        authority_id: uuid.UUID,
        authority: str,
        idempotency_key: str,
        within: dt.timedelta,
        **arguments: object,
    ) -> HookResult | Waiting:
        """Call ``hook`` of ``plugin`` for one council, within that time, and record how it went.

        Opens two short transactions, before and after; none is open while the plugin works. The plugin gets only what
        the manifest that the council agreed to declares. ``authority`` is the council's slug. NotFound if the council
        has not enabled the plugin. A ``Waiting`` is no attempt: come back after it. Losing this process between the
        plugin's act and the record repeats the call, under the same key.
        """
        scope = authority_scope(authority_id, login=Login.WORKER)
        with self._database.begin(scope) as session:
            admitted = service.admit_call(session, at=self._clock.now(), authority_id=authority_id, plugin=plugin)
        if isinstance(admitted, Waiting):
            return admitted
        result = self._call(admitted, hook, authority, idempotency_key, self._clock.now() + within, arguments)
        with self._database.begin(scope) as session:
            service.record_call(session, at=self._clock.now(), authority_id=authority_id, result=result)
        return result

    def _call(
        self,
        enabled: EnabledPlugin,
        hook: str,
        authority: str,
        idempotency_key: str,
        deadline: dt.datetime,
        arguments: Mapping[str, object],
    ) -> HookResult:
        try:
            config = fill_in_secrets(enabled.config, self._environ)
        except KeyError as error:
            return _secret_missing(enabled, hook, authority, str(error.args[0]))
        declared = enabled.manifest.data_shared
        return self._gateway.call_one(
            enabled.plugin,
            hook,
            authority=authority,
            config=config,
            idempotency_key=idempotency_key,
            deadline=deadline,
            **{name: only_declared(declared, hook, value) for name, value in arguments.items()},
        )


def _secret_missing(enabled: EnabledPlugin, hook: str, authority: str, name: str) -> Failed:
    """Return the failure of a call that cannot be made because the environment lacks a secret; mending it helps."""
    call = CallRecord(
        authority=authority,
        plugin=enabled.plugin,
        version=enabled.version,
        hook=hook,
        api="",
        result=FailureKind.RETRYABLE.value,
        code="secret_missing",
        duration_ms=0,
    )
    return Failed(
        kind=FailureKind.RETRYABLE, code="secret_missing", message=f"{name} is not in the environment", call=call
    )
