"""``parley keys add``, ``status``, ``rotate`` and ``drop``: a master key gives its place to another."""

import dataclasses
import getpass
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask

from parley.app import open_database
from parley.cli import settings
from parley.cli.data_keys import said_of_renewal
from parley.cli.key_files import key_file, write_key_file
from parley.db.keys import KEY_BYTES, Ring, Vault, key_id, read_master_keys
from parley.db.scope import Login
from parley.db.session import Database
from parley.kernel.clock import SystemClock
from parley.kernel.errors import DomainError
from parley.renewal.domain import Owner, Version
from parley.renewal.service import under_way
from parley.tenancy import rotation
from parley.tenancy.rotation import Rotated, Standing, Step
from parley.tenants.applying import PLATFORM_ACTOR

#: The exit code of a rotation that left keys behind.
SOME_LEFT = 3

_ring = click.argument("ring", type=click.Choice([ring.value for ring in Ring]))


@click.command("add")
@_ring
def add(ring: str) -> None:
    """Put a new master key on top of RING's key file. Nothing is wrapped by it before `parley keys rotate`.

    RING is master (the keys of councils and providers) or compartment (those of cases, on the confidential side).
    Then copy the file to every machine of this deployment, and to where your keys are kept. Processes that run read it
    again when they meet the new key; `parley doctor`, on each machine, says what is in its file.

    \b
      parley keys add master
    """
    path = key_file(settings(), Ring(ring))
    known, new = read_master_keys(path), os.urandom(KEY_BYTES)
    write_key_file(path, (new, *known))
    click.echo(
        f"{key_id(new)} is in {path}, above {', '.join(key_id(key) for key in known)}. Nothing is wrapped by it."
    )
    click.echo(f"Copy the file to every machine and to where your keys are kept; then `parley keys rotate {ring}`.")


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects, one for each ring.")
def status(*, as_json: bool) -> None:
    """Say which master key wraps keys now, which did before, how many keys each wraps, and which are being renewed.

    Needs the login keys. Rings whose key file is not on this machine are left out.
    """
    with _rings() as (database, vaults):
        found = [(rotation.standing(database, ring, vault), vault) for ring, vault in vaults.items()]
        renewals = under_way(database)
    if as_json:
        click.echo(json.dumps([_standing_object(now, vault, renewals) for now, vault in found], indent=2, default=str))
        return
    for now, vault in found:
        click.echo(f"{now.ring}")
        for master_id in dict.fromkeys([*vault.master_ids, now.wrapping, *(by for by in now.counts if by)]):
            words = said_of(master_id, now, vault)
            click.echo(f"  {master_id}  {now.counts.get(master_id, 0):9,} keys  {words}")
        if unnamed := now.counts.get(None, 0):
            click.echo(
                f"  {'':8}  {unnamed:9,} keys  do not say which; `parley keys rotate {now.ring}` has them say it"
            )
        for one in now.adoptions:
            changed = f"{one.master_id} in the place of {one.former_id}"
            click.echo(f"  {one.adopted_at:%Y-%m-%d %H:%M}  {changed}, by {one.author}: {one.reason}")
    for owner, version in renewals:
        click.echo(f"{said_of_renewal(owner, version)}; run `parley keys renew` again until it says that it is over")


def said_of(master_id: str, now: Standing, vault: Vault) -> str:
    """Return what a person is told of a master key, besides how many keys it wraps."""
    wraps_any = bool(now.counts.get(master_id))
    if master_id not in vault.master_ids:
        return "NOT IN THE FILE, and needed" if wraps_any or master_id == now.wrapping else "not in the file"
    if master_id == now.wrapping:
        return "wraps new keys"
    if wraps_any:
        return f"still needed; `parley keys rotate {now.ring}` goes on"
    if master_id in now.former:
        return f"not needed any more; `parley keys drop {now.ring} {master_id}` takes it away"
    return f"not used yet; `parley keys rotate {now.ring}` puts it in the place of {now.wrapping}"


