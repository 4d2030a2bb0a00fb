"""``parley members``: the first people of a provider that has no sign-in of its own, and the platform's operators."""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click
from email_validator import EmailNotValidError, validate_email
from flask import Flask

from parley.access.domain import Role
from parley.app import open_database
from parley.cli import settings
from parley.db.scope import PLATFORM_REALM, Login, Scope, platform_scope
from parley.db.session import Database
from parley.identity import members as use_cases
from parley.identity import queries
from parley.identity.domain import ROLES_OF_KIND, Environment, SignInKind
from parley.kernel.clock import SystemClock
from parley.kernel.errors import DomainError
from parley.tenancy import queries as tenancy
from parley.tenants.applying import PLATFORM_ACTOR

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group("members")
def members() -> None:
    """Let people in who sign in with a passkey, and end their access.

    For providers without a sign-in of their own, and for the platform's operators, where `passkeys = true` stands in
    their file. The first administrator of a provider is invited here and invites colleagues on the page "People".

    \b
      parley members invite --provider open-door --role provider_administrator --name "..." --email ...
      parley members invite --operators --role operator --name "..." --email ...
      parley members list --operators
    """


def of_realm(command: Command) -> Command:
    """Give a command what says whose people are meant."""
    for option in (
        click.option("--operators", is_flag=True, help="The platform's own operators."),
        click.option("--provider", metavar="SLUG", help="The people of this provider."),
    ):
        command = option(command)
    return command


@members.command("invite", short_help="Mail somebody an invitation.")
@of_realm
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(sorted(role.value for role in Role)),
    help="May be repeated.",
)
@click.option("--name", required=True, help="What colleagues call them.")
@click.option("--email", required=True, help="A work address that only this person reads.")
def invite(*, provider: str | None, operators: bool, roles: tuple[str, ...], name: str, email: str) -> None:
    """Mail somebody a link that works once, for seven days, and makes the passkey they sign in with.

    The worker sends it. Exit code 2 when they could not come in that way, or are invited already.
    """
    try:
        mailbox = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise click.BadParameter(str(error), param_hint="--email") from None
    with _realm(provider, operators=operators) as (database, scope, kind), database.begin(scope) as session:
        if unknown := set(roles) - set(ROLES_OF_KIND[kind]):
            allowed = ", ".join(sorted(ROLES_OF_KIND[kind]))
            raise click.BadParameter(f"{', '.join(sorted(unknown))} is none here. Allowed: {allowed}.")
        membership_id = use_cases.invite(
            session,
            actor=PLATFORM_ACTOR,
            at=SystemClock().now(),
            realm_id=scope.realm_id,
            kind=kind,
            name=name,
            mailbox=mailbox,
            roles=frozenset(map(Role, roles)),
        )
    click.echo(f"The invitation is on its way. Their membership is {membership_id}.")


@members.command("list", short_help="List who may come in.")
@of_realm
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects: id, roles, joined.")
def list_command(*, provider: str | None, operators: bool, as_json: bool) -> None:
    """List the memberships that have not ended: ids and roles; names are on the page "People"."""
    with _realm(provider, operators=operators) as (database, scope, _kind), database.begin(scope) as session:
        found = queries.members_of(session, scope.realm_id)
    if as_json:
        listed = [
            {"id": str(one.id), "roles": [role.value for role in one.roles], "joined": one.joined_at is not None}
            for one in found
        ]
        click.echo(json.dumps(listed, indent=2))
        return
    for one in found:
        click.echo(f"{one.id}  {', '.join(one.roles)}  {'joined' if one.joined_at else 'has not joined yet'}")
    if not found:
        click.echo("Nobody is invited yet. `parley members invite --help` says how.")


@members.command("end", short_help="End somebody's access.")
@of_realm
@click.argument("membership", type=click.UUID)
def end(*, provider: str | None, operators: bool, membership: uuid.UUID) -> None:
    """End MEMBERSHIP (`parley members list`): they are signed out at once, and their passkey opens nothing more.

    Exit code 2 when there is none, or when nobody would be left who could let others in.
    """
    with _realm(provider, operators=operators) as (database, scope, _kind), database.begin(scope) as session:
        use_cases.end_membership(
            session, actor=PLATFORM_ACTOR, at=SystemClock().now(), realm_id=scope.realm_id, membership_id=membership
        )
    click.echo("Their access has ended.")


@contextmanager
def _realm(provider: str | None, *, operators: bool) -> Iterator[tuple[Database, Scope, SignInKind]]:
    """Give the database and the scope of the realm that is meant. Ends the command with what a DomainError says."""
    if bool(provider) is operators:
        raise click.UsageError("say whose people are meant: --provider SLUG, or --operators.")
    config = settings()
    kind = SignInKind.OPERATOR if operators else SignInKind.PROVIDER
    environment = Environment.LIVE if config.is_production else Environment.DEMONSTRATION
    database = open_database(Flask("parley"), config, Login.APP)
    try:
        realm_id = PLATFORM_REALM
        if provider:
            with database.begin(platform_scope(Login.APP)) as session:
                known = tenancy.provider_by_slug(session, provider)
            if known is None:
                raise click.UsageError(f"there is no provider {provider}; tenants/providers/ holds their files.")
            realm_id = known.id
        scope = Scope(login=Login.APP, realm_id=realm_id)
        with database.begin(scope) as session:
            if queries.passkey_door(session, realm_id, kind, environment) is None:
                raise click.UsageError(
                    "nobody comes in by passkey there. Write `passkeys = true` into [signin] of the file, name no "
                    f"[signin.{environment.value}], and run `parley authority load`."
                )
        yield database, scope, kind
    except DomainError as error:
        raise click.UsageError(error.message) from None
    finally:
        database.dispose()
