"""``parley authority export``: a council's records in a file, for the council."""

import getpass
import json
import pathlib
import sys
from collections.abc import Mapping

import click
from flask import Flask

from parley.app import open_database
from parley.cli import settings
from parley.db.scope import Login
from parley.kernel.clock import SystemClock
from parley.kernel.errors import DomainError
from parley.tenants.applying import PLATFORM_ACTOR, council_called
from parley.transfer.domain import TABLES
from parley.transfer.service.exporting import Export, count_for_council, export_for_council


@click.command("export")
@click.argument("council")
@click.option(
    "--to", "file", required=True, type=click.Path(dir_okay=False, path_type=pathlib.Path), help="The file to make."
)
@click.option("--dry-run", is_flag=True, help="Count what it would hold, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print an object with file, sha256, tables, documents.")
def export_command(council: str, *, file: pathlib.Path, dry_run: bool, as_json: bool) -> None:
    """Write what COUNCIL may read into a file that it can use without Parley.

    The file is a ZIP of tables (JSON Lines), documents, a README in plain words, and a manifest with counts and SHA-256
    hashes. It holds the open side of the cases that the council was told of: nothing that a family did not share, no
    contact or safety detail of anybody, and nothing said in confidence. It is read by a login that can see no more, as
    everything stood at one moment; only you can open the file, and none is ever written over.

    Parley does not send the file: hand it over as your agreement with the council says.
    """
    database = open_database(Flask("parley"), settings(), Login.EXPORT, Login.OPERATOR)
    try:
        found = council_called(database, council)
        if dry_run:
            _print_counts(count_for_council(database, found), as_json=as_json)
            return
        with click.progressbar(length=len(TABLES), label="Exporting", file=sys.stderr) as bar:
            export = export_for_council(
                database,
                found,
                file,
                actor=PLATFORM_ACTOR,
                at=SystemClock().now(),
                progress=lambda _what: bar.update(1),
            )
    except DomainError as error:
        raise click.UsageError(error.message) from error
    finally:
        database.dispose()
    _print(file, export, as_json=as_json)


def _print_counts(counts: Mapping[str, int], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"tables": counts}, indent=2))
        return
    for table, count in counts.items():
        click.echo(f"{count:10,}  {table}")
    click.echo("Nothing was written.")


def _print(file: pathlib.Path, export: Export, *, as_json: bool) -> None:
    if as_json:
        found = {
            "file": str(file),
            "sha256": export.sha256,
            "tables": export.counts,
            "documents": len(export.documents),
        }
        click.echo(json.dumps(found, indent=2))
        return
    for table, count in export.counts.items():
        click.echo(f"{count:10,}  {table}")
    click.echo(f"Wrote {file}, which only {getpass.getuser()} can open.")
    click.echo(f"SHA-256 {export.sha256}: tell the council by another way, so that it can check what it got.")