@click.command("rotate")
@_ring
@click.option("--reason", required=True, help="Why. It is kept; write nothing about a person.")
@click.option("--to", metavar="ID", help="The master key to wrap by; the one on top of the file if left out.")
@click.option("--author", default=getpass.getuser, show_default="your account", help="By which account.")
@click.option("--yes", is_flag=True, help="Do not ask whether the file was copied.")
@click.option("--dry-run", is_flag=True, help="Wrap every key anew, take it back, and say how many there are.")
@click.option("--json", "as_json", is_flag=True, help="Print an object; needs --yes or --dry-run.")
def rotate(*, ring: str, reason: str, to: str | None, author: str, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Have every process wrap new keys of RING by the newest master key, and wrap every key there is anew by it.

    Pages go on meanwhile: the keys themselves stay what they are, and so does everything they seal. It is done for good
    council by council. A run that ended early, whyever, is run again and goes on where it was.

    \b
      parley keys rotate master --reason "Yearly" --dry-run
      parley keys rotate master --reason "Yearly"

    Needs the login keys. Exit code 0 when no key is left under another master key; 3 when some are, each that does not
    open named; 2 when nothing could be begun.
    """
    which = Ring(ring)
    with _rings(which) as (database, vaults):
        vault = vaults[which]
        now, to = rotation.standing(database, which, vault), to or vault.master_ids[0]
        rotation.require_adoptable(now, vault, to)
        if not (yes or dry_run):
            _confirm(which, to)
        clock = SystemClock()
        adopted = not dry_run and rotation.adopt(
            database, which, vault, to=to, actor=PLATFORM_ACTOR, at=clock.now(), author=author, reason=reason
        )
        step = Step(actor=PLATFORM_ACTOR, clock=clock, ring=which, vault=vault, to=to, dry_run=dry_run)
        done = rotation.wrap_anew(database, step, _progress)
        left = 0 if dry_run else rotation.standing(database, which, vault).behind
    if as_json:
        told = {"ring": ring, "to": to, "former": now.wrapping, "adopted": adopted, "dry_run": dry_run, "left": left}
        click.echo(json.dumps(told | dataclasses.asdict(done), indent=2, default=str))
    else:
        _tell(which, to, done, left, dry_run=dry_run)
    sys.exit(SOME_LEFT if left or done.unopened else 0)


@click.command("drop")
@_ring
@click.argument("master_id", metavar="ID")
def drop(*, ring: str, master_id: str) -> None:
    """Take the master key ID out of RING's key file, if nothing in the database is wrapped by it.

    Then copy the file to every machine. Backups of the database made before the rotation open with the former key
    alone: keep a copy of it with them for as long as you keep them, and destroy it with the last.

    \b
      parley keys drop master 1f2e3d4c

    Needs the login keys.
    """
    which = Ring(ring)
    with _rings(which) as (database, vaults):
        now = rotation.standing(database, which, vaults[which])
    path = key_file(settings(), which)
    known = read_master_keys(path)
    kept = [key for key in known if key_id(key) != master_id]
    if len(kept) == len(known):
        raise click.UsageError(f"{master_id} is not in {path}, which holds {', '.join(map(key_id, known))}.")
    if master_id == now.wrapping:
        raise click.UsageError(f"{master_id} wraps new keys. `parley keys rotate {ring}` puts another in its place.")
    if needed := now.counts.get(master_id, 0) + now.counts.get(None, 0):
        raise click.UsageError(
            f"{needed} keys are wrapped by {master_id}, or do not say by which. `parley keys rotate {ring}` goes on."
        )
    write_key_file(path, kept)
    click.echo(f"{master_id} is out of {path}. Copy the file to every machine.")


@contextmanager
def _rings(*needed: Ring) -> Iterator[tuple[Database, dict[Ring, Vault]]]:
    """Give the database with the login for keys, and the vaults of the rings ``needed``; else of those at hand here.

    What a person can mend ends the command with exit code 2.
    """
    config = settings()
    database = open_database(Flask("parley"), config, Login.KEYS)
    rings = needed or [ring for ring in Ring if key_file(config, ring).exists()]
    try:
        yield database, {ring: Vault.of_file(key_file(config, ring)) for ring in rings}
    except DomainError as error:
        raise click.UsageError(error.message) from error
    finally:
        database.dispose()


def _confirm(ring: Ring, to: str) -> None:
    path = key_file(settings(), ring)
    click.echo(f"From now on {to} is needed to read what is sealed.", err=True)
    question = f"Is {path}, with {to} in it, on every machine and where your keys are kept?"
    if not click.confirm(question, err=True):
        raise click.UsageError("Copy it first. Nothing was changed.")


def _progress(owner: str, count: int) -> None:
    click.echo(f"  {owner}: {count}", err=True)


def _tell(ring: Ring, to: str, done: Rotated, left: int, *, dry_run: bool) -> None:
    for one in done.unopened:
        click.echo(f"The key {one.key_id} of {one.owner} does not open: {one.because}", err=True)
    if dry_run:
        click.echo(f"{done.wrapped_anew:,} keys would be wrapped anew by {to}. Nothing was changed.")
        return
    click.echo(f"{done.wrapped_anew:,} keys were wrapped anew by {to}.")
    if left:
        click.echo(f"{left:,} are not yet: some other work holds them. Run the same again.")
    else:
        click.echo(f"No key of the ring {ring} is under another master key. `parley keys status` names those to drop.")


def _standing_object(now: Standing, vault: Vault, renewals: list[tuple[Owner, Version]]) -> dict[str, object]:
    return {
        "ring": now.ring.value,
        "wrapping": now.wrapping,
        "in_file": list(vault.master_ids),
        "keys": {by or "unnamed": count for by, count in now.counts.items()},
        "behind": now.behind,
        "adoptions": [
            {"at": one.adopted_at, "to": one.master_id, "from": one.former_id, "by": one.author, "reason": one.reason}
            for one in now.adoptions
        ],
        "renewed_now": [
            {"realm": owner.id, "name": owner.name} | dataclasses.asdict(version)
            for owner, version in (renewals if now.ring is Ring.MASTER else [])
        ],
    }
