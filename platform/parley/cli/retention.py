"""``parley retention``: what goes when, and what is held against it."""

import dataclasses
import datetime as dt
import getpass
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask

from parley.app import open_database
from parley.cli import settings
from parley.db.scope import Login, authority_scope
from parley.db.session import Database
from parley.kernel.clock import SystemClock, london_date
from parley.kernel.errors import DomainError
from parley.retention import service
from parley.retention.preview import Going, records_of
from parley.retention.queries import holds_of
from parley.tenants.applying import PLATFORM_ACTOR, council_called

_reason = click.option("--reason", required=True, help="Why. It is sealed with the council's key.")
_author = click.option("--author", default=getpass.getuser, show_default="your account", help="By which account.")


@click.group("retention")
def retention() -> None:
    """How long records are kept, and legal holds. A nightly job disposes of what is due."""


@retention.command("preview")
@click.argument("council")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="As if it were that day; today if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print an object: council, on, closed_cases, held, parts.")
def preview(*, council: str, day: dt.datetime | None, as_json: bool) -> None:
    """Say how many of COUNCIL's closed cases lose which part of their records by a day. Changes nothing.

    The next night's disposal does what a preview of today says. Each part has its class, who answers for it, and its
    own clock: the council's from its policy (closed_case), the provider's from its file ([retention]). Beside them,
    who signed in and is in no case (sign_in): as long as what was begun and not sent (unsent_check).

    \b
      parley retention preview derby
      parley retention preview derby --on 2027-04-01 --json
    """
    today = london_date(SystemClock().now())
    on = day.date() if day else today
    with _council(council) as (database, authority_id):
        with database.begin(authority_scope(authority_id)) as session:
            records = records_of(session, authority_id, today)
    rows = [_row(going) for going in records.going(on)]
    closed, held = len(records.cases), records.held
    if as_json:
        counted = {"council": council, "on": on, "closed_cases": closed, "held": held, "parts": rows}
        click.echo(json.dumps(counted, indent=2, default=str))
        return
    click.echo(f"{council} on {on}: {closed} closed cases of which something is kept, {held} of them held")
    for row in rows:
        after = f"; the next on {row['next']}" if row["next"] else ""
        click.echo(f"  {row['part']:12}{row['class']:13}{row['holder']:11}{row['due']} due{after}")


def _row(going: Going) -> dict[str, Any]:
    return {
        "part": going.part,
        "class": going.kept.record_class.value,
        "holder": going.kept.controller.value,
        "due": going.due,
        "next": going.next,
    }


@retention.command("hold")
@click.argument("council")
@click.argument("reference")
@_reason
@_author
def hold(*, council: str, reference: str, reason: str, author: str) -> None:
    """Keep everything of COUNCIL's case REFERENCE, whoever answers for it, until the hold is lifted.

    The database itself then lets nothing of it be deleted.

    \b
      parley retention hold derby DER-2026-00042 --reason "A claim was notified on 3 March"
    """
    _change(service.place_hold, council, reference, reason, author)
    click.echo(f"{reference} is held. `parley retention lift {council} {reference}` ends it.")


@retention.command("lift")
@click.argument("council")
@click.argument("reference")
@_reason
@_author
def lift(*, council: str, reference: str, reason: str, author: str) -> None:
    """Lift the hold of COUNCIL's case REFERENCE. What is due by then goes the next night.

    \b
      parley retention lift derby DER-2026-00042 --reason "The claim was settled"
    """
    _change(service.lift_hold, council, reference, reason, author)
    click.echo(f"{reference} is not held any more. What is due goes the next night.")


@retention.command("holds")
@click.argument("council")
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects, one for each hold.")
def holds(*, council: str, as_json: bool) -> None:
    """List COUNCIL's holds, running and lifted, the newest first: since when, by whom, why."""
    with _council(council) as (database, authority_id):
        with database.begin(authority_scope(authority_id)) as session:
            found = holds_of(session, authority_id)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(one) for one in found], indent=2, default=str))
        return
    for one in found:
        click.echo(f"{one.reference:18}{one.placed_at:%Y-%m-%d}  {one.placed_by}: {one.reason}")
        if one.lifted_at:
            click.echo(f"{'':18}{one.lifted_at:%Y-%m-%d}  lifted by {one.lifted_by}: {one.lift_reason}")


def _change(use_case: Callable[..., None], council: str, reference: str, reason: str, author: str) -> None:
    if not reason.strip():
        raise click.BadParameter("say why.", param_hint="--reason")
    with _council(council) as (database, authority_id):
        with database.begin(authority_scope(authority_id)) as session:
            use_case(
                session,
                actor=PLATFORM_ACTOR,
                at=SystemClock().now(),
                authority_id=authority_id,
                reference=reference,
                by=author,
                reason=reason.strip(),
            )


@contextmanager
def _council(slug: str) -> Iterator[tuple[Database, uuid.UUID]]:
    """Give the database and the council's id; end with what a person can mend, and exit code 2."""
    database = open_database(Flask("parley"), settings(), Login.OPERATOR, Login.APP)
    try:
        yield database, council_called(database, slug).id
    except DomainError as error:
        raise click.UsageError(error.message) from error
    finally:
        database.dispose()
