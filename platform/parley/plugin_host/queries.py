"""Reading what councils enabled, and how calls went."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.plugin_api.contracts import Health, HealthState, ProviderManifest
from parley.plugin_api.wire import decode
from parley.plugin_host.domain import Breaker, BreakerState, EnabledPlugin, EnablementState
from parley.plugin_host.models import PluginEnablement


@dataclasses.dataclass(frozen=True, kw_only=True)
class PluginStanding:
    """How a council's plugin stands, for operators. ``stopped_at`` is an operator's emergency stop."""

    plugin: str
    state: EnablementState
    version: str
    stopped_at: dt.datetime | None
    breaker: BreakerState
    breaker_until: dt.datetime | None
    health: HealthState | None
    health_at: dt.datetime | None


def standings(session: Session) -> dict[uuid.UUID, list[PluginStanding]]:
    """Return how the plugins of every council stand, by council and slug (operator's scope)."""
    row = PluginEnablement
    # Column by column: an operator's login may read these and no others.
    rows = session.execute(
        select(
            row.authority_id,
            row.plugin,
            row.state,
            row.version,
            row.suspended_at,
            row.breaker_state,
            row.breaker_until,
            row.health_state,
            row.health_at,
        )
        .where(row.state != EnablementState.REMOVED)
        .order_by(row.authority_id, row.plugin)
    )
    found: dict[uuid.UUID, list[PluginStanding]] = {}
    for authority_id, plugin, state, version, stopped_at, breaker, until, health, health_at in rows:
        standing = PluginStanding(
            plugin=plugin,
            state=state,
            version=version,
            stopped_at=stopped_at,
            breaker=breaker,
            breaker_until=until,
            health=health,
            health_at=health_at,
        )
        found.setdefault(authority_id, []).append(standing)
    return found


def enabled_plugins(session: Session, authority_id: uuid.UUID) -> Sequence[EnabledPlugin]:
    """Return the plugins that the council has enabled, suspended ones included, by slug."""
    rows = session.scalars(
        select(PluginEnablement)
        .where(PluginEnablement.authority_id == authority_id, PluginEnablement.state != EnablementState.REMOVED)
        .order_by(PluginEnablement.plugin)
    )
    return [as_enabled(row) for row in rows]


def plugin_for_provider(session: Session, authority_id: uuid.UUID, provider_id: uuid.UUID) -> EnabledPlugin | None:
    """Return the plugin by which the council's referrals reach the provider, or None: then nothing can be sent."""
    return next((found for found in enabled_plugins(session, authority_id) if found.provider_id == provider_id), None)


def enablement_for_update(session: Session, authority_id: uuid.UUID, plugin: str) -> PluginEnablement | None:
    """Return the council's row for ``plugin``, locked until the transaction ends, or None."""
    return session.scalar(
        select(PluginEnablement)
        .where(PluginEnablement.authority_id == authority_id, PluginEnablement.plugin == plugin)
        .with_for_update()
    )


def as_enabled(row: PluginEnablement) -> EnabledPlugin:
    """Return ``row`` as a value."""
    return EnabledPlugin(
        plugin=row.plugin,
        provider_id=row.provider_id,
        version=row.version,
        config=row.config,
        manifest=decode(row.manifest, ProviderManifest),
        is_suspended=row.suspended_at is not None or row.state is not EnablementState.LIVE,
        breaker=breaker_of(row),
        health=Health(state=row.health_state, message=row.health_message or "") if row.health_state else None,
        health_at=row.health_at,
    )


def breaker_of(row: PluginEnablement) -> Breaker:
    """Return the breaker that ``row`` stores."""
    return Breaker(state=row.breaker_state, recent=row.breaker_recent, rests=row.breaker_rests, until=row.breaker_until)
