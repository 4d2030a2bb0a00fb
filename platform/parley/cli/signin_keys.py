"""``parley signin keys``: what Parley proves itself with at issuers."""

import dataclasses
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask

from parley.app import open_database
from parley.cli import settings
from parley.db.scope import PLATFORM_REALM, Login, Scope, platform_scope
from parley.db.session import Database
from parley.identity.signing_keys import PUBLISHED_BEFORE, KeyState, KnownKey, keys_of, replace_key
from parley.kernel.clock import SystemClock
from parley.kernel.errors import DomainError, NotFound
from parley.tenancy import queries as tenancy
from parley.tenants.applying import PLATFORM_ACTOR, council_called

PROVIDERS = "providers/"
PLATFORM = "platform"

who_argument = click.argument("who")
_json = click.option("--json", "as_json", is_flag=True, help="Print an array of objects: kid, state, used_from, ...")

_STATES = {
    KeyState.COMING: "published, and not used yet",
    KeyState.USED: "in use",
    KeyState.LEAVING: "used no more, and still published",
    KeyState.GONE: "neither used nor published",
}


@click.group("keys")
def signing_keys() -> None:
    """The keys with which Parley proves to an issuer that it is its client (private_key_jwt).

    \b
      parley signin keys list derby
      parley signin keys rotate derby             published now, used from tomorrow, the former one goes a day later
      parley signin keys rotate derby --at-once   the former one may have leaked

    Issuers read them at https://<host>/.well-known/jwks.json. A key that signin.toml takes from the environment
    (`client_key`) is published there as well, and changed where it is kept.
    """


@signing_keys.command("list")
@who_argument
@_json
def list_keys(*, who: str, as_json: bool) -> None:
    """List the keys of WHO, the newest first."""
    with opened(who) as (database, realm_id), database.begin(_scope(realm_id)) as session:
        found = keys_of(session, realm_id, SystemClock().now())
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(key) for key in found], indent=2, default=str))
        return
    for key in found:
        until = f", published until {key.published_until:%Y-%m-%d %H:%M} UTC" if key.published_until else ""
        click.echo(f"{key.kid}  {_STATES[key.state]}; used from {key.used_from:%Y-%m-%d %H:%M} UTC{until}")
    if not found:
        click.echo(f"None: no sign-in of {who} is by a key of Parley's own.")


@signing_keys.command("rotate")
@who_argument
@click.option("--at-once", is_flag=True, help="The key in use may have leaked: use the new one from now on.")
@click.option("--json", "as_json", is_flag=True, help="Print an object: kid, state, used_from, published_until.")
def rotate(*, who: str, at_once: bool, as_json: bool) -> None:
    """Put another key in the place of the one WHO has in use. Nobody needs to come back to it.

    The new key is published now and used a day later, when issuers that keep what we publish have it; the former one is
    published for another day. With --at-once the former key is neither used nor published from now on: sign-in fails at
    an issuer until it has fetched the new one, so ask its people to do so.
    """
    with opened(who) as (database, realm_id), database.begin(_scope(realm_id)) as session:
        at = SystemClock().now()
        fresh: KnownKey = replace_key(session, realm_id=realm_id, actor=PLATFORM_ACTOR, at=at, at_once=at_once)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(fresh), indent=2, default=str))
    elif at_once:
        click.echo(
            f"{fresh.kid} is in use. Ask the issuer's people to fetch the keys, then `parley signin check {who}`."
        )
    else:
        hours = int(PUBLISHED_BEFORE.total_seconds() // 3600)
        click.echo(f"{fresh.kid} is published, and used in {hours} hours. Nothing else needs to be done.")


@contextmanager
def opened(who: str) -> Iterator[tuple[Database, uuid.UUID]]:
    """Give the database with the operator's login and the realm of ``who``; what a person can mend ends the command."""
    database = open_database(Flask("parley"), settings(), Login.OPERATOR)
    try:
        yield database, realm_called(database, who)
    except DomainError as error:
        raise click.UsageError(error.message) from error
    finally:
        database.dispose()


def realm_called(database: Database, who: str) -> uuid.UUID:
    """Return the realm that ``who`` names. Raises NotFound."""
    if who == PLATFORM:
        return PLATFORM_REALM
    if not who.startswith(PROVIDERS):
        return council_called(database, who).id
    slug = who.removeprefix(PROVIDERS).removesuffix(".toml")
    with database.begin(platform_scope()) as session:
        provider = tenancy.provider_by_slug(session, slug)
    if provider is None:
        raise NotFound(f"No provider called {slug} is loaded. `parley authority load` loads its file.")
    return provider.id


def _scope(realm_id: uuid.UUID) -> Scope:
    return Scope(login=Login.OPERATOR, realm_id=realm_id)
