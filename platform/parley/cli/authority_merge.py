"""``parley authority merge``: one council comes in the place of others."""

import dataclasses
import json

import click

from parley.cli import settings
from parley.cli.authority_steps import step_options, stepping
from parley.db.scope import Login
from parley.identity.domain import Environment
from parley.kernel.clock import SystemClock, london_date
from parley.tenants.merging import Merger, Succession


@click.command("merge", short_help="Close councils in favour of the one that comes in their place.")
@click.argument("successor")
@click.option("--from", "predecessors", required=True, multiple=True, metavar="COUNCIL", help="May be repeated.")
@step_options
def merge(
    *, successor: str, predecessors: tuple[str, ...], reason: str, author: str, dry_run: bool, as_json: bool
) -> None:
    """Close each COUNCIL that SUCCESSOR comes in the place of, as SUCCESSOR's rules say ([[relatives]]).

    Nothing is moved and no key changes. A closed council takes no new requests: its pages lead to SUCCESSOR. Its cases
    keep their references, their rules and their provider, and are finished on its own host, by families, staff and
    provider as before; SUCCESSOR's pages lead there. Records go when the closed council's own times for them run out.
    A run that was cut short is run again.

    \b
      parley authority merge greater-exampleshire --from exampleshire --from thornmere \\
        --reason "The Exampleshire (Structural Changes) Order" --dry-run

    Exit code 2, with nothing changed, when one of them may not be closed; the reason is named.
    """
    config, now = settings(), SystemClock().now()
    environment = Environment.LIVE if config.is_production else Environment.DEMONSTRATION
    with stepping(successor, None, Login.APP) as (database, known):
        merger = Merger(database=database, successor=known, environment=environment, today=london_date(now))
        plans = [merger.plan(slug) for slug in dict.fromkeys(predecessors)]
        if not dry_run:
            for plan in plans:
                merger.close(plan, at=now, author=author, reason=reason)
    if as_json:
        listed = [_object(plan) for plan in plans]
        click.echo(json.dumps({"successor": successor, "predecessors": listed, "changed": not dry_run}, indent=2))
        return
    for plan in plans:
        _show(plan, known.name)
    click.echo("Nothing was changed." if dry_run else f"{known.name} has come in their place.")


def _object(plan: Succession) -> dict[str, object]:
    return {
        "slug": plan.council.slug,
        "hosts": list(plan.council.hosts),
        "was_closed_before": plan.is_done,
        **dataclasses.asdict(plan.holdings),
        "cautions": list(plan.cautions),
    }


def _show(plan: Succession, successor: str) -> None:
    held = plan.holdings
    click.echo(f"{plan.council.name}" + (" (was closed before)" if plan.is_done else ""))
    click.echo(f"  leads to {successor}: new requests, at {', '.join(plan.council.hosts)}")
    click.echo(f"  stays and is finished there: {held.open_cases} open cases, with references, rules and provider")
    click.echo(f"  stays readable there until its time is over: {held.closed_cases} closed cases")
    click.echo(f"  stays and cannot be sent: {held.unsent_requests} requests that families began")
    click.echo("  moves: nothing")
    for caution in plan.cautions:
        click.echo(f"  look at: {caution}")
