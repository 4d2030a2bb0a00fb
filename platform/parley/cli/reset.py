"""``parley reset``: stop what runs on this machine and delete what it stored, to begin afresh."""

import contextlib
import fcntl
import os
import pathlib
import shutil
import signal
import time
from typing import TextIO

import click

from parley.cli import settings
from parley.cli.start import claim_file
from parley.cli.supervision import end_leftovers
from parley.db import embedded

#: What Parley keeps in its data folder. Anything else there belongs to somebody and stays.
KEPT = frozenset({"cache", "inbox", "keys", "logs", "metrics", "postgres", "run"})

STOP_SECONDS = 60.0


@click.command("reset")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(*, yes: bool) -> None:
    """Stop Parley on this machine and delete its data folder: every record, message and key in it."""
    config = settings()
    if config.is_production:
        raise click.ClickException("`parley reset` deletes everything; it is for demonstrations.")
    data = config.data
    # A database of somebody's own stays, and with it the keys without which it could not be read.
    names = KEPT - {"keys"} if config.admin_url else KEPT
    found = sorted(name for name in names if (data / name).exists())
    if not found:
        click.echo(f"There is nothing to delete in {data}.")
        return
    click.echo(f"This stops Parley and deletes, in {data}: {', '.join(found)}.")
    if config.admin_url:
        click.echo("The database that DATABASE_URL names is left as it is, and the keys that open it.")
    if not yes and not click.confirm("Delete them?"):
        raise click.ClickException("Nothing was deleted.")
    stop_everything(data)
    for name in found:
        shutil.rmtree(data / name)
    with contextlib.suppress(OSError):
        data.rmdir()
    click.echo("Done. `make run` begins afresh.")


def stop_everything(data: pathlib.Path) -> None:
    """Stop a running start for ``data``, then whatever a killed one left, then the database."""
    claim = claim_file(data)
    if claim.exists():
        with claim.open() as held:
            _stop_holder(held)
    end_leftovers(data)
    embedded.stop(data / "postgres")


def _stop_holder(held: TextIO) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    asked = False
    while time.monotonic() < deadline:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not asked:
                os.kill(int(held.read()), signal.SIGTERM)
                asked = True
            time.sleep(0.1)
        else:
            return
    raise click.ClickException(f"Parley does not stop within {STOP_SECONDS:g} s. Nothing was deleted.")
