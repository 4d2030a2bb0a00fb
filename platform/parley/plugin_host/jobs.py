"""Background work of the plugin host: asking each council's plugins how they are, forgetting old calls."""

import datetime as dt
import uuid

from parley.db.scope import Login, authority_scope, platform_scope
from parley.db.session import Database
from parley.jobs.domain import Attempt, Task
from parley.kernel.clock import Clock
from parley.kernel.errors import NotFound
from parley.plugin_host import queries, service
from parley.plugin_host.delivery import PluginDelivery
from parley.plugin_host.results import Ok
from parley.tenancy import queries as tenancy

HEALTH_WITHIN = dt.timedelta(seconds=20)


def tasks(database: Database, clock: Clock, delivery: PluginDelivery, *, calls_kept: dt.timedelta) -> tuple[Task, ...]:
    """Return the tasks of the plugin host; records of calls are kept for ``calls_kept``."""

    def forget_calls(_attempt: Attempt, **_ids: object) -> None:
        with database.begin(platform_scope(Login.WORKER)) as session:
            authorities = tenancy.directory(session)
        for authority in authorities:
            with database.begin(authority_scope(authority.id, login=Login.WORKER)) as session:
                service.forget_calls(session, authority_id=authority.id, before=clock.now() - calls_kept)

    def check_health(_attempt: Attempt, **_ids: object) -> None:
        with database.begin(platform_scope(Login.WORKER)) as session:
            authorities = tenancy.directory(session)
        for authority in authorities:
            with database.begin(authority_scope(authority.id, login=Login.WORKER)) as session:
                enabled = queries.enabled_plugins(session, authority.id)
            for plugin in enabled:
                try:
                    _check(database, clock, delivery, plugin.plugin, authority.id, authority.slug)
                except NotFound:
                    # The council removed it a moment ago.
                    continue

    return (
        Task(name="plugins.health", run=check_health, every="*/10 * * * *"),
        Task(name="plugins.forget_calls", run=forget_calls, every="41 3 * * *"),
    )


def _check(
    database: Database, clock: Clock, delivery: PluginDelivery, plugin: str, authority_id: uuid.UUID, authority: str
) -> None:
    at = clock.now()
    result = delivery.deliver(
        plugin,
        "provider_health",
        authority_id=authority_id,
        authority=authority,
        idempotency_key=f"health:{at.isoformat()}",
        within=HEALTH_WITHIN,
    )
    if isinstance(result, Ok):
        with database.begin(authority_scope(authority_id, login=Login.WORKER)) as session:
            service.record_health(session, at=at, authority_id=authority_id, plugin=plugin, health=result.value)
