"""``parley keys``: files that hold secrets."""

import pathlib

import click

from parley.cli.data_keys import renew_command
from parley.cli.key_files import make_key_file
from parley.cli.master_keys import add, drop, rotate, status
from parley.db.keys import read_key_file
from parley.transfer.sealed_stream import public_text


@click.group("keys")
def keys() -> None:
    """Make the key files that Parley reads, and put another key in the place of one.

    \b
      parley keys add master                      another key in the file, not used yet
      parley keys rotate master --reason "..."    every key is wrapped anew by it
      parley keys drop master 1f2e3d4c            the former one goes from the file

    The keys themselves that a master key wraps stay what they are then. To replace one of those:

    \b
      parley keys renew council derby --reason "..."

    docs/operate.md walks through it. `parley keys status` says how far it is.
    """


for command in (add, drop, renew_command, rotate, status):
    keys.add_command(command)


@keys.command("new")
@click.argument("path", type=click.Path(path_type=pathlib.Path, dir_okay=False))
def new(path: pathlib.Path) -> None:
    """Make a new key file at PATH, readable by you only; never overwrites one."""
    if not make_key_file(path):
        raise click.ClickException(
            f"{path} exists. Whatever it sealed could not be read without it; choose another name."
        )
    click.echo(f"Wrote {path}. Keep a copy where the database is not: without it, sealed records cannot be read.")


@keys.command("public")
@click.argument("path", type=click.Path(path_type=pathlib.Path, dir_okay=False, exists=True))
def public(path: pathlib.Path) -> None:
    """Print the public half of the key in PATH: with it others seal files for you, and nobody opens any.

    Send it to whoever seals a council for this deployment (`parley authority export COUNCIL --for ...`), and read it to
    them on the phone, so that nobody puts another in its place.
    """
    click.echo(public_text(read_key_file(path)))
