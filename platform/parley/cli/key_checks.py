"""Looking at keys: their files, and which of them the database still needs."""

import pathlib
from collections.abc import Callable, Iterator

from flask import Flask

from parley.app import open_database
from parley.cli.data_keys import said_of_renewal
from parley.cli.finding import Finding
from parley.cli.key_files import key_file
from parley.cli.master_keys import said_of
from parley.db.keys import KeyFileError, Ring, Vault, key_id, read_key_file, read_master_keys
from parley.db.logins import read_logins
from parley.db.scope import Login
from parley.db.session import Database
from parley.renewal.service import under_way
from parley.settings import Settings
from parley.tenancy.rotation import Standing, standing

_NOT_NAMED = "not looked at: the {} login is not named in this environment"


def key_files(settings: Settings) -> Iterator[Finding]:
    """Look whether the key files hold keys that nobody else can read."""
    for ring in Ring:
        yield _file(f"{ring} key", key_file(settings, ring)) if _is_here(settings, ring) else _not_looked_at(ring)
    yield _file("cookie key", settings.secret_key_file, read=lambda path: (read_key_file(path),))
    if _is_here(settings, Ring.COMPARTMENT):
        yield from _shared(settings)


def keys_in_use(settings: Settings) -> Iterator[Finding]:
    """Look which master keys the database needs, and whether this machine has them."""
    if Login.KEYS not in read_logins(settings):
        yield Finding(part="keys in use", found=_NOT_NAMED.format("keys"))
        return
    for ring in Ring:
        part = f"{ring} keys in use"
        if not _is_here(settings, ring):
            continue
        try:
            vault = Vault.of_file(key_file(settings, ring))
            database = open_database(Flask("parley"), settings, Login.KEYS)
        except KeyFileError:
            # What is wrong with a file is said of the file.
            continue
        if database.answers(Login.KEYS):
            yield _in_use(part, standing(database, ring, vault), vault)
            if ring is Ring.MASTER:
                yield from _renewed_now(database)
        else:
            step = "See the database above; `parley db prepare` makes what is missing."
            yield Finding(part=part, found="cannot be asked about without the database", next_step=step)
        database.dispose()


def _renewed_now(database: Database) -> Iterator[Finding]:
    """Say whose key gives its place to another now: that is to be brought to its end."""
    for owner, version in under_way(database):
        step = "Run `parley keys renew` for it again until it says that it is over: it goes on where it was."
        yield Finding(part="data keys", found=said_of_renewal(owner, version), next_step=step)


def _in_use(part: str, now: Standing, vault: Vault) -> Finding:
    """Return what there is to say of a ring: what stands in the way of reading first, then what is left to do."""
    needed = {by: count for by, count in now.counts.items() if by} | {now.wrapping: now.counts.get(now.wrapping, 0)}
    for by, count in needed.items():
        if by not in vault.master_ids:
            found = (
                f"{by} is needed for {count} keys{' and new ones' if by == now.wrapping else ''}, and not in the file"
            )
            step = "Copy the key file from a machine that has it, or from where your keys are kept."
            return Finding(part=part, found=found, next_step=step)
    unnamed = now.counts.get(None, 0)
    again = f"Run `parley keys rotate {now.ring}`: it goes on where it was."
    if now.behind > unnamed:
        found = f"{now.behind} of {sum(now.counts.values())} keys are not under {now.wrapping} yet"
        return Finding(part=part, found=found, next_step=again)
    if unnamed and len(vault.master_ids) > 1:
        return Finding(part=part, found=f"{unnamed} keys do not say which key of the file they need", next_step=again)
    beside = [f"; {by}: {said_of(by, now, vault)}" for by in vault.master_ids if by != now.wrapping]
    return Finding(part=part, found=f"{sum(now.counts.values())} keys under {now.wrapping}{''.join(beside)}")


def _file(
    part: str, path: pathlib.Path, read: Callable[[pathlib.Path], tuple[bytes, ...]] = read_master_keys
) -> Finding:
    try:
        ids = [key_id(key) for key in read(path)]
    except KeyFileError as error:
        return Finding(part=part, found=str(error), next_step="Put the file back from your backup of keys.")
    if path.stat().st_mode & 0o077:
        return Finding(part=part, found=f"{path} can be read by others", next_step=f"Run `chmod 600 {path}`.")
    several = f"; it holds {', '.join(ids)}, the newest first" if len(ids) > 1 else ""
    return Finding(part=part, found=f"is there, readable by its owner alone{several}")


def _shared(settings: Settings) -> Iterator[Finding]:
    """Look whether a key wraps both what is open and what is said in confidence, which no key may."""
    try:
        rings = [set(read_master_keys(key_file(settings, ring))) for ring in Ring]
    except KeyFileError:
        return
    if shared := set.intersection(*rings):
        found = f"{', '.join(key_id(key) for key in shared)} is in both the master and the compartment key file"
        step = "Make the compartment a key of its own: `parley keys add compartment`, then `rotate` and `drop`."
        yield Finding(part="compartment's own key", found=found, next_step=step)


def _is_here(settings: Settings, ring: Ring) -> bool:
    """Tell whether this environment is one that should have the ring's key file."""
    return ring is Ring.MASTER or not settings.is_production or Login.COMPARTMENT in read_logins(settings)


def _not_looked_at(ring: Ring) -> Finding:
    return Finding(part=f"{ring} key", found=_NOT_NAMED.format(f"{ring}'s"))
