"""``parley authority go-live``, ``suspend`` and ``resume``: the steps of a council's life, and ``history``, which lists
them."""

import dataclasses
import getpass
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click
from flask import Flask

from parley.app import open_database
from parley.cli import settings
from parley.cli.authority_check import look, show
from parley.db.scope import Login, platform_scope
from parley.db.session import Database
from parley.kernel.clock import SystemClock
from parley.kernel.errors import DomainError
from parley.tenancy import life, queries
from parley.tenancy.domain import Authority, AuthorityState, Step, require_step
from parley.tenants.applying import PLATFORM_ACTOR, council_called

Command = TypeVar("Command", bound=Callable[..., Any])


def _said(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if not value.strip():
        raise click.BadParameter("say why.")
    return value.strip()


def step_options(command: Command) -> Command:
    """Give a command what every step asks for: why, by whom, and whether only to show it."""
    for option in (
        click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing."),
        click.option("--author", default=getpass.getuser, show_default="your account", help="By which account."),
        click.option(
            "--reason",
            required=True,
            callback=_said,
            help="Why. It is kept with the step; write nothing about a person.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print an object: slug, state, changed."),
    ):
        command = option(command)
    return command


@click.command("go-live", short_help="Open a council that was tried out to its families.")
@click.argument("council")
@step_options
@click.option("--override", is_flag=True, help="Go live although something is missing; what, is kept with the reason.")
def go_live(*, council: str, reason: str, author: str, dry_run: bool, as_json: bool, override: bool) -> None:
    """Open COUNCIL to its families, if `parley authority check` finds nothing missing.

    \b
      parley authority go-live derby --reason "Signed off by the council on 1 December"
      parley authority go-live derby --reason "Staff sign-in follows on Monday" --override

    What was typed while it was tried out is wiped first, with `parley authority wipe-demo`.
    Exit code 0 when it is live (or, with --dry-run, could be), 2 when something is missing or it is no council that is
    tried out.
    """
    found = look(council)
    unmet = tuple(dict.fromkeys(one.code for one in found if not one.met))
    if not as_json:
        for one in found:
            show(one)
    if unmet and not override:
        raise click.UsageError(f"{council} is not ready: {', '.join(unmet)}. See `parley authority check {council}`.")
    with stepping(council, Step.GO_LIVE) as (database, known):
        if not dry_run:
            with database.begin(platform_scope()) as session:
                life.go_live(
                    session,
                    actor=PLATFORM_ACTOR,
                    at=SystemClock().now(),
                    authority_id=known.id,
                    author=author,
                    reason=reason,
                    unmet=unmet,
                    override=override,
                )
        told(known, AuthorityState.LIVE, "Its families can use its pages.", dry_run=dry_run, as_json=as_json)


@click.command("suspend", short_help="Pause a council's pages for families; nothing is lost.")
@click.argument("council")
@step_options
def suspend(*, council: str, reason: str, author: str, dry_run: bool, as_json: bool) -> None:
    """Pause COUNCIL's pages for families within seconds. Nothing is lost.

    Families, invited contacts and the API get a page with the numbers to ring and the dates that run all the same.
    The council's staff and the provider go on with the cases that are there, and mail about them goes on. To shut the
    staff out as well, take [staff] out of the council's signin.toml and run `parley authority load`.

    \b
      parley authority suspend derby --reason "Incident 42: sign-in is being looked at"
      parley authority resume derby --reason "Incident 42 is over"
    """
    with stepping(council, Step.SUSPEND) as (database, known):
        if not dry_run:
            with database.begin(platform_scope()) as session:
                at = SystemClock().now()
                life.suspend(session, actor=PLATFORM_ACTOR, at=at, authority_id=known.id, author=author, reason=reason)
        words = "Its families see whom to ring; its staff and its provider go on."
        told(known, AuthorityState.SUSPENDED, words, dry_run=dry_run, as_json=as_json)


@click.command("resume", short_help="Let a suspended council's pages be served again.")
@click.argument("council")
@step_options
def resume(*, council: str, reason: str, author: str, dry_run: bool, as_json: bool) -> None:
    """Serve COUNCIL's pages again, as they were before it was suspended.

    What a family had begun to write stays for two weeks more, whatever its own time says.

    \b
      parley authority resume derby --reason "Incident 42 is over"
    """
    with stepping(council, Step.RESUME) as (database, known):
        back = AuthorityState.LIVE if known.went_live else AuthorityState.DEMO
        if not dry_run:
            with database.begin(platform_scope()) as session:
                at = SystemClock().now()
                back = life.resume(
                    session, actor=PLATFORM_ACTOR, at=at, authority_id=known.id, author=author, reason=reason
                )
        told(known, back, "Its families can use its pages.", dry_run=dry_run, as_json=as_json)


@click.command("history", short_help="List the steps of a council's life, the newest first.")
@click.argument("council")
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects: at, state, author, reason, unmet.")
def history(*, council: str, as_json: bool) -> None:
    """List when COUNCIL went live, was suspended, resumed or closed: by whom, why, and what was missing."""
    with stepping(council) as (database, known), database.begin(platform_scope()) as session:
        changes = queries.changes_of(session, known.id)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(one) for one in changes], indent=2, default=str))
        return
    for one in changes:
        missing = f"  [missing: {', '.join(one.unmet)}]" if one.unmet else ""
        click.echo(f"{one.at:%Y-%m-%d %H:%M}  {one.state:10}{one.author:16}{one.reason}{missing}")


@contextmanager
def stepping(council: str, step: Step | None = None, *logins: Login) -> Iterator[tuple[Database, Authority]]:
    """Give the database with the operator's login (and ``logins``) and the council, if it may take ``step`` now.

    What a person can mend ends the command with exit code 2.
    """
    database = open_database(Flask("parley"), settings(), Login.OPERATOR, *logins)
    try:
        known = council_called(database, council)
        if step is not None:
            require_step(known.name, known.state, step)
        yield database, known
    except DomainError as error:
        raise click.UsageError(error.message) from error
    finally:
        database.dispose()


def told(council: Authority, state: AuthorityState, words: str, *, dry_run: bool, as_json: bool) -> None:
    """Say into which state a council came, or would come."""
    if as_json:
        click.echo(json.dumps({"slug": council.slug, "state": state.value, "changed": not dry_run}, indent=2))
    elif dry_run:
        click.echo(f"{council.name} would be {state}. Nothing was changed.")
    else:
        click.echo(f"{council.name} is {state}. {words}")
