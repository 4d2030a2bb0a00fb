"""`parley plugins suspend` and `resume`: the emergency stop of a plugin for one council."""

from collections.abc import Callable

import click
from flask import Flask

from parley.access.domain import Realm, RealmKind, system_actor
from parley.app import open_database
from parley.cli import settings
from parley.db.scope import PLATFORM_REALM, Login, authority_scope, platform_scope
from parley.kernel.clock import SystemClock
from parley.kernel.errors import NotFound
from parley.plugin_host import service
from parley.tenancy.queries import authority_by_slug


@click.command("suspend", help="Stop all calls of PLUGIN for COUNCIL (its slug) at once; referrals wait, none is lost.")
@click.argument("council")
@click.argument("plugin")
def suspend(council: str, plugin: str) -> None:
    """Suspend a plugin for one council."""
    _apply(service.suspend, council, plugin)
    click.echo(
        f"{plugin} is stopped for {council}. Referrals wait; `parley plugins resume {council} {plugin}` ends it."
    )


@click.command("resume", help="Let calls of PLUGIN for COUNCIL (its slug) go through again.")
@click.argument("council")
@click.argument("plugin")
def resume(council: str, plugin: str) -> None:
    """Resume a plugin for one council."""
    _apply(service.resume, council, plugin)
    click.echo(f"{plugin} is called again for {council}.")


def _apply(use_case: Callable[..., None], council: str, plugin: str) -> None:
    database = open_database(Flask("parley"), settings(), Login.OPERATOR, Login.APP)
    try:
        with database.begin(platform_scope()) as session:
            authority = authority_by_slug(session, council)
        if authority is None:
            raise NotFound(f"There is no council {council!r}; `parley authority list` names them.")
        # Whoever runs commands on the machine is the platform; which person that was is the machine's own record.
        actor = system_actor(Realm(kind=RealmKind.PLATFORM, id=PLATFORM_REALM))
        with database.begin(authority_scope(authority.id)) as session:
            use_case(session, actor=actor, at=SystemClock().now(), authority_id=authority.id, plugin=plugin)
    except NotFound as error:
        raise click.ClickException(error.message) from error
    finally:
        database.dispose()
