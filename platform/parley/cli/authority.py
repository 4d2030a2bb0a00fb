"""``parley authority``: the councils of this deployment."""

import json
import sys

import click
from flask import Flask

from parley.app import open_database
from parley.cli import LazyGroup, settings
from parley.cli.plugins import plugins_at_hand
from parley.db.scope import Login, platform_scope
from parley.kernel.clock import SystemClock
from parley.kernel.configuration import ConfigurationError
from parley.tenancy import queries
from parley.tenants.loading import Loader

#: The exit code of a load that went well but for files that were kept out.
SOME_KEPT_OUT = 3


#: Each command stands in a file of its own where it is more than a few lines, and is imported when it is called.
authority = LazyGroup(
    lazy={
        "add": "parley.cli.authority_add:add",
        "certificate": "parley.cli.authority_remove:certificate_command",
        "check": "parley.cli.authority_check:check",
        "export": "parley.cli.authority_export:export_command",
        "go-live": "parley.cli.authority_steps:go_live",
        "history": "parley.cli.authority_steps:history",
        "import": "parley.cli.authority_import:import_command",
        "list": "parley.cli.authority:list_command",
        "load": "parley.cli.authority:load",
        "merge": "parley.cli.authority_merge:merge",
        "remove": "parley.cli.authority_remove:remove_command",
        "resume": "parley.cli.authority_steps:resume",
        "suspend": "parley.cli.authority_steps:suspend",
        "wipe-demo": "parley.cli.authority_wipe:wipe_demo",
    },
    help="The life of councils, from its files to its end; docs/add-a-council.md and docs/operate.md walk through it.",
)


@click.command("load")
def load() -> None:
    """Read every file in the tenants folder and bring the database in line with it.

    A council whose files have problems keeps what was loaded before and stops no other; every problem is named, and
    the exit code is 3. The operators' page shows them until a later load goes well.
    """
    config = settings()
    database = open_database(Flask("parley"), config, Login.OPERATOR, Login.APP, Login.PROVIDER)
    with plugins_at_hand(config) as gateway:
        loader = Loader(database=database, settings=config, clock=SystemClock(), gateway=gateway)
        try:
            for line in loader.load():
                click.echo(line)
        except ConfigurationError as error:
            click.echo(str(error), err=True)
            sys.exit(SOME_KEPT_OUT)


@click.command("list", short_help="List the councils.")
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects with slug, name, gss_code, state.")
def list_command(as_json: bool) -> None:
    """List the councils, each with where it stands in its life.

    demo: tried out, and can be wiped; live; suspended: its families' pages are paused; closed: another council has
    come in its place.

    \b
      parley authority list
      parley authority list --json | jq -r '.[] | select(.state == "live") | .slug'
    """
    config = settings()
    database = open_database(Flask("parley"), config, Login.OPERATOR)
    with database.begin(platform_scope()) as session:
        found = queries.directory(session)
    database.dispose()
    if as_json:
        keys = ("slug", "name", "gss_code", "state")
        click.echo(json.dumps([{key: str(getattr(item, key)) for key in keys} for item in found], indent=2))
        return
    for item in found:
        click.echo(f"{item.slug:24}{item.gss_code:12}{item.state:12}{item.name}")
