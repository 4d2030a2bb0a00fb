"""Use cases of the plugin host: enable what a council's file says, stop and resume, admit calls and record them."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.kernel.errors import NotFound
from parley.plugin_api.contracts import Health
from parley.plugin_host.domain import Breaker, CheckedSetting, EnabledPlugin, EnablementState, Waiting
from parley.plugin_host.models import PluginCall, PluginEnablement
from parley.plugin_host.queries import as_enabled, breaker_of, enablement_for_update
from parley.plugin_host.results import CallRecord, Failed, FailureKind, HookResult
from parley.tenancy.queries import provider_by_slug

#: How long a job waits before it looks again at a suspended plugin.
SUSPENDED_WAIT = dt.timedelta(minutes=5)

#: Failures that say nothing of the plugin or of the provider's system; the breaker does not count them.
NOT_THE_PLUGINS = frozenset({"supervisor_down", "supervisor_late", "busy", "restarting"})


def apply_settings(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    checked: Sequence[CheckedSetting],
) -> None:
    """Make the council's enablements what ``checked`` (its whole providers.toml) says, in its scope. Commits.

    A plugin that the file no longer names is marked removed; its calls stop. An operator's emergency stop stays.
    Each change is audited. NotFound if a provider named in the file is none.
    """
    existing = {
        row.plugin: row
        for row in session.scalars(select(PluginEnablement).where(PluginEnablement.authority_id == authority_id))
    }
    for setting in checked:
        row = existing.pop(setting.plugin, None)
        if row is None:
            row = PluginEnablement(
                authority_id=authority_id, plugin=setting.plugin, enabled_at=at, **_breaker_columns(Breaker())
            )
        if _take_over(session, row, setting):
            row.changed_at = at
            session.add(row)
            _audit(session, row, "plugin.enable", actor=actor, at=at, version=setting.version, state=setting.state)
    for row in existing.values():
        if row.state is not EnablementState.REMOVED:
            row.state, row.changed_at = EnablementState.REMOVED, at
            _audit(session, row, "plugin.remove", actor=actor, at=at, version=row.version)
    session.commit()


def suspend(session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, plugin: str) -> None:
    """Stop all calls of ``plugin`` for the council at once; jobs under way wait and lose nothing. Commits.

    NotFound if it is not enabled; suspending again changes nothing.
    """
    row = _enabled_row(session, authority_id, plugin)
    if row.suspended_at is None:
        row.suspended_at = at
        _audit(session, row, "plugin.suspend", actor=actor, at=at, version=row.version)
    session.commit()


def resume(session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, plugin: str) -> None:
    """Let calls of ``plugin`` go through again, with a fresh breaker. Commits. NotFound if it is not enabled.

    Undoes ``suspend``; what the council's own file suspends, only the file resumes.
    """
    row = _enabled_row(session, authority_id, plugin)
    if row.suspended_at is not None:
        row.suspended_at = None
        _store_breaker(row, Breaker())
        _audit(session, row, "plugin.resume", actor=actor, at=at, version=row.version)
    session.commit()


def admit_call(session: Session, *, at: dt.datetime, authority_id: uuid.UUID, plugin: str) -> EnabledPlugin | Waiting:
    """Say whether ``plugin`` may be called for the council at ``at``; behind an open breaker one call is. Commits.

    NotFound if the council has not enabled it.
    """
    row = _enabled_row(session, authority_id, plugin)
    enabled = as_enabled(row)
    if enabled.is_suspended:
        session.rollback()
        return Waiting(code="suspended", after=SUSPENDED_WAIT)
    wait = enabled.breaker.wait(at)
    if wait is not None:
        session.rollback()
        return Waiting(code="breaker_open", after=wait)
    _store_breaker(row, enabled.breaker.admitted(at))
    session.commit()
    return enabled


def record_call(session: Session, *, at: dt.datetime, authority_id: uuid.UUID, result: HookResult) -> None:
    """Record that a call of a plugin ended at ``at`` with ``result``, and let the breaker learn from it. Commits."""
    session.add(_call_row(authority_id, at, result.call))
    row = enablement_for_update(session, authority_id, result.call.plugin)
    if row is not None:
        breaker = breaker_of(row)
        if isinstance(result, Failed) and result.code in NOT_THE_PLUGINS:
            _store_breaker(row, breaker.unanswered(at))
        else:
            _store_breaker(row, breaker.after(not _counts_as_failure(result), at))
    session.commit()


def record_health(session: Session, *, at: dt.datetime, authority_id: uuid.UUID, plugin: str, health: Health) -> None:
    """Keep what ``plugin`` said of its provider's system at ``at``, for the status page. Commits."""
    row = _enabled_row(session, authority_id, plugin)
    row.health_state, row.health_message, row.health_at = health.state, health.message, at
    session.commit()


def _take_over(session: Session, row: PluginEnablement, setting: CheckedSetting) -> bool:
    """Bring ``row`` in line with ``setting``; tell whether anything changed."""
    provider = provider_by_slug(session, setting.provider)
    if provider is None:
        raise NotFound(f"There is no provider {setting.provider!r} for the plugin {setting.plugin!r}.")
    wanted = {
        "provider_id": provider.id,
        "state": setting.state,
        "version": setting.version,
        "config": dict(setting.config),
        "manifest": dict(setting.manifest),
        "config_schema": dict(setting.config_schema),
    }
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _enabled_row(session: Session, authority_id: uuid.UUID, plugin: str) -> PluginEnablement:
    row = enablement_for_update(session, authority_id, plugin)
    if row is None or row.state is EnablementState.REMOVED:
        raise NotFound(f"This council has not enabled the plugin {plugin!r}.")
    return row


def _counts_as_failure(result: HookResult) -> bool:
    return isinstance(result, Failed) and result.kind in {FailureKind.RETRYABLE, FailureKind.TIMEOUT}


def forget_calls(session: Session, *, authority_id: uuid.UUID, before: dt.datetime) -> None:
    """Delete what is kept of calls made before ``before``. Commits."""
    session.execute(delete(PluginCall).where(PluginCall.authority_id == authority_id, PluginCall.at < before))
    session.commit()


def _call_row(authority_id: uuid.UUID, at: dt.datetime, call: CallRecord) -> PluginCall:
    return PluginCall(
        authority_id=authority_id,
        at=at,
        plugin=call.plugin,
        version=call.version,
        hook=call.hook,
        api=call.api,
        result=call.result,
        code=call.code,
        duration_ms=call.duration_ms,
    )


def _breaker_columns(breaker: Breaker) -> dict[str, object]:
    return {
        "breaker_state": breaker.state,
        "breaker_recent": breaker.recent,
        "breaker_rests": breaker.rests,
        "breaker_until": breaker.until,
    }


def _store_breaker(row: PluginEnablement, breaker: Breaker) -> None:
    for name, value in _breaker_columns(breaker).items():
        setattr(row, name, value)


def _audit(
    session: Session, row: PluginEnablement, action: str, *, actor: Actor, at: dt.datetime, **codes: str
) -> None:
    audit.record(
        session,
        at=at,
        actor=actor,
        action=action,
        realm_id=row.authority_id,
        subject_id=row.id,
        codes={"plugin": row.plugin, **codes},
    )
