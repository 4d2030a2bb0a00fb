"""``parley authority check``: is a council ready for its families, and what to do where it is not."""

import dataclasses
import json
import os
import sys

import click
from flask import Flask

from parley.app import open_database
from parley.cli import settings
from parley.cli.plugins import plugins_at_hand
from parley.db.scope import Login
from parley.kernel.clock import SystemClock, london_date
from parley.kernel.errors import NotFound
from parley.tenants.checklist import Checklist, Requirement

MISSING = 1


@click.command("check", short_help="Look whether a council is ready to go live.")
@click.argument("council")
@click.option("--json", "as_json", is_flag=True, help="Print an object: council, ready, requirements.")
def check(council: str, *, as_json: bool) -> None:
    """Look at everything that COUNCIL (its folder's name) needs before it goes live, and say what to do.

    Files that can be used and belong together; rules that are in force as written; evidence read within a year; a
    provider whose plugin says that it is well; an issuer for its staff that answers, with its keys; somebody to ask
    about personal data; nothing left of made-up cases. Issuers and plugins are really asked. Nothing is changed.

    \b
      parley authority check derby
      parley authority check derby --json | jq '.requirements[] | select(.met | not)'

    Exit code 0 when it is ready, 1 when something is missing, 2 when there is no such council.
    """
    found = look(council)
    ready = all(one.met for one in found)
    if as_json:
        listed = [dataclasses.asdict(one) | {"met": one.met} for one in found]
        click.echo(json.dumps({"council": council, "ready": ready, "requirements": listed}, indent=2))
    else:
        for one in found:
            show(one)
        click.echo(f"{council} is ready to go live." if ready else f"{council} is not ready.")
    sys.exit(0 if ready else MISSING)


def look(council: str) -> tuple[Requirement, ...]:
    """Return what the checklist finds of a council. Raises click.UsageError where there is none."""
    config = settings()
    database = open_database(Flask("parley"), config, Login.OPERATOR, Login.APP)
    try:
        with plugins_at_hand(config) as gateway:
            checklist = Checklist(
                settings=config,
                database=database,
                gateway=gateway,
                environ=os.environ,
                today=london_date(SystemClock().now()),
            )
            return checklist.look(council)
    except NotFound as error:
        raise click.UsageError(error.message) from error
    finally:
        database.dispose()


def show(one: Requirement) -> None:
    """Print a requirement for a person."""
    word = click.style("ok     ", fg="green") if one.met else click.style("missing", fg="red")
    click.echo(f"{word}  {one.what:16}{one.found}")
    if not one.met:
        click.echo(f"{'':25}-> {one.to_do}")
