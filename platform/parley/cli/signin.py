"""``parley signin``: does a sign-in work, and who has to mend what where it does not."""

import dataclasses
import json
import sys
from collections.abc import Callable, Iterator

import click

from parley.app import sign_in_vantage
from parley.cli import settings
from parley.cli.demo_signin import client_environment, public_keys_file
from parley.cli.signin_keys import PLATFORM, PROVIDERS, opened, signing_keys, who_argument
from parley.db.scope import Login, Scope, platform_scope
from parley.db.session import Database
from parley.identity.domain import Environment, SignInKind
from parley.identity.inspection import Found, Side, inspect
from parley.identity.issuers import IssuerDirectory
from parley.identity.looking import SignInOf, Vantage, everybody, inspected
from parley.identity.schemas import ParsedSignIn, parse_sign_in, parse_sign_in_section
from parley.kernel.clock import SystemClock
from parley.settings import Settings

_SIDES = {Side.HERE: "here", Side.ISSUER: "at the issuer"}


@click.group("signin")
def signin() -> None:
    """See whether sign-in works, and replace the keys that Parley proves itself with.

    WHO is written as in the tenants' folder: a council as `derby`, a provider as `providers/global-mediation`,
    operators as `platform`. docs/sign-in.md walks through setting a council up.
    """


signin.add_command(signing_keys)


@signin.command("check")
@who_argument
@click.option(
    "--environment",
    type=click.Choice([environment.value for environment in Environment]),
    help="Which of the file's issuers: by default the one that signs people in on this deployment.",
)
@click.option("--json", "as_json", is_flag=True, help="Print an object: ok, doors (door, issuer, findings).")
def check(*, who: str, environment: str | None, as_json: bool) -> None:
    """Look at the sign-in of WHO as its file has it, and say what to mend, and at which side.

    \b
      parley signin check derby
      parley signin check derby --environment test     the council's rehearsal, before it is live
      parley signin check providers/global-mediation

    Nobody signs in for it, and nothing about a person is sent. The issuer's metadata are read and compared with the
    file; its keys have to be ones that can have signed; its clock is compared with ours; a code that was never given is
    sent, which an issuer refuses without refusing us if it accepts our proof; somebody is asked to be signed in without
    a page, which it answers to our redirect address if that is registered; and the address for signing out is opened.

    A job looks every night likewise, and operators see on their page what it found, 30 days before a secret ends or a
    key is a year old. Secrets are read from this shell's environment: run it where the web processes' variables are.

    Exit code 0 when there is nothing to mend, 1 when there is, 2 when it could not be looked at.
    """
    here = settings()
    around = _vantage(here)
    if environment is not None:
        around = dataclasses.replace(around, environment=Environment(environment))
    with opened(who) as (database, _):
        whose = _called(database, who, here)
        at = SystemClock().now()
        doors = [door for door in _parsed(here, who) if door.environment is around.environment and door.has_issuer]
        with database.begin(Scope(login=Login.OPERATOR, realm_id=whose.realm_id)) as session:
            ready = [(door, inspected(session, whose, door.config, around, at)) for door in doors]
    if not ready:
        raise click.UsageError(
            f"The file of {who} has no issuer for {around.environment}, so there is none to look at: docs/sign-in.md."
        )
    looked = [(door, list(inspect(one, IssuerDirectory(), SystemClock().now()))) for door, one in ready]
    well = all(not found.to_do for _, findings in looked for found in findings)
    if as_json:
        click.echo(json.dumps({"ok": well, "doors": [_as_data(door, found) for door, found in looked]}, indent=2))
    else:
        for door, findings in looked:
            _show(door, findings)
        click.echo("Nothing to mend." if well else "Mend what is marked, and look again.")
    sys.exit(0 if well else 1)


def _vantage(here: Settings) -> Vantage:
    """Return from where the command looks: in a demonstration also with the secrets that `make run` made for it."""
    around, folder = sign_in_vantage(here), here.data / "keys"
    if here.is_production or not public_keys_file(folder).exists():
        return around
    return dataclasses.replace(around, environ={**client_environment(folder), **around.environ})


def _called(database: Database, who: str, here: Settings) -> SignInOf:
    """Return whose sign-in ``who`` names, which is loaded."""
    with database.begin(platform_scope()) as session:
        known = everybody(session, here.base_domain)
    return next(one for one in known if one.who == who.removesuffix(".toml"))


def _parsed(here: Settings, who: str) -> tuple[ParsedSignIn, ...]:
    port = here.demo_signin_port
    if who == PLATFORM:
        return parse_sign_in_section(here.tenants / "platform.toml", SignInKind.OPERATOR, demo_signin_port=port)
    if who.startswith(PROVIDERS):
        path = (here.tenants / who).with_suffix(".toml")
        return parse_sign_in_section(path, SignInKind.PROVIDER, demo_signin_port=port)
    return parse_sign_in(here.tenants / who / "signin.toml", demo_signin_port=port)


def _as_data(door: ParsedSignIn, findings: list[Found]) -> dict[str, object]:
    listed = [dataclasses.asdict(found) for found in findings]
    return {"door": door.kind.value, "issuer": door.config.issuer.issuer, "findings": listed}


def _show(door: ParsedSignIn, findings: list[Found]) -> None:
    click.echo(f"{door.kind}: {door.config.issuer.issuer}")
    width = max(len(found.part) for found in findings)
    for line in _lines(findings, width):
        click.echo(line)
    click.echo()


def _lines(findings: list[Found], width: int) -> Iterator[str]:
    style: Callable[..., str] = click.style
    for found in findings:
        word = style("ok  ", fg="green") if not found.to_do else style("mend", fg="red")
        yield f"  {word}  {found.part:{width}}  {found.found}"
        if found.to_do and found.side:
            yield f"        {'':{width}}  -> {_SIDES[found.side]}: {found.to_do}"
