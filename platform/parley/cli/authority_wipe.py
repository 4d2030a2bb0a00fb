"""``parley authority wipe-demo``: what was typed while a council was tried out goes before it opens."""

import dataclasses
import json

import click

from parley.casework.holdings import holdings_of
from parley.cli.authority_steps import step_options, stepping
from parley.db.scope import Login, authority_scope, platform_scope
from parley.kernel.clock import SystemClock
from parley.retention.wiping import wipe
from parley.tenancy import life
from parley.tenancy.domain import Step
from parley.tenants.applying import PLATFORM_ACTOR


@click.command("wipe-demo", short_help="Delete what was typed while a council was tried out.")
@click.argument("council")
@click.option("--yes", is_flag=True, help="Do not ask.")
@step_options
def wipe_demo(*, council: str, reason: str, author: str, dry_run: bool, as_json: bool, yes: bool) -> None:
    """Delete every case, check, unsent request and sign-in of COUNCIL, which has to be one that is tried out.

    Refuses on a council that is live, suspended or closed, and so does the database. Its files, rules and history stay,
    and references are not given a second time. A case under a legal hold stays too, and is named.

    \b
      parley authority wipe-demo derby --reason "The rehearsal is over" --dry-run
      parley authority wipe-demo derby --reason "The rehearsal is over"

    Exit code 2, with nothing deleted, for any other council.
    """
    now = SystemClock().now()
    with stepping(council, Step.WIPE, Login.APP, Login.WORKER, Login.DISPOSAL) as (database, known):
        with database.begin(authority_scope(known.id)) as session:
            holdings = holdings_of(session, known.id)
        cases = holdings.open_cases + holdings.closed_cases
        counted = f"{cases} cases and {holdings.unsent_requests} unsent requests of {known.name}"
        if not as_json:
            click.echo(f"{counted}, with its checks and sign-ins.")
        if dry_run or not (yes or as_json or click.confirm("Delete all of it?")):
            if as_json:
                click.echo(json.dumps({"slug": council, "changed": False, **dataclasses.asdict(holdings)}, indent=2))
            else:
                click.echo("Nothing was changed.")
            return
        with database.begin(platform_scope()) as session:
            life.note_wipe(session, actor=PLATFORM_ACTOR, at=now, authority_id=known.id, author=author, reason=reason)
        wiped = wipe(database, known.id, actor=PLATFORM_ACTOR, at=now)
    if as_json:
        click.echo(json.dumps({"slug": council, "changed": True, **dataclasses.asdict(wiped)}, indent=2))
        return
    click.echo(f"{wiped.cases} cases are gone.")
    for reference in wiped.held:
        click.echo(f"  {reference} is held and stays: parley retention lift {council} {reference}")
