"""``parley keys``: files that hold secrets."""

import os
import pathlib

import click

from parley.db.keys import new_key_text, read_key_file
from parley.transfer.sealed_stream import public_text


@click.group("keys")
def keys() -> None:
    """Make the key files that Parley reads."""


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


def make_key_file(path: pathlib.Path) -> bool:
    """Write a new key to ``path`` unless there is one; tell whether it was made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(new_key_text())
    return True
