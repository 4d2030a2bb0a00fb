"""``parley authority remove`` and ``certificate``: the end of a council, and what is left of it."""

import dataclasses
import getpass
import json
import pathlib
import sys
from collections.abc import Mapping, Sequence

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
from parley.transfer.queries.removal import HeldRecord
from parley.transfer.service.receipts import read_receipt
from parley.transfer.service.removing import (
    Certificate,
    StillHeldError,
    certificates_of,
    count_to_remove,
    remove,
)

#: The exit code when providers still hold records.
STILL_HELD = 3


@click.command("remove", short_help="Destroy a council's key and records, and certify it.")
@click.argument("council")
@click.option("--reason", required=True, help="Why: the certificate says it, so name nobody.")
@click.option("--author", default=getpass.getuser, show_default="your account", help="The account that removes it.")
@click.option(
    "--moved",
    "receipt",
    type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path),
    help="What `parley authority import --json` printed where the council has moved to.",
)
@click.option("--confirm", metavar="COUNCIL", help="Its name again, instead of typing it when asked.")
@click.option("--dry-run", is_flag=True, help="Say what would be destroyed, and destroy nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the certificate, or what is held, as an object.")
def remove_command(
    council: str,
    *,
    reason: str,
    author: str,
    receipt: pathlib.Path | None,
    confirm: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Destroy COUNCIL's data key and delete every record of it on the open side, for good.

    Refused while the council is live, and while a provider holds records of it: an open case, or a case of which
    something was said in confidence that is still kept. Each is named, and the exit code is 3. A legal hold that runs
    keeps the council too. Open cases of a council that has moved run where it is now: with --moved they do not stand in
    the way, if nothing changed here since it was sealed. The audit stays, which is ids and codes. A certificate says
    what went, how much of it, when, by whom and why: `parley authority certificate` prints it again at any time.

    Export first what the council is to keep. Take its folder out of tenants/, or the next load makes it anew. Web
    processes and workers go on: they keep an unwrapped key for a minute and no longer. Backups made before still hold
    what was destroyed: sealed under a key that they hold too, until they go.
    """
    database = open_database(Flask("parley"), settings(), Login.MOVER, Login.OPERATOR)
    try:
        found = council_called(database, council)
        moved = read_receipt(receipt.read_text()) if receipt else None
        counted = count_to_remove(database, found, moved=moved)
        if dry_run:
            _print_counts(counted, as_json=as_json)
            return
        _confirm(found, counted, confirm)
        at = SystemClock().now()
        certificate = remove(database, found, actor=PLATFORM_ACTOR, at=at, by=author, reason=reason, moved=moved)
    except StillHeldError as error:
        _print_held(error, as_json=as_json)
        sys.exit(STILL_HELD)
    except DomainError as error:
        raise click.UsageError(error.message) from error
    finally:
        database.dispose()
    _print_certificates([certificate], as_json=as_json)


@click.command("certificate", short_help="Print what was certified when a council was removed.")
@click.argument("council")
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects.")
def certificate_command(council: str, *, as_json: bool) -> None:
    """Print the certificate of COUNCIL's removal, after checking that it was not altered since."""
    database: Database = open_database(Flask("parley"), settings(), Login.OPERATOR)
    try:
        found = certificates_of(database, council)
    except DomainError as error:
        raise click.UsageError(error.message) from error
    finally:
        database.dispose()
    _print_certificates(found, as_json=as_json)


def _confirm(council: Authority, counted: Mapping[str, int], confirm: str | None) -> None:
    if confirm is None:
        click.echo(f"{sum(counted.values()):,} rows of {council.name} would be gone for good.", err=True)
        confirm = click.prompt(f"Type {council.slug} to remove it", err=True)
    if confirm != council.slug:
        raise click.UsageError(f"That is not {council.slug}. Nothing was removed.")


def _print_counts(counted: Mapping[str, int], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"tables": counted}, indent=2))
        return
    for table, count in counted.items():
        click.echo(f"{count:10,}  {table}")
    click.echo("Nothing was removed.")


def _print_held(error: StillHeldError, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"held": [_held_object(one) for one in error.held]}, indent=2))
    else:
        for one in error.held:
            day = f"{one.received_at:%Y-%m-%d}"
            click.echo(f"{one.reference:16}{one.case_id}  {one.holder}, since {day}: {one.because}")
    click.echo(error.message, err=True)


def _held_object(one: HeldRecord) -> dict[str, object]:
    return {
        "case": str(one.case_id),
        "reference": one.reference,
        "holder": one.holder,
        "since": one.received_at.isoformat(),
        "open": one.is_open,
        "confidential": one.confidential,
    }


def _print_certificates(found: Sequence[Certificate], *, as_json: bool) -> None:
    if as_json:
        objects = [dataclasses.asdict(one) | {"content_sha256": one.content_sha256} for one in found]
        click.echo(json.dumps(objects, indent=2))
        return
    for one in found:
        click.echo(f"CERTIFICATE OF REMOVAL\n{one.name} ({one.slug}, {one.gss_code}), {one.council_id}")
        click.echo(f"Removed at {one.removed_at} by {one.removed_by}: {one.reason}")
        click.echo("Its data key was destroyed, and with it these rows, each table with its SHA-256:")
        for table, tally in sorted(one.tables.items()):
            click.echo(f"{tally['rows']:10,}  {table:24}{tally['sha256']}")
        click.echo(f"SHA-256 of this certificate: {one.content_sha256}")
