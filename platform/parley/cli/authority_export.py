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
from parley.db.session import Database
from parley.kernel.clock import SystemClock
from parley.kernel.errors import DomainError
from parley.tenancy.domain import Authority
from parley.tenants.applying import PLATFORM_ACTOR, council_called
from parley.transfer.domain import TABLES
from parley.transfer.queries.carried_rows import carried_tables
from parley.transfer.sealed_stream import public_key
from parley.transfer.service.carrying import Carried, carry_out, count_to_carry
from parley.transfer.service.exporting import Export, count_for_council, export_for_council


@click.command("export", short_help="Hand a council its records, or seal it for another deployment.")
@click.argument("council")
@click.option(
    "--to", "file", required=True, type=click.Path(dir_okay=False, path_type=pathlib.Path), help="The file to make."
)
@click.option(
    "--for",
    "receiver",
    metavar="PUBLIC_KEY",
    help="Seal the whole council for the deployment with this key, as its `parley keys public FILE` prints it.",
)
@click.option("--dry-run", is_flag=True, help="Count what it would hold, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print an object with file, sha256, tables, documents.")
def export_command(council: str, *, file: pathlib.Path, receiver: str | None, dry_run: bool, as_json: bool) -> None:
    """Write what COUNCIL may read into a file that it can use without Parley.

    The file is a ZIP of tables (JSON Lines), documents, a README in plain words, and a manifest with counts and SHA-256
    hashes. It holds the open side of the cases that the council was told of: nothing that a family did not share, no
    contact or safety detail of anybody, and nothing said in confidence. It is read by a login that can see no more, as
    everything stood at one moment; only you can open the file, and none is ever written over.

    With --for it is another file: the whole open side, what the council may not read too, sealed so that nobody but the
    deployment with that key opens it. `parley authority import` brings it in there. What was said in confidence is the
    provider's and stays.

    Parley does not send the file: hand it over as your agreement with the council says.
    """
    needed = Login.MOVER if receiver else Login.EXPORT
    database = open_database(Flask("parley"), settings(), needed, Login.OPERATOR)
    try:
        found = council_called(database, council)
        if dry_run:
            counted = count_to_carry(database, found) if receiver else count_for_council(database, found)
            _print_counts(counted, as_json=as_json)
        elif receiver:
            _print_sealed(file, _seal(database, found, file, receiver), as_json=as_json)
        else:
            _print(file, _export(database, found, file), as_json=as_json)
    except DomainError as error:
        raise click.UsageError(error.message) from error
    finally:
        database.dispose()


def _export(database: Database, council: Authority, file: pathlib.Path) -> Export:
    with click.progressbar(length=len(TABLES), label="Exporting", file=sys.stderr) as bar:
        return export_for_council(
            database,
            council,
            file,
            actor=PLATFORM_ACTOR,
            at=SystemClock().now(),
            progress=lambda _what: bar.update(1),
        )


def _seal(database: Database, council: Authority, file: pathlib.Path, receiver: str) -> Carried:
    key = public_key(receiver)
    with click.progressbar(length=len(carried_tables()), label="Sealing", file=sys.stderr) as bar:
        return carry_out(
            database,
            council,
            file,
            key,
            actor=PLATFORM_ACTOR,
            at=SystemClock().now(),
            progress=lambda _what: bar.update(1),
        )


def _print_sealed(file: pathlib.Path, carried: Carried, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"file": str(file), "sha256": carried.sha256, "tables": carried.counts}, indent=2))
        return
    for table, count in carried.counts.items():
        click.echo(f"{count:10,}  {table}")
    click.echo(f"Wrote {file}, which only the deployment with that key can open.")
    click.echo(f"Its records come to {carried.sha256}; importing them there has to say the same.")


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
