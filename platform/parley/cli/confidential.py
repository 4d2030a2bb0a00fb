"""``parley confidential``: what a provider keeps in confidence goes to another deployment with a council."""

import dataclasses
import getpass
import json
import pathlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask

from parley.app import open_database
from parley.cli import settings
from parley.db.keys import read_key_file
from parley.db.scope import Login, platform_scope
from parley.db.session import Database
from parley.kernel.clock import SystemClock
from parley.kernel.errors import DomainError, NotFound
from parley.tenancy import life
from parley.tenancy.domain import Authority, ProviderOrganisation
from parley.tenancy.queries import provider_by_slug
from parley.tenants.applying import PLATFORM_ACTOR, council_called
from parley.transfer.sealed_stream import public_key
from parley.transfer.service import confiding
from parley.transfer.service.carrying import Carried

_provider = click.option("--provider", required=True, metavar="SLUG", help="Whose it is, as its file is called.")
_instruction = click.option(
    "--instruction",
    required=True,
    help="Where the provider told you to: a letter and its date. It is kept in the council's history.",
)
_author = click.option("--author", default=getpass.getuser, show_default="your account", help="By which account.")
_dry_run = click.option("--dry-run", is_flag=True, help="Say what it would be, and change nothing.")
_json = click.option("--json", "as_json", is_flag=True, help="Print an object with sha256, tables, done.")


@click.group("confidential")
def confidential() -> None:
    """Carry what was said in confidence to another deployment, for the provider that answers for it.

    Messages, notes, drafts, feedback and concerns are the provider's. Nothing of them goes with a council
    (`parley authority export --for`), and nothing of them goes anywhere without the provider's instruction.
    """


@confidential.command("export")
@click.argument("council")
@_provider
@click.option("--to", "file", required=True, type=click.Path(dir_okay=False, path_type=pathlib.Path), help="The file.")
@click.option(
    "--for", "receiver", required=True, metavar="PUBLIC_KEY", help="The other deployment's, from `parley keys public`."
)
@_instruction
@_author
@_dry_run
@_json
def export_command(
    council: str,
    *,
    provider: str,
    file: pathlib.Path,
    receiver: str,
    instruction: str,
    author: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Seal what a provider keeps in confidence of COUNCIL's cases for another deployment. Changes nothing here.

    No text is opened: rows go as they are sealed, with the keys of their cases. Run it where the compartment's key is.

    \b
      parley confidential export derby --provider global-mediation --to gm.sealed --for parley-public:... \\
        --instruction "Its letter of 3 May"
    """
    key = public_key(receiver)
    with _opened(council, provider) as (database, known, whose):
        if dry_run:
            _print(confiding.count_confidential(database, whose, known), done=False, as_json=as_json)
            return
        at = SystemClock().now()
        carried = confiding.carry_confidential_out(database, whose, known, file, key, actor=PLATFORM_ACTOR, at=at)
        _note(database, known, whose, "carried out", author, instruction)
    _print(carried, done=True, as_json=as_json)


@confidential.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path))
@click.option(
    "--key",
    "key_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path),
    help="The key file whose public half the file was sealed for.",
)
@_dry_run
@_json
def import_command(file: pathlib.Path, *, key_file: pathlib.Path, dry_run: bool, as_json: bool) -> None:
    """Write what a sealed FILE holds into this deployment's compartment: all of it or nothing.

    The council comes first (`parley authority import`), and nobody may have written in confidence there meanwhile. What
    was written is read back and has to come to the counts and hashes of the file.
    """
    key = read_key_file(key_file)
    try:
        if dry_run:
            _, carried = confiding.look_at_confidential(file, key)
        else:
            database = open_database(Flask("parley"), settings(), Login.CONFIDENTIAL_MOVER)
            try:
                _, carried = confiding.bring_confidential_in(
                    database, file, key, actor=PLATFORM_ACTOR, at=SystemClock().now()
                )
            finally:
                database.dispose()
    except DomainError as error:
        raise click.UsageError(error.message) from error
    _print(carried, done=not dry_run, as_json=as_json)


@confidential.command("let-go")
@click.argument("council")
@_provider
@click.option("--moved", "sha256", required=True, metavar="HASH", help="What the import there said that it comes to.")
@_instruction
@_author
@_dry_run
@_json
def let_go_command(
    council: str, *, provider: str, sha256: str, instruction: str, author: str, dry_run: bool, as_json: bool
) -> None:
    """Delete here what a provider kept in confidence of COUNCIL, once the other deployment has it.

    Refused where what is here does not come to HASH any more, or a legal hold keeps one of the cases. The key of a case
    goes too, unless another provider had the case: then it stays until that one's records go.
    """
    with _opened(council, provider) as (database, known, whose):
        if dry_run:
            carried = confiding.count_confidential(database, whose, known)
        else:
            at = SystemClock().now()
            carried = confiding.let_go(database, whose, known, sha256, actor=PLATFORM_ACTOR, at=at)
            _note(database, known, whose, "let go here", author, instruction)
    _print(carried, done=not dry_run, as_json=as_json)


@contextmanager
def _opened(council: str, provider: str) -> Iterator[tuple[Database, Authority, ProviderOrganisation]]:
    """Give the database, the council and the provider; end with what a person can mend, and exit code 2."""
    database = open_database(Flask("parley"), settings(), Login.CONFIDENTIAL_MOVER, Login.OPERATOR)
    try:
        known = council_called(database, council)
        with database.begin(platform_scope()) as session:
            whose = provider_by_slug(session, provider)
        if whose is None:
            raise NotFound(f"There is no provider called {provider}.", code="no-provider")
        yield database, known, whose
    except DomainError as error:
        raise click.UsageError(error.message) from error
    finally:
        database.dispose()


def _note(
    database: Database, council: Authority, provider: ProviderOrganisation, what: str, author: str, instruction: str
) -> None:
    reason = f"what {provider.name} keeps in confidence was {what}: {instruction}"
    with database.begin(platform_scope()) as session:
        life.note(
            session,
            actor=PLATFORM_ACTOR,
            at=SystemClock().now(),
            authority_id=council.id,
            author=author,
            reason=reason,
        )


def _print(carried: Carried, *, done: bool, as_json: bool) -> None:
    if as_json:
        tables = {name: dataclasses.asdict(tally) for name, tally in carried.tables.items()}
        click.echo(json.dumps({"sha256": carried.sha256, "tables": tables, "done": done}, indent=2))
        return
    for table, count in carried.counts.items():
        click.echo(f"{count:10,}  {table}")
    click.echo(f"It comes to {carried.sha256}.")
    if not done:
        click.echo("Nothing was changed.", file=sys.stdout)
