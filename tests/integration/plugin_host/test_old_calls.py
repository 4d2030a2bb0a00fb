"""What is kept of a plugin's calls goes after its time, at each council, and only by the nightly job."""

import datetime as dt
import pathlib
import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError

from parley.db.scope import Login, authority_scope
from parley.db.session import Database
from parley.jobs.domain import Attempt
from parley.kernel.ids import new_id
from parley.plugin_host import jobs, service
from parley.plugin_host.delivery import PluginDelivery
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.models import PluginCall
from support.factories import NOW, Factory

KEPT = dt.timedelta(days=90)


def call_made(database: Database, authority_id: uuid.UUID, at: dt.datetime) -> uuid.UUID:
    """Keep that a plugin was called at ``at``; return the row's id."""
    call = PluginCall(
        authority_id=authority_id,
        id=new_id(),
        at=at,
        plugin="steady",
        version="0.1",
        hook="provider_health",
        api="1.0",
        result="ok",
        code="",
        duration_ms=5,
    )
    with database.begin(authority_scope(authority_id)) as session:
        session.add(call)
        session.commit()
    return call.id


def kept_calls(database: Database, authority_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the ids of what is kept."""
    with database.begin(authority_scope(authority_id)) as session:
        return set(session.scalars(select(PluginCall.id)))


def test_the_nightly_job_deletes_what_is_older_and_keeps_the_rest(
    database: Database, make: Factory, tmp_path: pathlib.Path
) -> None:
    councils = [make.authority().id, make.authority().id]
    now = make.clock.now()
    for council in councils:
        call_made(database, council, now - KEPT - dt.timedelta(seconds=1))
    young = {council: call_made(database, council, now - KEPT) for council in councils}
    delivery = PluginDelivery(database, Gateway(tmp_path / "nobody.sock"), make.clock, {})
    made = jobs.tasks(database, make.clock, delivery, calls_kept=KEPT)
    (task,) = (task for task in made if task.name == "plugins.forget_calls")
    assert task.every
    task.run(Attempt(number=1, is_last=False))
    assert {council: kept_calls(database, council) for council in councils} == {
        council: {one} for council, one in young.items()
    }


def test_a_page_cannot_delete_what_was_kept(database: Database, make: Factory) -> None:
    council = make.authority().id
    with (
        database.begin(authority_scope(council, login=Login.APP)) as session,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        service.forget_calls(session, authority_id=council, before=NOW)
