"""``parley doctor``: is everything all right, and what to do where it is not."""

import dataclasses
import json
import sys

import click

from parley.cli import settings
from parley.cli.checkup import look


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print an object with ok and findings (part, found, next_step).")
def doctor(*, as_json: bool) -> None:
    """Look at each part of this deployment. Exit code 1 when one needs attention; says nothing about people."""
    findings = look(settings())
    well = all(finding.ok for finding in findings)
    if as_json:
        click.echo(json.dumps({"ok": well, "findings": [dataclasses.asdict(item) for item in findings]}, indent=2))
        sys.exit(0 if well else 1)
    width = max(len(finding.part) for finding in findings)
    for finding in findings:
        word = click.style("ok       ", fg="green") if finding.ok else click.style("attention", fg="red")
        click.echo(f"{word}  {finding.part:{width}}  {finding.found}")
        if not finding.ok:
            click.echo(f"{'':9}  {'':{width}}  -> {finding.next_step}")
    sys.exit(0 if well else 1)
