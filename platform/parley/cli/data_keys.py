"""``parley keys renew``: another data key in the place of a council's, a provider's or the platform's own."""

import dataclasses
import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask

from parley.app import open_database
from parley.cli import settings
from parley.db.scope import PLATFORM_REALM, Login, renewal_scope
from parley.db.session import Database
from parley.kernel.clock import SystemClock
from parley.kernel.errors import DomainError
from parley.renewal.domain import Left, Owner, Renewed, Version
from parley.renewal.queries import owner_called
from parley.renewal.service import Order, Told, rehearse, renew
from parley.tenants.applying import PLATFORM_ACTOR

#: The exit code of a run that did not come to its end.
NOT_FINISHED = 3

KINDS = ("council", "provider", "platform")


@click.command("renew")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("slug", required=False)
@click.option("--reason", required=True, help="Why. It is kept; write nothing about a person.")
@click.option("--author", default=getpass.getuser, show_default="your account", help="By which account.")
@click.option("--at-once", is_flag=True, help="Do not wait for what runs out by itself.")
@click.option("--yes", is_flag=True, help="Do not ask whether every process runs this release.")
@click.option("--dry-run", is_flag=True, help="Seal everything anew, take it back, and say how much there is.")
@click.option("--json", "as_json", is_flag=True, help="Print an object; needs --yes or --dry-run.")
def renew_command(
    *,
    kind: str,
    slug: str | None,
    reason: str,
    author: str,
    at_once: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Put another data key in the place of a council's (or a provider's), and seal everything anew under it.

    Pages go on meanwhile: what is under either key is read, found and downloaded. When nothing hangs on the former key
    any more it is destroyed. A run that ended early, whyever, is run again and goes on where it was. Until it is over
    the council can neither be sealed for another deployment nor removed.

    \b
      parley keys renew council derby --reason "Found in a memory dump" --dry-run
      parley keys renew council derby --reason "Found in a memory dump"
      parley keys renew provider global-mediation --reason "The same"

    Codes that callers were told, to take their request over, are under the former key for up to fourteen days, and
    sign-ins through an issuer for some hours. Until the last has run out the run ends with exit code 3 and says when to
    run it again. With --at-once those codes are good no longer, and such sign-ins are ended by their people alone.

    Every process has to run this release or a later one: earlier ones read nothing under another key. Needs the login
    renewal. Exit code 0 when the former key is destroyed; 3 when something hangs on it still, which is named; 2 when
    nothing could be begun.
    """
    with _open() as database:
        owner = _owner(database, kind, slug)
        if not (yes or dry_run):
            _confirm(owner)
        order = Order(
            owner=owner,
            actor=PLATFORM_ACTOR,
            clock=SystemClock(),
            author=author,
            reason=reason,
            at_once=at_once,
        )
        with click.progressbar(length=1, label="Sealing anew", file=sys.stderr) as bar:
            told = Told(doing=_say, to_do=lambda count: setattr(bar, "length", max(count, 1)), done=bar.update)
            done = rehearse(database, order, told) if dry_run else renew(database, order, told)
    if as_json:
        click.echo(json.dumps(_object(owner, done, dry_run=dry_run), indent=2, default=str))
    else:
        _tell(owner, done, dry_run=dry_run)
    sys.exit(0 if done.finished or (dry_run and not done.unopened) else NOT_FINISHED)


@contextmanager
def _open() -> Iterator[Database]:
    """Give the database with the login for renewing. What a person can mend ends the command with exit code 2."""
    database = open_database(Flask("parley"), settings(), Login.RENEWAL)
    try:
        yield database
    except DomainError as error:
        raise click.UsageError(error.message) from error
    finally:
        database.dispose()


def _owner(database: Database, kind: str, slug: str | None) -> Owner:
    if kind == "platform":
        return Owner(id=PLATFORM_REALM, name="the platform")
    if slug is None:
        raise click.UsageError(f"Which {kind}? Name it as in `parley {_LISTS[kind]}`.")
    with database.begin(renewal_scope(PLATFORM_REALM)) as session:
        owner = owner_called(session, kind, slug)
    if owner is None:
        raise click.UsageError(f"No {kind} is called {slug} here.")
    return owner


#: What lists them.
_LISTS = {"council": "authority list", "provider": "plugin list"}


def said_of_renewal(owner: Owner, version: Version) -> str:
    """Return what a person is told of a key that gives its place to another now."""
    since = f"{version.created_at.astimezone():%Y-%m-%d %H:%M}"
    return f"the key of {owner.name} is being renewed since {since}, by {version.author}: {version.reason}"


def _confirm(owner: Owner) -> None:
    click.echo(f"From now on releases before this one do not read what is written of {owner.name}.", err=True)
    if not click.confirm("Does every process of this deployment run this release or a later one?", err=True):
        raise click.UsageError("Upgrade them first. Nothing was changed.")


def _say(doing: str) -> None:
    click.echo(f"  {doing}", err=True)


def _tell(owner: Owner, done: Renewed, *, dry_run: bool) -> None:
    for one in done.unopened:
        click.echo(f"{one.table} {one.row} does not open: {one.because}", err=True)
    if dry_run:
        click.echo(f"{done.resealed:,} rows and documents of {owner.name} would be sealed anew. Nothing was changed.")
        return
    click.echo(f"{done.resealed:,} rows and documents of {owner.name} were sealed anew, under version {done.version}.")
    if done.finished:
        click.echo("Nothing hangs on the former key any more, and it is destroyed here. Backups made before have it.")
    for line in _what_is_left(done.left):
        click.echo(line)


def _what_is_left(left: Left) -> Iterator[str]:
    if left.count:
        listed = ", ".join(f"{count:,} in {table}" for table, count in left.rows.items())
        yield f"Under the former key still: {listed}. Run the same again."
    if left.running_out.count and left.running_out.until:
        until = f"{left.running_out.until.astimezone():%d %B %Y %H:%M}"
        count = f"{left.running_out.count:,}"
        yield f"{count} codes and sign-ins are known by the former key alone, the last until {until}. Run the same"
        yield "again then, or with --at-once now. The former key opens nothing that is kept here."


def _object(owner: Owner, done: Renewed, *, dry_run: bool) -> dict[str, object]:
    return {
        "realm": owner.id,
        "name": owner.name,
        "dry_run": dry_run,
        "version": done.version,
        "resealed": done.resealed,
        "unopened": [dataclasses.asdict(one) for one in done.unopened],
        "left": dataclasses.asdict(done.left),
        "finished": done.finished,
    }
