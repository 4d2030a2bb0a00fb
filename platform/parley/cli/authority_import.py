"""``parley authority import``: a council that another deployment sealed for this one."""

import dataclasses
import json
import pathlib
import sys
from collections.abc import Mapping

import click
from flask import Flask

from parley.app import open_database
from parley.cli import settings
from parley.db.keys import read_key_file
from parley.db.scope import Login
from parley.kernel.clock import SystemClock
from parley.kernel.errors import DomainError
from parley.tenants.applying import PLATFORM_ACTOR
from parley.transfer.queries.carried_rows import carried_tables
from parley.transfer.service.arriving import Arrival, bring_in, look_at
from parley.transfer.service.carrying import Carried


@click.command("import", short_help="Bring in a council that another deployment sealed.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path))
@click.option(
    "--key",
    "key_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path),
    help="The key file whose public half the file was sealed for.",
)
@click.option("--dry-run", is_flag=True, help="Read the file to its end and say what it holds; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print an object with council, sha256, tables, written.")
def import_command(file: pathlib.Path, *, key_file: pathlib.Path, dry_run: bool, as_json: bool) -> None:
    """Write the council of a sealed FILE into this deployment: all of it or nothing.

    Both deployments have to be of one release, and the council's region and providers loaded here. A council of that
    name which was loaded from its files and holds no records gives its place; one with records is left alone. What was
    written is read back and has to come to the counts and hashes of the file. A run that fails or is killed leaves
    nothing: run it again. Afterwards `parley authority load` gives the council its hosts, doors and plugins here.
    """
    key = read_key_file(key_file)
    try:
        if dry_run:
            _print(*look_at(file, key), written=False, as_json=as_json)
            return
        database = open_database(Flask("parley"), settings(), Login.MOVER)
        try:
            with click.progressbar(length=len(carried_tables()), label="Importing", file=sys.stderr) as bar:
                arrival, carried = bring_in(
                    database,
                    file,
                    key,
                    actor=PLATFORM_ACTOR,
                    at=SystemClock().now(),
                    progress=lambda _what: bar.update(1),
                )
        finally:
            database.dispose()
    except DomainError as error:
        raise click.UsageError(error.message) from error
    _print(arrival, carried, written=True, as_json=as_json)


def _print(arrival: Arrival, carried: Carried, *, written: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_object(arrival, carried, written=written), indent=2))
        return
    for table, count in carried.counts.items():
        click.echo(f"{count:10,}  {table}")
    click.echo(f"{arrival.name}, as it stood at {arrival.made_at}. Its records come to {carried.sha256}.")
    if written:
        click.echo("They are here. Next: parley authority load, then parley authority check " + arrival.slug)
    else:
        click.echo("Nothing was written.")


def _object(arrival: Arrival, carried: Carried, *, written: bool) -> Mapping[str, object]:
    return {
        "council": arrival.slug,
        "made_at": arrival.made_at,
        "schema": arrival.schema,
        "sha256": carried.sha256,
        "tables": {name: dataclasses.asdict(tally) for name, tally in carried.tables.items()},
        "written": written,
    }
